// Kapacitor's end of one hostile conversation: writes the bytes of a plan in its cuts, ends in its way, and gives
// back every byte that came until the other end closed.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Chance } from './chance.ts'
import type { Plan } from './conversations.ts'

/** Bytes that are sent one by one; more would only take time. */
const SINGLE_BYTES = 40
const MOST_PIECES = 6

export async function play(path: string, plan: Plan, chance: Chance): Promise<Buffer> {
  const socket = connect({ path, allowHalfOpen: true })
  await once(socket, 'connect')
  survive(socket)
  const chunks: Buffer[] = []
  // Not by `once`, which rejects at an error: a reset is one way to be closed, and what came before it was read.
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  if (plan.ending !== 'deaf') socket.on('data', chunk => chunks.push(chunk as Buffer))
  socket.once('end', () => socket.end())
  const bytes = Buffer.concat(plan.sent.map(({ frame }) => frame))
  for (const piece of pieces(bytes, plan, chance)) await written(socket, piece)
  if (plan.ending === 'end') socket.end()
  else if (plan.ending === 'vanish' || !plan.breaks) socket.destroy()
  else socket.resume()
  await closed
  return Buffer.concat(chunks)
}

/** A broken pipe is expected, and what was answered before it must still be read. */
function survive(socket: Socket): void {
  const { _write: write } = socket
  socket.on('error', () => {})
  socket._write = (chunk, encoding, done) => write.call(socket, chunk, encoding, () => done())
  ;(socket as { _writev?: unknown })._writev = undefined
}

const written = (socket: Socket, piece: Buffer): Promise<void> =>
  new Promise(resolve => {
    if (socket.writable) socket.write(piece, () => setImmediate(resolve))
    else resolve()
  })

function pieces(bytes: Buffer, { cuts }: Plan, chance: Chance): Buffer[] {
  if (cuts === 'whole') return [bytes]
  const places =
    cuts === 'pieces'
      ? chance.some(MOST_PIECES, () => chance.below(bytes.length))
      : Array.from({ length: SINGLE_BYTES }, (_, place) => place)
  const sorted = [0, ...places.sort((a, b) => a - b), bytes.length]
  return sorted.slice(1).map((to, i) => bytes.subarray(sorted[i]!, to))
}
