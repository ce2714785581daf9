// One batch of 100,000 points through a real socket, as Kapacitor sends it: keepalives stand between its points.
// The sender makes it slice by slice and forgets it, so that what is held is held by the session.
import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import type { Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { encodeEvent, type IncidentEvent } from '../../src/incident/event.ts'
import { FrameReader } from '../../src/wire/frame.ts'
import { heldMemory } from '../fakes/memory.ts'
import { option } from '../fakes/peer.ts'
import { batchPoint, begin, bytesOf, end, flag, init, type Message } from '../fakes/requests.ts'
import { plainResponse } from '../fakes/udf-types.ts'
import { type Wired, type WiredOptions, wired } from './wired.ts'

const POINTS = 100_000
const SLICE = 1000
const SLICES = POINTS / SLICE
/** Slices with a keepalive in the middle. */
const ASKS_EVERY = 10
const DECIDING = 41_234
const MIB = 1024 * 1024
/** Far less than the batch has; more than the rows of an event, and noise. */
const MOST_GROWTH = 4 * MIB
const CRIT = option('crit', '"usage" > 90')

const pointAt = (index: number): Message =>
  batchPoint(
    'a',
    {
      fieldsDouble: { usage: index === DECIDING ? 95 : index % 90 },
      fieldsInt: { count: String(index) },
      fieldsString: { note: 'as long as the text of a usual field' },
    },
    index,
  )

const points = (from: number, to: number): Buffer =>
  bytesOf(...Array.from({ length: to - from }, (_, i) => pointAt(from + i)))

/** What comes back: keepalives by their time, and of data no more than its number and its hash. */
class Answers {
  readonly keepalives: string[] = []
  frames = 0
  readonly #hash = createHash('sha256')
  readonly #reader = new FrameReader(MIB)
  readonly #arrivals = new EventEmitter()

  constructor(socket: Socket) {
    socket.on('data', chunk => this.#read(chunk as Buffer)).resume()
  }

  get digest(): string {
    return this.#hash.copy().digest('hex')
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#arrivals, 'answer')
  }

  #read(chunk: Buffer): void {
    this.#reader.read(chunk, (bytes, start, to, from) => {
      const { message, keepalive } = plainResponse(bytes.subarray(start, to))
      if (message === 'keepalive') this.keepalives.push((keepalive as { time: string }).time)
      else if (message !== 'init') {
        this.frames++
        this.#hash.update(bytes.subarray(from, to))
      }
    })
    this.#arrivals.emit('answer')
  }
}

/** Kapacitor in the middle of a batch. */
class Sender {
  readonly wire: Wired
  readonly answers: Answers
  readonly events: IncidentEvent[]
  bytes = 0
  #asked = 0
  readonly #hash = createHash('sha256')

  private constructor(wire: Wired, events: IncidentEvent[]) {
    this.wire = wire
    this.events = events
    this.answers = new Answers(wire.peer)
  }

  static async open(
    t: ExecutionContext,
    options: readonly Message[],
    settings: WiredOptions = {},
  ): Promise<Sender> {
    const events: IncidentEvent[] = []
    const commit: WiredOptions['commit'] = async changes => {
      for (const { event } of changes) if (event) events.push(event)
    }
    const sender = new Sender(await wired(t, { edge: 'BATCH', commit, ...settings }), events)
    await sender.#write(bytesOf(init(...options)))
    await sender.keepalive()
    return sender
  }

  get digest(): string {
    return this.#hash.copy().digest('hex')
  }

  /** A part of the batch. */
  async data(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes)
    this.bytes += bytes.length
    await this.#write(bytes)
  }

  /** Resolves with the answer; until then nothing more is sent. */
  async keepalive(): Promise<void> {
    const time = String(++this.#asked * 1_000)
    await this.#write(bytesOf({ keepalive: { time } }))
    await this.answers.until(() => this.answers.keepalives.includes(time))
  }

  /** Signs of life that nobody asked for. */
  get unasked(): number {
    return this.answers.keepalives.filter(time => time === '1').length
  }

  async #write(bytes: Buffer): Promise<void> {
    if (!this.wire.peer.write(bytes)) await once(this.wire.peer, 'drain')
  }
}

