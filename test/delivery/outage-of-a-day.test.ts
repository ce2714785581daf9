// A day without the receiver, under a clock that the test moves: 50,000 changes of 2,000 incidents, the true
// dispatcher, and bodies as the receiver gets them.
import test from 'ava'
import type { Answer, Destination, SendOptions } from '../../src/delivery/destination.ts'
import type { Outage, PendingEvent } from '../../src/delivery/ledger.ts'
import { byUrgency, isCritical } from '../../src/delivery/urgency.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { Level } from '../../src/incident/level.ts'
import { kapacitorPayload } from '../../src/squadcast/kapacitor-payload.ts'
import { span } from '../../src/squadcast/span.ts'
import type { FakeClock } from '../fakes/clock.ts'
import { Chance } from '../udf/fuzz/chance.ts'
import { pending } from './pending.ts'
import { accepted, broken, unreachable } from './scripted-destination.ts'
import { endpoint, type Stage, stage } from './stage.ts'
import { mostInOneMinute } from './windows.ts'

const CHANGES = 50_000
const INCIDENTS = 2_000
/** Offers of the day. */
const TURNS = 500
const OPEN_BEFORE = 200
const DAY_MS = 86_400_000
const RATE = 300
/** Where the clock of the tests begins. */
const BEGINNING = Date.UTC(2026, 0, 1)

interface Arrival {
  readonly at: number
  readonly incident: string
  readonly seq: number
  readonly kind: string
  readonly level: string
  readonly details: string
}

/** Squadcast behind a line that is cut, or that fails in a given way. */
class FarReceiver implements Destination {
  readonly arrivals: Arrival[] = []
  failure: (() => Answer) | undefined
  readonly #clock: FakeClock

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  async send(event: IncidentEvent, { lateByMs }: SendOptions): Promise<Answer> {
    if (this.failure) return this.failure()
    const { details, level } = kapacitorPayload(event, lateByMs) as { details: string; level: string }
    const { kind, incident, message } = event
    const at = this.#clock.monotonicMs()
    this.arrivals.push({ at, incident, seq: Number(message), kind, level, details })
    return accepted
  }

  async close(): Promise<void> {}

  /** Level of each incident that is open here. */
  get standing(): Map<string, string> {
    const open = new Map<string, string>()
    for (const { kind, incident, level } of this.arrivals) {
      if (kind === 'resolve') open.delete(incident)
      else open.set(incident, level)
    }
    return open
  }
}

/** What is true: every change of an incident that is news, as the incident room would tell it. */
class Truth {
  readonly events: PendingEvent[] = []
  readonly #chance: Chance
  readonly #open = new Map<string, { opening: number; level: Level }>()
  #opened = 0

  constructor(seed: number) {
    this.#chance = new Chance(seed)
  }

  get standing(): Map<string, string> {
    const names = { [Level.warning]: 'WARNING', [Level.critical]: 'CRITICAL' } as Record<Level, string>
    return new Map([...this.#open].map(([incident, { level }]) => [incident, names[level]]))
  }

  change(at: number, incident = `i${this.#chance.below(INCIDENTS)}`): PendingEvent {
    const known = this.#open.get(incident)
    const rises = known?.level === Level.warning && this.#chance.oneIn(2)
    const event =
      known && !rises ? this.#resolve(incident, known.opening) : this.#trigger(incident, known?.opening)
    const made = { ...event, seq: this.events.length + 1, createdAt: at }
    this.events.push(made)
    return made
  }

  #resolve(incident: string, opening: number): PendingEvent {
    this.#open.delete(incident)
    return pending({ seq: 0, incident, opening, kind: 'resolve' })
  }

  #trigger(incident: string, known: number | undefined): PendingEvent {
    const level = known !== undefined || this.#chance.oneIn(2) ? Level.critical : Level.warning
    const opening = known ?? ++this.#opened
    this.#open.set(incident, { opening, level })
    return pending({ seq: 0, incident, opening, level })
  }
}

interface Played {
  readonly here: Stage
  readonly receiver: FarReceiver
  readonly truth: Truth
  /** Openings that the receiver knew when it went away. */
  readonly knownBefore: Set<number>
  readonly backFrom: number
}

