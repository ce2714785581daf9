// The sidecar is asked over HTTP: where it listens, what answers instead of it, and that its token is shown nowhere.
import { inspect } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { type AskingError, askSidecar, listenerOf } from '../../src/app/asking-http.ts'
import { Secret } from '../../src/config/secret.ts'
import type { HttpSettings } from '../../src/config/settings.ts'
import { deadPort, httpServer, tcpServer } from '../squadcast/servers.ts'

const TOKEN = 'the-token'
const at = (port: number, host = '127.0.0.1'): HttpSettings => ({
  ...{ bindAddress: { host, port }, token: new Secret(TOKEN), hosts: [] },
})

async function fails(t: ExecutionContext, port: number): Promise<string> {
  const error = await t.throwsAsync<AskingError>(askSidecar(at(port), '/status.json'))
  t.false(inspect(error).includes(TOKEN))
  return `${error.code}: ${error.message}`
}

test('a listener on all addresses is dialled on this machine', t => {
  t.is(listenerOf(at(9192)), '127.0.0.1:9192')
  t.is(listenerOf(at(9192, '0.0.0.0')), '127.0.0.1:9192')
  t.is(listenerOf(at(9192, '::')), '[::1]:9192')
  t.throws(() => listenerOf(at(0)), { message: /any free port/ })
  t.throws(() => listenerOf({ ...at(1), bindAddress: undefined }), { message: /is off/ })
})

test('it is asked with the token, and its JSON is what comes', async t => {
  const { port } = await httpServer(t, (request, response) => {
    response.end(JSON.stringify({ got: request.headers.authorization, url: request.url }))
  })
  t.deepEqual(await askSidecar(at(port), '/status.json'), { got: `Bearer ${TOKEN}`, url: '/status.json' })
})

test('nobody, another token, a refusal and another program are told apart', async t => {
  const answering = async (status: number, body: string) =>
    (await httpServer(t, (_, response) => response.writeHead(status).end(body))).port
  const nobody = await deadPort()
  t.is(await fails(t, nobody), `unanswered: nothing answers at 127.0.0.1:${nobody} (connection refused)`)
  t.regex(await fails(t, await answering(401, 'no')), /^unauthorized: /)
  t.regex(await fails(t, await answering(403, 'not this host\nmore')), /^refused: .*\(403\): not this host$/)
  t.regex(await fails(t, await answering(404, '')), /^not-a-sidecar: /)
  t.regex(await fails(t, await answering(200, '<html>')), /^not-a-sidecar: /)
  const { port } = await tcpServer(t, socket => socket.end('220 mail ready\r\n'))
  t.regex(await fails(t, port), /^not-a-sidecar: /)
})

test('who takes the connection and says nothing is given five seconds', async t => {
  const { port } = await tcpServer(t, () => {})
  const from = performance.now()
  t.regex(await fails(t, port), /^timeout: nothing answers at .* within 5 s$/)
  t.true(performance.now() - from < 10_000)
})
