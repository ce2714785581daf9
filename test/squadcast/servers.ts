// Real servers on loopback, each gone when its test ends.
import { EventEmitter, once } from 'node:events'
import { createServer as createHttp, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net'
import type { ExecutionContext } from 'ava'
import type { Certificate } from './certificate.ts'

export interface Listening {
  readonly port: number
  /** Connections accepted so far. */
  readonly sockets: Socket[]
}

export async function listening(t: ExecutionContext, server: Server | HttpServer): Promise<Listening> {
  const sockets: Socket[] = []
  server.on('connection', (socket: Socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { port: (server.address() as AddressInfo).port, sockets }
}

export const httpServer = (t: ExecutionContext, answer: RequestListener) => listening(t, createHttp(answer))

export const httpsServer = (t: ExecutionContext, certificate: Certificate, answer: RequestListener) =>
  listening(t, createHttps(certificate, answer))

export const tcpServer = (t: ExecutionContext, accept: (socket: Socket) => void) =>
  listening(t, createTcp(accept))

/** A port on which nobody listens any more. */
export async function deadPort(): Promise<number> {
  const server = createTcp().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Something that happens once, to be waited for. */
export function happening(): { readonly happened: Promise<void>; readonly happen: () => void } {
  const emitter = new EventEmitter()
  const happened = once(emitter, 'it').then(() => {})
  return { happened, happen: () => emitter.emit('it') }
}
