// What a person is told to do about an answer: something for each, and nothing where all is well.
import test from 'ava'
import { adviceFor } from '../../src/squadcast/advice.ts'
import { answerText } from '../../src/squadcast/answer-text.ts'
import { OutOfTime } from '../../src/squadcast/post.ts'
import { ProxyRefusal } from '../../src/squadcast/verdict.ts'
import { STATUSES } from './statuses.ts'

test('every status but 2xx has advice', t => {
  for (const status of STATUSES) {
    const advice = adviceFor({ status, text: '' })
    t.is(advice === undefined, status < 300, `${status}`)
  }
})

for (const [status, words] of [
  [401, /URL is not that of an alert source/],
  [403, /URL is not that of an alert source/],
  [404, /URL is not that of an alert source/],
  [407, /the proxy wants a login/],
  [429, /over its rate/],
  [400, /does `format` of the endpoint fit/],
  [301, /leads elsewhere/],
  [503, /trouble of its own/],
] as const)
  test(`after ${status}: ${words.source}`, t => t.regex(adviceFor({ status, text: '' })!, words))

const failure = (error: unknown): string | undefined =>
  adviceFor({ text: answerText({ kind: 'failed', error, begun: false }) })
const withCode = (code: string): Error => Object.assign(new Error('no'), { code })

test('each failure on the way is told apart: DNS, connection, TLS, time, proxy', t => {
  t.regex(failure(withCode('ENOTFOUND'))!, /host name is wrong/)
  t.regex(failure(withCode('EAI_AGAIN'))!, /name server/)
  t.regex(failure(withCode('ECONNREFUSED'))!, /nothing listens/)
  for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'])
    t.regex(failure(withCode(code))!, /certificate is not trusted/)
  t.regex(failure(new OutOfTime(1000))!, /no answer in time/)
  t.regex(failure(new ProxyRefusal(502))!, /proxy refused/)
  t.regex(failure(withCode('EWHATEVER'))!, /the way to it is broken/)
})
