// The way to each receiver, by real TLS servers and a real proxy on loopback. No request ever arrives.
import test, { type ExecutionContext } from 'ava'
import { endpointsLayer } from '../../../src/app/check/endpoints.ts'
import type { Finding } from '../../../src/app/check/finding.ts'
import { settingsOf } from '../../config/machine.ts'
import { selfSigned } from '../../squadcast/certificate.ts'
import { proxy } from '../../squadcast/proxy.ts'
import { deadPort, httpServer, httpsServer, tcpServer } from '../../squadcast/servers.ts'
import { aroundOf, short } from './around.ts'

const certificate = selfSigned()
const SECRET = 't0ps3cr3t-path'

/** Fails the test on any request. */
const noRequest = (t: ExecutionContext) => () => t.fail('a request was sent')

async function look(
  t: ExecutionContext,
  url: string,
  {
    lines = '',
    files = {},
    env = {},
  }: { lines?: string; files?: Record<string, string>; env?: Record<string, string> } = {},
): Promise<Finding[]> {
  const settings = settingsOf(`[[endpoint]]\nname = "default"\nurl = "${url}/${SECRET}"\n${lines}`, { files })
  const findings = await endpointsLayer(settings, [], aroundOf({ env }))
  t.false(JSON.stringify(findings).includes(SECRET))
  return findings
}

const TRUSTED = { lines: 'ca-file = "/ca.pem"', files: { '/ca.pem': certificate.cert } }

test('a receiver whose certificate is trusted accepts, and gets no request', async t => {
  const { port, sockets } = await httpsServer(t, certificate, noRequest(t))
  const findings = await look(t, `https://localhost:${port}`, TRUSTED)
  t.deepEqual(short(findings), ['passed endpoint-name', 'passed endpoint-connection'])
  t.regex(findings[1]!.says, /^default: localhost:\d+ accepts, TLSv1\.3, certificate for \d+ days$/)
  t.is(sockets.length, 1)
})

test('a certificate that is not trusted fails, with the key that trusts it', async t => {
  const { port } = await httpsServer(t, certificate, noRequest(t))
  const [finding] = await look(t, `https://127.0.0.1:${port}`)
  t.is(finding?.outcome, 'failed')
  t.regex(finding?.fix ?? '', /ca-file/)
})

test('a certificate that ends soon is a warning', async t => {
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  const expiring = selfSigned({ until: soon })
  const { port } = await httpsServer(t, expiring, noRequest(t))
  const [finding] = await look(t, `https://127.0.0.1:${port}`, {
    lines: 'ca-file = "/ca.pem"',
    files: { '/ca.pem': expiring.cert },
  })
  t.is(finding?.outcome, 'warned')
  t.regex(finding?.says ?? '', /certificate for [23] days/)
})

test('a host without an address is told, and nothing is tried', async t => {
  const findings = await look(t, 'https://no-such-host.invalid')
  t.deepEqual(short(findings), ['failed endpoint-name', 'skipped endpoint-connection'])
})

test('a port where nobody listens, and a server that hangs up in the handshake, fail', async t => {
  const [refused] = await look(t, `https://127.0.0.1:${await deadPort()}`)
  t.regex(refused?.says ?? '', /^default: connection refused/)
  const { port } = await tcpServer(t, socket => socket.once('data', () => socket.resetAndDestroy()))
  const [reset] = await look(t, `https://127.0.0.1:${port}`)
  t.is(reset?.outcome, 'failed')
})

test('a receiver without TLS is only connected to', async t => {
  const { port, sockets } = await httpServer(t, noRequest(t))
  const [finding] = await look(t, `http://127.0.0.1:${port}`)
  t.is(finding?.outcome, 'passed')
  t.regex(finding?.says ?? '', /without TLS/)
  t.is(sockets.length, 1)
})

for (const from of ['endpoint', 'environment'] as const)
  test(`the proxy of the ${from} is gone through, and its login is told to nobody but the proxy`, async t => {
    const { port } = await httpsServer(t, certificate, noRequest(t))
    const way = await proxy(t)
    const url = `http://me:pr0xypass@127.0.0.1:${way.port}`
    const own = from === 'endpoint' ? `\nproxy = "${url}"` : ''
    const findings = await look(t, `https://127.0.0.1:${port}`, {
      ...TRUSTED,
      lines: TRUSTED.lines + own,
      env: from === 'environment' ? { HTTPS_PROXY: url } : {},
    })
    t.deepEqual(short(findings), ['passed endpoint-connection'])
    t.regex(findings[0]!.says, /through the proxy 127\.0\.0\.1:\d+/)
    t.false(JSON.stringify(findings).includes('pr0xypass'))
    t.deepEqual(way.asked, [{ target: `127.0.0.1:${port}`, login: `Basic ${btoa('me:pr0xypass')}` }])
  })

test('a proxy that refuses is told as the proxy’s refusal', async t => {
  const way = await proxy(t, (_, socket) => socket.end('HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n'))
  const [finding] = await look(t, 'https://127.0.0.1:1', { lines: `proxy = "http://127.0.0.1:${way.port}"` })
  t.is(finding?.outcome, 'failed')
  t.regex(finding?.says ?? '', /the proxy answered 403/)
  t.regex(finding?.fix ?? '', /may it reach that host/)
})

test('a proxy of the environment that makes no sense fails without being quoted', async t => {
  const [finding] = await look(t, 'https://127.0.0.1:1', { env: { HTTPS_PROXY: 'socks5://me:pr0xypass@x' } })
  t.is(finding?.check, 'endpoint-proxy')
  t.false(JSON.stringify(finding).includes('pr0xypass'))
})

test('the heartbeat’s way is looked at too, and it is not called', async t => {
  const { port } = await httpServer(t, noRequest(t))
  const findings = await look(t, `http://127.0.0.1:${port}`, {
    lines: `[heartbeat]\nurl = "http://127.0.0.1:${port}/${SECRET}"`,
  })
  t.deepEqual(
    findings.map(({ says }) => says.split(':')[0]),
    ['default', '[heartbeat]'],
  )
})

test('endpoints that the configuration has wrong are skipped, one by one', async t => {
  const { port } = await httpServer(t, noRequest(t))
  const settings = settingsOf(`[[endpoint]]\nname = "default"\nurl = "http://127.0.0.1:${port}/x"`)
  const broken = ['endpoint[1].url', 'endpoint[1].timeout', 'store.path']
  t.deepEqual(short(await endpointsLayer(settings, broken, aroundOf())), [
    'passed endpoint-connection',
    'skipped endpoint',
  ])
})