/** Some incidents are open; then a day of changes during which nothing gets through; then it works again. */
async function outage(coalesce: boolean, failure: () => Answer): Promise<Played> {
  const truth = new Truth(coalesce ? 1 : 2)
  let receiver!: FarReceiver
  const destination: Destination = { send: (...sent) => receiver.send(...sent), close: async () => {} }
  const here = stage([endpoint(destination, { coalesce })], { rate: RATE })
  const { clock, offer } = here
  receiver = new FarReceiver(clock)
  await offer(...Array.from({ length: OPEN_BEFORE }, (_, index) => truth.change(clock.wallMs(), `i${index}`)))
  await clock.advance(120_000)
  const knownBefore = new Set(truth.events.map(({ opening }) => opening))
  receiver.failure = failure
  for (let turn = 0; turn < TURNS; turn++) {
    await offer(...Array.from({ length: CHANGES / TURNS }, () => truth.change(clock.wallMs())))
    await clock.advance(DAY_MS / TURNS)
  }
  receiver.failure = undefined
  const backFrom = receiver.arrivals.length
  while (here.ledger.left().length > 0) await clock.advance(60_000)
  return { here, receiver, truth, knownBefore, backFrom }
}

const summaries = ({ toldOf }: Stage) => toldOf('outageOver') as unknown as Outage[]

function inOrder(arrivals: readonly Arrival[]): boolean {
  const last = new Map<string, number>()
  return arrivals.every(({ incident, seq }) => {
    const before = last.get(incident) ?? 0
    last.set(incident, seq)
    return seq > before
  })
}

function saysHowLate({ seq, at, details }: Arrival, { events }: Truth): boolean {
  const lateByMs = at - (events[seq - 1]!.createdAt - BEGINNING)
  const text = `Delivered ${span(lateByMs)} late`
  return details.includes(text) === lateByMs > 5 * 60_000
}

test('after a day without the receiver only what still matters is sent, and it ends as it truly is', async t => {
  const { here, receiver, truth, knownBefore, backFrom } = await outage(true, () => unreachable)
  const late = receiver.arrivals.slice(backFrom)
  t.deepEqual([...receiver.standing].sort(), [...truth.standing].sort())
  t.true(inOrder(receiver.arrivals))
  t.true(mostInOneMinute(receiver.arrivals.map(({ at }) => at)) <= RATE)

  const opening = new Map(truth.events.map(event => [event.seq, event.opening]))
  const stillOpen = late.filter(({ kind }) => kind === 'trigger')
  const closed = late.filter(({ kind }) => kind === 'resolve')
  t.true(stillOpen.every(({ incident, level }) => truth.standing.get(incident) === level))
  t.is(new Set(stillOpen.map(({ incident }) => incident)).size, stillOpen.length, 'one trigger for each')
  t.true(
    closed.every(({ seq }) => knownBefore.has(opening.get(seq)!)),
    'no resolve of what nobody knew',
  )
  t.true(late.length < INCIDENTS)
  t.true(late.every(arrival => saysHowLate(arrival, truth)))

  const gone = truth.events
    // What came and went at once before the first attempt was not due to the outage.
    .slice(OPEN_BEFORE + CHANGES / TURNS)
    .filter(({ kind, opening: of }) => kind === 'resolve' && !knownBefore.has(of))
  t.like(summaries(here), [{ cause: 'failing', deliveredLate: late.length, unseen: gone.length, dead: 0 }])
  t.log(`${CHANGES} changes, ${late.length} sent, ${gone.length} incidents opened and closed unseen`)
})

test('what is sent first after the outage is what is most urgent', async t => {
  const { receiver, truth, backFrom } = await outage(true, () => unreachable)
  // The first was the probe that found out.
  const first = receiver.arrivals
    .slice(backFrom + 1, backFrom + RATE)
    .map(({ seq }) => truth.events[seq - 1]!)
  t.deepEqual(
    first.map(({ seq }) => seq),
    first.toSorted(byUrgency).map(({ seq }) => seq),
  )
  t.true(first.every(isCritical))
})

test('without coalescing all of a day is sent, in order and under the rate, and it ends as it truly is', async t => {
  let tries = 0
  const { here, receiver, truth, backFrom } = await outage(false, () => (tries++ % 3 ? unreachable : broken))
  t.deepEqual([...receiver.standing].sort(), [...truth.standing].sort())
  t.is(receiver.arrivals.length, truth.events.length)
  t.is(new Set(receiver.arrivals.map(({ seq }) => seq)).size, truth.events.length)
  t.true(inOrder(receiver.arrivals))
  t.true(mostInOneMinute(receiver.arrivals.map(({ at }) => at)) <= RATE)
  t.like(summaries(here), [{ deliveredLate: CHANGES, unseen: 0, dead: 0 }])
  const minutes = (receiver.arrivals.at(-1)!.at - receiver.arrivals[backFrom]!.at) / 60_000
  t.log(`${CHANGES} events in ${minutes.toFixed(0)} minutes at ${RATE} a minute`)
  // The last tenth of the rate is kept for CRITICAL triggers.
  t.true(minutes < (1.15 * CHANGES) / RATE, 'the rate is used')
})