/** All but the End. A second passes with each slice, and within it a sign of life has to come. */
async function sendPoints(sender: Sender): Promise<void> {
  await sender.data(bytesOf(begin('a')))
  for (let slice = 0; slice < SLICES; slice++) {
    const from = slice * SLICE
    await sender.wire.clock.advance(1000)
    await sender.data(points(from, from + SLICE / 2))
    await sender.answers.until(() => sender.unasked > slice)
    if (slice % ASKS_EVERY === 0) await sender.keepalive()
    await sender.data(points(from + SLICE / 2, from + SLICE))
    await sender.wire.received(from + SLICE)
  }
}

/** The last frame; and a keepalive, whose answer comes after all that is handed back at once. */
async function sendEnd(sender: Sender): Promise<void> {
  await sender.data(bytesOf(end('a')))
  await sender.keepalive()
}

function checkEvent(t: ExecutionContext, events: readonly IncidentEvent[]): void {
  const [event, ...others] = events
  t.deepEqual(others, [])
  t.like(event, { kind: 'trigger', level: 'CRITICAL', incident: 'cpu_alert:cpu:host=a' })
  t.is(event!.time, BigInt((pointAt(DECIDING).point as { time: string }).time))
  const [series] = event!.series
  const counts = series!.values.map(row => Number(row[series!.columns.indexOf('count')]))
  t.true(counts.length >= 100)
  t.deepEqual(
    counts,
    counts.map((_, i) => POINTS - counts.length + i),
  )
  t.is(event!.cut, `Left out for size: the ${POINTS - counts.length} oldest rows.`)
  t.true(Buffer.byteLength(encodeEvent(event!)) <= 64 * 1024)
}

test.serial(
  'a batch over max-message is judged in little memory, is not returned in any part, and is told',
  async t => {
    const sender = await Sender.open(t, [CRIT], { maxMessageBytes: MIB })
    const before = heldMemory()
    await sendPoints(sender)
    const grown = heldMemory() - before
    await sendEnd(sender)
    t.log({ batch: sender.bytes, grown })
    t.true(sender.bytes > 8 * MIB)
    t.true(grown < MOST_GROWTH, `grew by ${grown} bytes`)
    t.is(sender.unasked, SLICES)
    checkEvent(t, sender.events)
    t.is(sender.answers.frames, 0)
    t.deepEqual(sender.wire.happenings, [`not returned ${sender.bytes} too-long`])
  },
)

test.serial(
  'a large batch that made an event comes back whole, byte for byte, and leaves nothing behind',
  async t => {
    const sender = await Sender.open(t, [CRIT])
    const before = heldMemory()
    await sendPoints(sender)
    t.is(sender.answers.frames, 0)
    await sendEnd(sender)
    await sender.answers.until(() => sender.answers.frames === POINTS + 2)
    // Its answer is written after all of the batch, which by then no socket holds any more.
    await sender.keepalive()
    t.is(sender.answers.digest, sender.digest)
    checkEvent(t, sender.events)
    const grown = heldMemory() - before
    t.log({ batch: sender.bytes, grown })
    t.true(grown < MOST_GROWTH, `grew by ${grown} bytes`)
    t.deepEqual(sender.wire.happenings, [])
  },
)

test.serial(
  'with passThrough a large batch comes back as it goes, byte for byte, in little memory',
  async t => {
    const sender = await Sender.open(t, [CRIT, flag('passThrough')], { maxMessageBytes: MIB })
    const before = heldMemory()
    await sendPoints(sender)
    await sender.answers.until(() => sender.answers.frames === POINTS + 1)
    await sender.keepalive()
    const grown = heldMemory() - before
    await sendEnd(sender)
    await sender.answers.until(() => sender.answers.frames === POINTS + 2)
    t.log({ batch: sender.bytes, grown })
    t.true(grown < MOST_GROWTH, `grew by ${grown} bytes`)
    t.is(sender.answers.digest, sender.digest)
    t.is(sender.unasked, SLICES)
    checkEvent(t, sender.events)
    t.deepEqual(sender.wire.happenings, [])
  },
)
