// A proxy on loopback that is asked by CONNECT, and notes what it was asked for.
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ExecutionContext } from 'ava'
import type { Certificate } from './certificate.ts'
import { listening } from './servers.ts'

type Connect = (request: IncomingMessage, socket: Duplex) => void

export const pipeThrough: Connect = (request, socket) => {
  const [host, port] = (request.url ?? '').split(':')
  const far = connect(Number(port), host, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    far.pipe(socket).pipe(far)
  })
  far.on('error', () => socket.destroy())
  socket.on('error', () => far.destroy())
}

/** With a certificate it speaks TLS itself. */
export async function proxy(t: ExecutionContext, answer: Connect = pipeThrough, certificate?: Certificate) {
  const asked: { target: string | undefined; login: string | undefined }[] = []
  const server = certificate ? createHttps(certificate) : createServer()
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push({ target: request.url, login: request.headers['proxy-authorization'] })
    answer(request, socket)
  })
  return { ...(await listening(t, server)), asked }
}
