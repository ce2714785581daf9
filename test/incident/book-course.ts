// What can happen to a book, in any order, and a book whose changes are kept as a store would keep them.
import fc from 'fast-check'
import { Book } from '../../src/incident/book.ts'
import type { Closing } from '../../src/incident/closing.ts'
import { Level } from '../../src/incident/level.ts'
import type { Decision, Observation } from '../../src/incident/observation.ts'
import type { StateChange } from '../../src/incident/state-change.ts'
import { cpuEvent } from '../squadcast/events.ts'
import { FoldedChanges } from './folded-changes.ts'

/** In steps of this many milliseconds nothing of a silence is unknown to the store. */
export const GRAIN = 10_000

export type Step =
  | { readonly step: 'point'; readonly seen: Observation }
  /** Of the trigger that the task told last. */
  | { readonly step: 'dead letter'; readonly task: string }
  /** Resolved by hand. */
  | { readonly step: 'mute'; readonly endpoint: string; readonly id: string }
  | { readonly step: 'release'; readonly at: number }
  | { readonly step: 'silence'; readonly elapsedMs: number; readonly deaf: string }
  | { readonly step: 'gone'; readonly task: string; readonly node: string; readonly from: string }

const TASKS = ['cpu', 'memory'] as const
const NODES = ['squadcast2', 'squadcast4'] as const

const maybe = (name: string, ...values: readonly number[]) =>
  fc.oneof(fc.constant({}), fc.constantFrom(...values.map(value => ({ [name]: value }))))

const seen: fc.Arbitrary<Observation> = fc
  .tuple(
    fc.record({
      endpoint: fc.constantFrom('default', 'default', 'default', 'other'),
      id: fc.constantFrom('a', 'a', 'b'),
      task: fc.constantFrom(...TASKS),
      node: fc.constantFrom(NODES[0], ...NODES),
      group: fc.constantFrom('host=x', 'host=y'),
      level: fc.constantFrom(...Object.values(Level), Level.ok),
      time: fc.bigInt({ min: -5n, max: 1000n }),
      // The wall clock may jump, back too.
      at: fc.nat(1000),
      noRecoveries: fc.constantFrom(false, false, true),
      retriggerOnRise: fc.constantFrom(true, true, true, false),
    }),
    maybe('tellAgainAfterMs', 100, 400),
    maybe('recoveryDelayMs', 100, 400),
    maybe('silentAfterMs', GRAIN, 3 * GRAIN),
  )
  .map(parts => Object.assign({}, ...parts) as Observation)

/** As what Kapacitor posts. */
const posted = seen.map(
  ({ endpoint, id, level, time, at, retriggerOnRise }): Observation => ({
    ...{ endpoint, id, task: '', node: 'post', group: '' },
    ...{ level, time, at, retriggerOnRise, noRecoveries: false },
  }),
)

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 16, arbitrary: seen.map(point => ({ step: 'point', seen: point }) as const) },
  { weight: 4, arbitrary: posted.map(post => ({ step: 'point', seen: post }) as const) },
  {
    weight: 2,
    arbitrary: fc.record({ step: fc.constant('dead letter'), task: fc.constantFrom(...TASKS, '') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('mute'),
      endpoint: fc.constantFrom('default', 'default', 'other'),
      id: fc.constantFrom('a', 'b'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('release'), at: fc.nat(1400) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      step: fc.constant('silence'),
      elapsedMs: fc.constantFrom(GRAIN, 2 * GRAIN),
      deaf: fc.constantFrom('nobody', 'nobody', ...TASKS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('gone'),
      task: fc.constantFrom(...TASKS),
      node: fc.constantFrom(...NODES),
      from: fc.constantFrom('everywhere', 'other'),
    }),
  },
)

export const course: fc.Arbitrary<Step[]> = fc.array(steps, { maxLength: 80, size: 'max' })

/** A look at the clock at which no time has passed: the store then knows of every silence. */
export const LOOK: Step = { step: 'silence', elapsedMs: 0, deaf: 'nobody' }

/** What came of a step; incidents that closed by themselves stand in the order in which they opened. */
export type Outcome =
  | { readonly decision: Decision | undefined }
  | { readonly untold: StateChange | undefined }
  | { readonly muted: Closing | undefined }
  | { readonly released: readonly { readonly opening: number; readonly changes: readonly StateChange[] }[] }
  | { readonly closed: readonly Closing[]; readonly besides: readonly string[] }

export class KeptBook {
  readonly stored = new FoldedChanges()
  book = new Book()
  readonly #lastTold = new Map<string, { opening: number; endpoint: string; id: string }>()

  /** As after a crash: only what is stored remains. */
  restart(): void {
    this.book = new Book(structuredClone(this.stored.stored()), this.stored.lastOpening)
  }

  take(step: Step): Outcome {
    switch (step.step) {
      case 'point':
        return { decision: this.#point(step.seen) }
      case 'dead letter':
        return { untold: this.#deadLetter(step.task) }
      case 'mute':
        return { muted: this.#mute(step.endpoint, step.id) }
      case 'release':
        return { released: this.#release(step.at) }
      case 'silence': {
        const { closed, remember } = this.book.passSilence(step.elapsedMs, task => task !== step.deaf)
        return this.#closed(closed, remember)
      }
      case 'gone': {
        const isGone = goneFrom(step.from)
        const { closed, changes } = this.book.forget(step.task, step.node, isGone)
        return this.#closed(closed, changes)
      }
    }
  }

  #point(point: Observation): Decision | undefined {
    const { endpoint, id, task } = point
    const decision = this.book.observe(point)
    if (!decision) return undefined
    this.stored.take(decision.changes)
    if (decision.heldUntil !== undefined)
      this.stored.take([this.book.hold(point, cpuEvent({ kind: 'resolve', incident: id, time: point.time }))])
    if (decision.news?.kind === 'trigger')
      this.#lastTold.set(task, { opening: decision.opening, endpoint, id })
    return decision
  }

  #deadLetter(task: string): StateChange | undefined {
    const last = this.#lastTold.get(task)
    const change = last && this.book.untell(last.opening, last.endpoint, last.id, task)
    if (change) this.stored.take([change])
    return change
  }

  #mute(endpoint: string, id: string): Closing | undefined {
    const closing = this.book.mute(endpoint, id)
    if (closing) this.stored.take(closing.changes)
    return closing && visible(closing)
  }

  #release(at: number) {
    const released = this.book.release(at)
    for (const { changes } of released) this.stored.take(changes)
    return released
      .map(({ incident, changes, event }) => ({ opening: incident.opening, changes, event }))
      .sort((a, b) => a.opening - b.opening)
  }

  /** The changes besides have to be stored first: they are of contributors that may go now. */
  #closed(closed: readonly Closing[], besides: readonly StateChange[]): Outcome {
    this.stored.take(besides)
    for (const { changes } of closed) this.stored.take(changes)
    return {
      closed: closed.toSorted((a, b) => a.incident.opening - b.incident.opening).map(visible),
      besides: besides.map(change => JSON.stringify(change)).sort(),
    }
  }
}

/** A closing as those that tell it see it: without the book's own notes on the incident. */
function visible(closing: Closing): Closing {
  const { opening, endpoint, id, openedTime } = closing.incident
  return { ...closing, incident: { opening, endpoint, id, openedTime } }
}

/** Where a node that is gone can be heard of no more. */
export const goneFrom =
  (from: string) =>
  ({ endpoint }: { readonly endpoint: string }): boolean =>
    from === 'everywhere' || endpoint === from
