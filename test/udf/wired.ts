// A connection on a real socket, with a clock that only the test moves, and Kapacitor's end of it: a bare
// socket that reads only when the test lets it.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { Book } from '../../src/incident/book.ts'
import { NodeJudge } from '../../src/incident/judge.ts'
import type { Change } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import type { NodeSettings } from '../../src/incident/node-settings.ts'
import { Connection } from '../../src/udf/connection.ts'
import type { Counts, Ending, TaskLink } from '../../src/udf/task-link.ts'
import type { EdgeType } from '../../src/wire/messages.ts'
import { FakeClock } from '../fakes/clock.ts'

export interface Wired {
  readonly connection: Connection
  /** Our end. */
  readonly socket: Socket
  /** Kapacitor's end: paused, and half open until the test ends it. */
  readonly peer: Socket
  readonly clock: FakeClock
  readonly happenings: string[]
  /** Points received so far. */
  readonly points: () => number
  /** Resolves when as many points were received. */
  readonly received: (points: number) => Promise<void>
  /** Resolves when the node is no longer live. */
  readonly ended: Promise<Ending>
}

export interface WiredOptions {
  readonly commit?: (changes: readonly Change[]) => Promise<unknown>
  readonly edge?: EdgeType
  readonly maxMessageBytes?: number
}

export const never = (): Promise<void> => new Promise(() => {})

export async function wired(t: ExecutionContext, options: WiredOptions = {}): Promise<Wired> {
  const folder = await mkdtemp(join(tmpdir(), 'udf-'))
  const server = createServer({ allowHalfOpen: true })
  server.listen(join(folder, 'stream.sock'))
  await once(server, 'listening')
  const peer = connect({ path: join(folder, 'stream.sock'), allowHalfOpen: true }).pause()
  peer.on('error', () => {})
  const [accepted] = (await once(server, 'connection')) as [Socket]
  const wires = wire(accepted, options)
  const { socket } = wires.connection
  t.teardown(() => cleanUp(folder, server, [peer, socket]))
  return { ...wires, socket, peer }
}

function wire(socket: Socket, options: WiredOptions): Omit<Wired, 'socket' | 'peer'> {
  const { commit = async () => {}, edge = 'STREAM', maxMessageBytes = 1 << 24 } = options
  const clock = new FakeClock()
  const happenings: string[] = []
  const waiting = new Set<() => void>()
  let points = 0
  let end: (how: Ending) => void
  const ended = new Promise<Ending>(resolve => {
    end = resolve
  })
  const startNode = (settings: NodeSettings): TaskLink => ({
    judge: judgeFor(settings),
    commit,
    counted: (counts: Readonly<Counts>) => {
      points += counts.points
      for (const look of waiting) look()
    },
    notReturned: (bytes, reason) => happenings.push(`not returned ${bytes} ${reason}`),
    ended: how => end(how),
  })
  const connection = new Connection(socket, clock, {
    settings: { edge, maxMessageBytes, maxHeldBytes: 1 << 26 },
    startNode,
    happened: {
      initRefused: ({ reason }) => happenings.push(`refused ${reason}`),
      malformed: ({ code }) => happenings.push(`malformed ${code}`),
      sessionFailed: ({ error }) => happenings.push(`failed ${error}`),
    },
    now: () => 1n,
    monotonicMs: () => clock.monotonicMs(),
  })
  const received = (wanted: number): Promise<void> =>
    new Promise(resolve => {
      const look = (): void => {
        if (points < wanted) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { connection, clock, happenings, points: () => points, received, ended }
}

function judgeFor(settings: NodeSettings): NodeJudge {
  const policy = { endpoint: 'default', minLevel: Level.info, retriggerOnRise: true }
  return new NodeJudge(
    settings,
    new Book(),
    () => policy,
    () => 0,
  )
}

async function cleanUp(folder: string, server: Server, sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy()
  server.close()
  await rm(folder, { recursive: true })
}

/** Everything that comes until the other end closes. */
export async function readAll(peer: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  peer.on('data', chunk => chunks.push(chunk as Buffer)).resume()
  if (!peer.readableEnded) await once(peer, 'end')
  return Buffer.concat(chunks)
}
