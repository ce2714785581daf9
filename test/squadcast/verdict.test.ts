import test from 'ava'
import { CutShort, OutOfTime } from '../../src/squadcast/post.ts'
import { type Outcome, ProxyRefusal, verdictOf } from '../../src/squadcast/verdict.ts'
import { meaningOf, STATUSES } from './statuses.ts'

const NOW = Date.UTC(2026, 4, 28, 20, 0, 0)
const answered = (status: number, retryAfter?: string): Outcome => ({
  kind: 'answered',
  status,
  body: '',
  ...(retryAfter !== undefined && { retryAfter }),
})

test('every status from 200 to 599 has its verdict', t => {
  for (const status of STATUSES) {
    const { verdict, received } = verdictOf(answered(status), NOW)
    t.deepEqual([verdict.kind, received], meaningOf(status), `${status}`)
  }
})

test('a status that HTTP does not know is tried again', t => {
  for (const status of [600, 999]) t.is(verdictOf(answered(status), NOW).verdict.kind, 'retry')
})

const failure = (code: string, message = ''): Error => Object.assign(new Error(message), { code })

const BEFORE_SENDING: Record<string, Error> = {
  'connection refused': failure('ECONNREFUSED'),
  'refused at every address': Object.assign(new AggregateError([failure('ECONNREFUSED')]), {
    code: 'ECONNREFUSED',
  }),
  'unknown host': failure('ENOTFOUND'),
  'name server away': failure('EAI_AGAIN'),
  'host unreachable': failure('EHOSTUNREACH'),
  'network unreachable': failure('ENETUNREACH'),
  'connecting timed out in the kernel': failure('ETIMEDOUT'),
  'connecting timed out': failure('UND_ERR_CONNECT_TIMEOUT'),
  'reset in the handshake': failure('ECONNRESET'),
  'certificate expired': failure('CERT_HAS_EXPIRED'),
  'certificate signs itself': failure('DEPTH_ZERO_SELF_SIGNED_CERT'),
  'certificate of another host': failure('ERR_TLS_CERT_ALTNAME_INVALID'),
  'certificate of an unknown authority': failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
  'no TLS at the other end': failure('EPROTO'),
  'wrong version of TLS': failure('ERR_SSL_WRONG_VERSION_NUMBER'),
  'proxy away': failure('PROXY_ECONNREFUSED'),
  'proxy silent': failure('PROXY_TIMEOUT'),
  'proxy answers 502': new ProxyRefusal(502),
  'proxy answers 429': new ProxyRefusal(429),
  'proxy answers 408': new ProxyRefusal(408),
  'out of time while connecting': new OutOfTime(50),
  'leaving before sending': new CutShort(),
  'header that cannot be sent': failure('UND_ERR_INVALID_ARG'),
  'pool closed': failure('UND_ERR_DESTROYED'),
}

for (const [what, error] of Object.entries(BEFORE_SENDING)) {
  test(`${what}: tried again, certainly not received`, t => {
    const judgement = verdictOf({ kind: 'failed', error, begun: false }, NOW)
    t.deepEqual(judgement, { verdict: { kind: 'retry' }, received: 'no' })
  })
}

const WHILE_SENDING: Record<string, unknown> = {
  'connection reset': failure('ECONNRESET'),
  'broken pipe': failure('EPIPE'),
  'connection closed': failure('UND_ERR_SOCKET'),
  'no headers in time': failure('UND_ERR_HEADERS_TIMEOUT'),
  'no body in time': failure('UND_ERR_BODY_TIMEOUT'),
  'connection timed out': failure('ETIMEDOUT'),
  'host lost': failure('EHOSTUNREACH'),
  'headers too long': failure('UND_ERR_HEADERS_OVERFLOW'),
  'no HTTP': failure('HPE_INVALID_CONSTANT'),
  'out of time': new OutOfTime(50),
  'leaving in the middle': new CutShort(),
  'something that is no error': 'surprise',
}

for (const [what, error] of Object.entries(WHILE_SENDING)) {
  test(`${what} once the request had begun: tried again, maybe received`, t => {
    const judgement = verdictOf({ kind: 'failed', error, begun: true }, NOW)
    t.deepEqual(judgement, { verdict: { kind: 'retry' }, received: 'maybe' })
  })
}

test('a proxy that does not want us blocks the endpoint, and never makes a dead letter', t => {
  for (const status of [301, 400, 401, 403, 404, 405, 407]) {
    const judgement = verdictOf({ kind: 'failed', error: new ProxyRefusal(status), begun: false }, NOW)
    t.deepEqual(judgement, { verdict: { kind: 'blocked' }, received: 'no' }, `${status}`)
  }
})

for (const [retryAfter, waitMs] of [
  [undefined, 60_000],
  ['', 60_000],
  ['soon', 60_000],
  ['-5', 60_000],
  ['0', 1_000],
  ['7', 7_000],
  [' 30 ', 30_000],
  ['1.5', 1_500],
  ['301', 300_000],
  ['99999999999999999999', 300_000],
  ['Thu, 28 May 2026 20:00:42 GMT', 42_000],
  ['Thu, 28 May 2026 19:00:00 GMT', 1_000],
  ['Fri, 29 May 2026 20:00:00 GMT', 300_000],
] as const) {
  test(`429 with Retry-After ${JSON.stringify(retryAfter)} waits ${waitMs} ms`, t => {
    t.deepEqual(verdictOf(answered(429, retryAfter), NOW).verdict, { kind: 'limited', waitMs })
  })
}
