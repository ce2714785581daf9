// How long posts and keepalives wait while Kapacitor posts 1,000 alerts a second: a real daemon with its store on this
// disk, a new connection for each post, and a UDF connection beside it. Loopback only.
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Daemon } from '../test/fakes/daemon.ts'
import { Receiver } from '../test/fakes/receiver.ts'
import { bytesOf, init } from '../test/fakes/requests.ts'
import { type Room, room } from '../test/fakes/room.ts'
import { ask } from '../test/http/listening.ts'
import { type Figure, figuresOf, quantile, type Scenario } from './figures.ts'

const RATE = 1000
const SECONDS = 10
const TICK_MS = 10
const KEEPALIVE_EVERY_MS = 10
/** As many incidents as a large site has hosts; each post is news. */
const INCIDENTS = 500

/** Trigger and resolve by turns, of one incident after the other. */
function alert(n: number): string {
  const host = `host${n % INCIDENTS}`
  const level = Math.floor(n / INCIDENTS) % 2 === 0 ? 'CRITICAL' : 'OK'
  const time = new Date(1_780_000_000_000 + n).toISOString()
  const row = [time, 5, n, 95.5]
  return JSON.stringify({
    ...{ id: `cpu/${host}`, message: `cpu/${host} is ${level}`, details: '', time, duration: 0, level },
    data: {
      series: [{ name: 'cpu', tags: { host }, columns: ['time', 'idle', 'n', 'usage'], values: [row] }],
    },
    ...{ previousLevel: 'OK', recoverable: true },
  })
}

/** In even steps; a step that comes late is made up for. */
async function postAll(port: number) {
  const times: number[] = []
  let accepted = 0
  const post = async (n: number): Promise<void> => {
    const body = alert(n)
    const start = performance.now()
    const { status } = await ask(port, { body })
    times.push(performance.now() - start)
    if (status === 202) accepted++
  }
  const start = performance.now()
  const posts: Promise<void>[] = []
  while (posts.length < RATE * SECONDS) {
    const due = Math.min(RATE * SECONDS, Math.floor(((performance.now() - start) / 1000) * RATE))
    while (posts.length < due) posts.push(post(posts.length))
    await pause(TICK_MS)
  }
  await Promise.all(posts)
  return { times, accepted, tookMs: performance.now() - start }
}

/** One keepalive after the other on a UDF connection, until it is told to stop. */
async function keepalives({ stream }: Room, stop: AbortSignal): Promise<number[]> {
  const socket = connect({ path: stream })
  socket.write(bytesOf(init()))
  await once(socket, 'data')
  const times: number[] = []
  while (!stop.aborted) {
    const start = performance.now()
    socket.write(bytesOf({ keepalive: { time: '1' } }))
    await once(socket, 'data')
    times.push(performance.now() - start)
    await pause(KEEPALIVE_EVERY_MS)
  }
  socket.end()
  await once(socket, 'close')
  return times
}

async function measured(made: Room, daemon: Daemon): Promise<Figure[]> {
  const over = new AbortController()
  const alive = keepalives(made, over.signal)
  const { times, accepted, tookMs } = await postAll(daemon.lines('http-listening')[0]!.port as number)
  over.abort()
  const waits = await alive
  const of = figuresOf('intake')
  return [
    of('posts answered 202', accepted / (tookMs / 1000), 'a second', { atLeast: RATE * 0.99 }),
    of('answer, p50', quantile(times, 0.5), 'ms'),
    of('answer, p99', quantile(times, 0.99), 'ms', { atMost: 1000 }),
    of('keepalive beside it, p50', quantile(waits, 0.5), 'ms'),
    of('keepalive beside it, p99', quantile(waits, 0.99), 'ms', { atMost: 100 }),
  ]
}

async function run(): Promise<Figure[]> {
  const leaving: (() => unknown)[] = []
  try {
    const receiver = await Receiver.listen()
    leaving.push(() => receiver.close())
    const made = room({ teardown: last => void leaving.push(last) }, receiver.url, {
      http: 'bind-address = "127.0.0.1:0"',
    })
    const daemon = await Daemon.ready(made.config)
    leaving.push(() => daemon.kill())
    return await measured(made, daemon)
  } finally {
    for (const leave of leaving.reverse()) await leave()
  }
}

export const intake: Scenario = {
  name: 'intake',
  about: `${RATE.toLocaleString('en')} posts a second for ${SECONDS} s, with a UDF connection beside them`,
  run,
}
