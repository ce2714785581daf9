// What a receiver, or the way to it, can do to one attempt, over real connections, from the fault to the verdict.
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { ANSWER_BYTES } from '../../src/squadcast/post.ts'
import { selfSigned } from './certificate.ts'
import { heldClock } from './clocks.ts'
import { full, PATH, squadcast } from './destination.ts'
import { cpuEvent } from './events.ts'
import { deadPort, httpServer, httpsServer, tcpServer } from './servers.ts'
import { meaningOf, STATUSES } from './statuses.ts'

const at = (port: number, scheme = 'http'): string => `${scheme}://127.0.0.1:${port}${PATH}`

test('every status from 200 to 599 that a receiver answers has its verdict', async t => {
  let status = 0
  const { port } = await httpServer(t, (request, response) => {
    request.resume()
    response.writeHead(status).end()
  })
  const destination = squadcast(t, at(port))
  for (status of STATUSES) {
    const answer = await destination.send(cpuEvent(), full)
    t.deepEqual([answer.verdict.kind, answer.received], meaningOf(status), `${status}`)
    t.is(answer.status, status)
  }
})

/** The URL of a receiver with a fault, and what it lets happen once time has run out. */
type Fault = (t: ExecutionContext, expire: () => void) => Promise<string>

const tcp =
  (accept: (socket: Socket, expire: () => void) => void): Fault =>
  async (t, expire) =>
    at((await tcpServer(t, socket => accept(socket, expire))).port)

const http =
  (answer: (response: ServerResponse, expire: () => void) => void): Fault =>
  async (t, expire) => {
    const { port } = await httpServer(t, (request, response) => {
      request.resume()
      request.on('end', () => answer(response, expire))
    })
    return at(port)
  }

/** A label of more than 63 characters is in no DNS, so that nobody needs to be asked. */
const NO_SUCH_HOST = 'x'.repeat(64)

const FAULTS: Record<string, [fault: Fault, verdict: string, received: string, text: RegExp]> = {
  'a connection that is refused': [async () => at(await deadPort()), 'retry', 'no', /ECONNREFUSED/],
  'a name that no DNS knows': [async () => `http://${NO_SUCH_HOST}${PATH}`, 'retry', 'no', /ENOTFOUND/],
  'a certificate that nobody trusts': [
    async t => at((await httpsServer(t, selfSigned(), (_, response) => response.end())).port, 'https'),
    'retry',
    'no',
    /SELF_SIGNED/,
  ],
  'a reset while the request is read': [
    tcp(socket => socket.once('data', () => socket.resetAndDestroy())),
    'retry',
    'maybe',
    /ECONNRESET|UND_ERR_SOCKET/,
  ],
  'an end instead of an answer': [
    tcp(socket => socket.once('data', () => socket.end())),
    'retry',
    'maybe',
    /UND_ERR_SOCKET/,
  ],
  'silence after the request was read': [
    tcp((socket, expire) => socket.once('data', expire)),
    'retry',
    'maybe',
    /no answer within 5 s/,
  ],
  'a head of an answer that never ends': [
    tcp((socket, expire) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nX-Drip: ', () => expire())),
    ),
    'retry',
    'maybe',
    /no answer within 5 s/,
  ],
  'a redirect': [
    http(response => response.writeHead(308, { location: 'http://127.0.0.1:1/' }).end()),
    'blocked',
    'no',
    /308/,
  ],
  'a 200 with half of its body': [
    http(response => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('half', () => response.destroy())
    }),
    'delivered',
    'yes',
    /half/,
  ],
  'a 200 whose chunks are none': [
    tcp(socket =>
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n'),
      ),
    ),
    'delivered',
    'yes',
    /200/,
  ],
  'an answer that is no HTTP': [
    tcp(socket => socket.once('data', () => socket.end('220 mail ready\r\n'))),
    'retry',
    'maybe',
    /./,
  ],
}

for (const [what, [fault, verdict, received, text]] of Object.entries(FAULTS)) {
  test(`${what}: ${verdict}, received: ${received}`, async t => {
    const clock = heldClock()
    const url = await fault(t, clock.expire)
    const answer = await squadcast(t, url, {}, clock).send(cpuEvent(), full)
    t.deepEqual([answer.verdict.kind, answer.received], [verdict, received])
    t.regex(answer.text, text)
  })
}

test('an answer of 100 MB is the answer it began with, and its connection is given up', async t => {
  const { port, sockets } = await httpServer(t, (request, response) => {
    request.resume()
    response.writeHead(503, { 'content-length': 100 * 1024 * 1024 })
    response.write(Buffer.alloc(2 * ANSWER_BYTES, 'x'))
  })
  const answer = await squadcast(t, at(port)).send(cpuEvent(), full)
  const [socket] = sockets
  if (!socket!.closed) await new Promise(resolve => socket!.once('close', resolve))
  t.like(answer, { verdict: { kind: 'retry' }, received: 'maybe', status: 503 })
  t.true(answer.text.length <= 500)
})
