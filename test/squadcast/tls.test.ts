import test from 'ava'
import { selfSigned } from './certificate.ts'
import { realClock } from './clocks.ts'
import { codeOf, postTo, quiet } from './posting.ts'
import { httpsServer, tcpServer } from './servers.ts'

const certificate = selfSigned()

test('a certificate that signs itself is refused before anything is sent', async t => {
  const { port } = await httpsServer(t, certificate, (_, response) => response.end())
  const outcome = await postTo(t, `https://127.0.0.1:${port}/`).send('{}', quiet)
  t.like(outcome, { kind: 'failed', begun: false })
  t.is(outcome.kind === 'failed' && codeOf(outcome.error), 'DEPTH_ZERO_SELF_SIGNED_CERT')
})

test('a certificate that the endpoint trusts is accepted', async t => {
  const { port } = await httpsServer(t, certificate, (_, response) => response.end('safe'))
  const post = postTo(t, `https://127.0.0.1:${port}/`, { ca: certificate.cert })
  t.like(await post.send('{}', quiet), { kind: 'answered', status: 200, body: 'safe' })
})

for (const [what, options, code] of [
  ['for another host', { name: 'elsewhere.example' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['that has expired', { until: '20210101000000Z' }, 'CERT_HAS_EXPIRED'],
] as const) {
  test(`a certificate ${what} is refused before anything is sent`, async t => {
    const wrong = selfSigned(options)
    const { port } = await httpsServer(t, wrong, (_, response) => response.end())
    const outcome = await postTo(t, `https://127.0.0.1:${port}/`, { ca: wrong.cert }).send('{}', quiet)
    t.like(outcome, { kind: 'failed', begun: false })
    t.is(outcome.kind === 'failed' && codeOf(outcome.error), code)
  })
}

test('certificates that cannot be read are refused when the endpoint is made', t => {
  const broken = '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n'
  for (const ca of ['', 'no certificate', broken]) {
    t.throws(() => postTo(t, 'https://127.0.0.1:1/', { ca }), { code: 'CA_INVALID' })
  }
})

test('a connection that is reset in the TLS handshake has carried nothing', async t => {
  const { port } = await tcpServer(t, socket => socket.once('data', () => socket.resetAndDestroy()))
  t.like(await postTo(t, `https://127.0.0.1:${port}/`).send('{}', quiet), { kind: 'failed', begun: false })
})

test('a server that never finishes the TLS handshake runs into the limit in time, with nothing sent', async t => {
  const { port } = await tcpServer(t, socket => socket.resume())
  const post = postTo(t, `https://127.0.0.1:${port}/`, { timeoutMs: 50 }, realClock)
  t.like(await post.send('{}', quiet), { kind: 'failed', begun: false })
})
