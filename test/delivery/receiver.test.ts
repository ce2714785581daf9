import test from 'ava'
import fc from 'fast-check'
import type { Answer, Destination } from '../../src/delivery/destination.ts'
import type { PendingEvent } from '../../src/delivery/ledger.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { Level } from '../../src/incident/level.ts'
import { FakeClock, settled } from '../fakes/clock.ts'
import { MemoryLedger } from './memory-ledger.ts'
import { pending } from './pending.ts'
import { accepted, broken, forbidden, limited, refused, unreachable } from './scripted-destination.ts'
import { endpoint, type Stage, stage } from './stage.ts'

/** How the world treats one attempt: whether the request arrived, and what was answered. */
interface Fate {
  readonly arrives: boolean
  readonly answer: Answer | 'never'
}

const fates: readonly Fate[] = [
  { arrives: true, answer: accepted },
  { arrives: true, answer: broken },
  { arrives: false, answer: broken },
  { arrives: false, answer: unreachable },
  { arrives: false, answer: forbidden },
  { arrives: false, answer: limited(5_000) },
  { arrives: false, answer: { ...refused, received: 'no' } },
  { arrives: true, answer: 'never' },
  { arrives: false, answer: 'never' },
]

/** Squadcast in small: a trigger opens an incident, a resolve closes all with its id. */
class Receiver implements Destination {
  readonly open = new Set<string>()
  readonly seen = new Set<number>()
  readonly #fates: Fate[]

  constructor(fatesToCome: readonly Fate[]) {
    this.#fates = [...fatesToCome]
  }

  async send({ kind, incident, message }: IncidentEvent, { bare }: { bare: boolean }): Promise<Answer> {
    const { arrives, answer } = this.#nextFate(bare)
    if (arrives && kind === 'trigger') this.open.add(incident)
    if (arrives && kind === 'resolve') this.open.delete(incident)
    if (arrives) this.seen.add(Number(message))
    return answer === 'never' ? new Promise(() => {}) : answer
  }

  #nextFate(bare: boolean): Fate {
    const fate = this.#fates.shift() ?? fates[0]!
    const wouldDie = bare && fate.answer !== 'never' && fate.answer.verdict.kind === 'refused'
    // The loss of a dead letter is not coalescing's.
    return wouldDie ? fates[0]! : fate
  }

  async close(): Promise<void> {}
}

interface Change {
  readonly incident: string
  readonly does: 'rise' | 'fall' | 'recover' | 'close silently'
}

/** Something happens to an incident, or time passes (ms), or the process leaves and a new one starts. */
type Step = Change | number | 'stop' | 'crash'

const incident = fc.constantFrom('a', 'a', 'a', 'b')
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ incident, does: fc.constantFrom('rise' as const, 'recover' as const) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ incident, does: fc.constantFrom('fall' as const, 'close silently' as const) }),
    },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 70_000 }) },
    { weight: 1, arbitrary: fc.constantFrom('stop' as const, 'crash' as const) },
  ),
  { minLength: 3, maxLength: 12, size: 'max' },
)

/** Turns steps into events as the incident room would: a resolve only where an opening was told. */
class History {
  readonly last = new Map<string, PendingEvent>()
  readonly closedSilently = new Set<string>()
  readonly #openings = new Map<string, number>()
  #seq = 0
  #opened = 0

  event(step: Change): PendingEvent | undefined {
    const open = this.#openings.get(step.incident)
    if (step.does === 'close silently' || step.does === 'recover') this.#openings.delete(step.incident)
    if (step.does === 'close silently') this.closedSilently.add(step.incident)
    if (step.does === 'close silently' || (step.does === 'recover' && open === undefined)) return undefined
    const opening = open ?? ++this.#opened
    if (step.does !== 'recover') this.#openings.set(step.incident, opening)
    const event = pending({
      seq: ++this.#seq,
      incident: step.incident,
      opening,
      kind: step.does === 'recover' ? 'resolve' : 'trigger',
      level: step.does === 'recover' ? Level.ok : step.does === 'rise' ? Level.critical : Level.warning,
    })
    this.last.set(step.incident, event)
    return event
  }
}

/** One process after the other on the same store. */
class Runs {
  readonly #destination: Destination
  readonly #coalesce: boolean
  clock = new FakeClock()
  ledger = new MemoryLedger()
  now: Stage

  constructor(destination: Destination, coalesce: boolean) {
    this.#destination = destination
    this.#coalesce = coalesce
    this.now = this.#start()
  }

  async restart(how: 'stop' | 'crash'): Promise<void> {
    if (how === 'stop') {
      const stopped = this.now.dispatcher.stop(1_000)
      await this.clock.advance(1_000)
      await stopped
    }
    // After a crash the former run stands still, since nobody moves its clock any more.
    this.clock = new FakeClock(this.clock.wallMs())
    this.ledger = this.ledger.reopened()
    this.now = this.#start()
    this.now.dispatcher.load(this.ledger.left(), this.ledger.pastAttempts())
    await settled()
  }

  #start(): Stage {
    const { clock, ledger } = this
    return stage([endpoint(this.#destination, { coalesce: this.#coalesce })], { clock, ledger })
  }
}

async function play(history: readonly Step[], receiver: Receiver, coalesce: boolean): Promise<History> {
  const events = new History()
  const runs = new Runs(receiver, coalesce)
  for (const step of history) {
    if (typeof step === 'number') await runs.clock.advance(step)
    else if (typeof step === 'string') await runs.restart(step)
    else {
      const event = events.event(step)
      if (event) await runs.now.offer(event)
    }
  }
  while (runs.ledger.left().length > 0) {
    await runs.clock.advance(120_000)
    await runs.restart('stop')
  }
  return events
}

const script = fc.array(fc.constantFrom(...fates), { minLength: 20, maxLength: 20 })

for (const coalesce of [true, false]) {
  const how = coalesce ? 'with' : 'without'
  test(`${how} coalescing every incident ends open or resolved as it should, whatever was received`, async t => {
    await fc.assert(
      fc.asyncProperty(steps, script, async (history, world) => {
        const receiver = new Receiver(world)
        const { last, closedSilently } = await play(history, receiver, coalesce)
        for (const [id, event] of last) {
          // Nobody asked for the end of what was closed silently: a later opening that vanishes need not bring it.
          if (event.kind === 'resolve' && closedSilently.has(id)) continue
          if (receiver.open.has(id) !== (event.kind === 'trigger')) return false
        }
        return true
      }),
      { numRuns: 400 },
    )
    t.pass()
  })
}

test('a resolved incident that nobody could hear of is never told', async t => {
  const down = Array.from({ length: 40 }, () => fates[3]!)
  const receiver = new Receiver(down)
  const flapping: Step[] = Array.from({ length: 20 }, (_, index) => ({
    incident: 'a',
    does: index % 2 ? 'recover' : 'rise',
  }))
  await play([...flapping, { incident: 'b', does: 'rise' }], receiver, true)
  t.deepEqual([...receiver.seen], [21])
})
