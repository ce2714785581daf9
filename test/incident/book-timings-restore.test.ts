// With held resolves, silences and forgotten nodes too: a book that was read back goes on like one that never
// stopped. (What is known of a silence may lag behind by seconds: so the moment is one at which it does not.)
import test from 'ava'
import fc from 'fast-check'
import { Book } from '../../src/incident/book.ts'
import type { Closing } from '../../src/incident/closing.ts'
import { Level } from '../../src/incident/level.ts'
import type { Observation } from '../../src/incident/observation.ts'
import type { StateChange } from '../../src/incident/state-change.ts'
import { cpuEvent } from '../squadcast/events.ts'
import { FoldedChanges } from './folded-changes.ts'

/** Silence is stored in steps of this many milliseconds. */
const GRAIN = 10_000

type Step =
  | { readonly kind: 'point'; readonly seen: Omit<Observation, 'at'>; readonly afterMs: number }
  | { readonly kind: 'release'; readonly afterMs: number }
  | { readonly kind: 'silence'; readonly grains: number; readonly deaf: string }
  | { readonly kind: 'gone'; readonly task: string; readonly node: string }

const task = fc.constantFrom('cpu', 'memory')
const node = fc.constantFrom('squadcast2', 'squadcast4')

const seen: fc.Arbitrary<Omit<Observation, 'at'>> = fc.record(
  {
    endpoint: fc.constant('default'),
    id: fc.constantFrom('a', 'b'),
    task,
    node,
    group: fc.constantFrom('host=x', 'host=y'),
    level: fc.constantFrom(...Object.values(Level), Level.ok, Level.ok),
    time: fc.bigInt({ min: 0n, max: 1000n }),
    noRecoveries: fc.constantFrom(false, false, false, true),
    retriggerOnRise: fc.constantFrom(true, true, true, false),
    tellAgainAfterMs: fc.constant(100),
    recoveryDelayMs: fc.constantFrom(50, 500),
    silentAfterMs: fc.constantFrom(2 * GRAIN, 4 * GRAIN),
  },
  {
    requiredKeys: [
      'endpoint',
      'id',
      'task',
      'node',
      'group',
      'level',
      'time',
      'noRecoveries',
      'retriggerOnRise',
    ],
  },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('point'), seen, afterMs: fc.nat(80) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release'), afterMs: fc.nat(300) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('silence'),
      grains: fc.integer({ min: 1, max: 3 }),
      deaf: fc.constantFrom('', 'cpu'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('gone'), task, node }) },
)

const inOrder = (changes: readonly StateChange[]): string[] =>
  changes
    .map(change => JSON.stringify(change, (_, value) => (typeof value === 'bigint' ? `${value}` : value)))
    .sort()

/** Of which contributor a closing speaks, where several went at once, is left to the book. */
const closings = (closed: readonly Closing[]): unknown[] =>
  closed
    .map(({ incident, changes }) => ({ opening: incident.opening, changes: inOrder(changes) }))
    .sort((a, b) => a.opening - b.opening)

class Watched {
  readonly stored = new FoldedChanges()
  readonly kinds = new Set<string>()
  book = new Book()
  #now = 0

  restart(): void {
    this.book = new Book(structuredClone(this.stored.stored()), this.stored.lastOpening)
  }

  /** What the step made of the book. */
  take(step: Step): unknown {
    if (step.kind === 'point') return this.#point(step.seen, step.afterMs)
    if (step.kind === 'release') return this.#release(step.afterMs)
    if (step.kind === 'gone') return this.#gone(step.task, step.node)
    const { closed, remember } = this.book.passSilence(step.grains * GRAIN, name => name !== step.deaf)
    this.stored.take(remember)
    for (const { changes } of closed) this.stored.take(changes)
    if (closed.length > 0) this.kinds.add('silent')
    return { closed: closings(closed), remember: inOrder(remember) }
  }

  #point(parts: Omit<Observation, 'at'>, afterMs: number): unknown {
    this.#now += afterMs
    const decision = this.book.observe({ ...parts, at: this.#now })
    if (!decision) return undefined
    this.stored.take(decision.changes)
    if (decision.changes.some(({ change }) => change === 'unhold')) this.kinds.add('back')
    if (decision.heldUntil !== undefined) {
      this.kinds.add('held')
      this.stored.take([this.book.hold(parts, cpuEvent({ incident: parts.id, time: parts.time }))])
    }
    return decision
  }

  #release(afterMs: number): unknown {
    this.#now += afterMs
    const released = this.book.release(this.#now)
    for (const { changes } of released) this.stored.take(changes)
    if (released.length > 0) this.kinds.add('released')
    return released
      .map(({ incident, changes, event }) => ({ opening: incident.opening, changes, event }))
      .sort((a, b) => a.opening - b.opening)
  }

  #gone(task: string, node: string): unknown {
    const { closed, changes } = this.book.forget(task, node, () => true)
    this.stored.take(changes)
    for (const closing of closed) this.stored.take(closing.changes)
    if (closed.length > 0) this.kinds.add('gone')
    return { closed: closings(closed), changes: inOrder(changes) }
  }
}

test('from any moment, a book that was read back behaves like the one that went on, in time too', t => {
  const happened = new Set<string>()
  const steps = fc.array(step, { maxLength: 60, size: 'max' })
  fc.assert(
    fc.property(steps, fc.nat(60), (taken, moment) => {
      const one = new Watched()
      const other = new Watched()
      const before: Step[] = [...taken.slice(0, moment), { kind: 'silence', grains: 1, deaf: '' }]
      for (const each of before) {
        one.take(each)
        other.take(each)
      }
      other.restart()
      for (const each of taken.slice(moment)) {
        t.deepEqual(other.take(each), one.take(each))
        t.is(other.book.size, one.book.size)
      }
      for (const kind of one.kinds) happened.add(kind)
    }),
    { numRuns: 500 },
  )
  t.deepEqual([...happened].sort(), ['back', 'gone', 'held', 'released', 'silent'])
})
