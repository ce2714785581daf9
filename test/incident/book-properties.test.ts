// Any sequence of points: the book does what a naive one does, its changes are all that a store needs, and from
// any moment a book that was read back goes on like the one that never stopped.
import test from 'ava'
import fc from 'fast-check'
import { Book, type Observation } from '../../src/incident/book.ts'
import { LEVEL_NAMES, Level } from '../../src/incident/level.ts'
import type { OpenIncident } from '../../src/incident/state-change.ts'
import { FoldedChanges, NaiveBook } from './naive-book.ts'

/** A point, or the dead letter of the trigger that one task told last. */
type Step = { readonly seen: Observation } | { readonly deadLetterOf: string }

const observation: fc.Arbitrary<Observation> = fc.record({
  endpoint: fc.constantFrom('default', 'default', 'default', 'other'),
  id: fc.constantFrom('a', 'a', 'b'),
  task: fc.constantFrom('cpu', 'memory'),
  node: fc.constantFrom('squadcast2', 'squadcast2', 'squadcast4'),
  group: fc.constantFrom('host=x', 'host=y'),
  level: fc.constantFrom(...Object.values(Level), Level.ok),
  time: fc.bigInt({ min: -5n, max: 1000n }),
  at: fc.nat(1000),
  noRecoveries: fc.constantFrom(false, false, true),
  retriggerOnRise: fc.constantFrom(true, true, true, false),
})

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: observation.map(seen => ({ seen })) },
    { weight: 2, arbitrary: fc.constantFrom('cpu', 'memory').map(deadLetterOf => ({ deadLetterOf })) },
  ),
  { maxLength: 80, size: 'max' },
)

const sorted = (incidents: readonly OpenIncident[]): string[] =>
  incidents
    .map(({ opening, endpoint, id, openedTime, contributors, told }) =>
      [
        `${opening} ${endpoint} ${id} ${openedTime}`,
        ...contributors.map(c => `${c.task} ${c.node} ${c.group} ${c.level}`).sort(),
        ...told.map(({ task, level, at }) => `told ${task} ${level} ${at}`).sort(),
      ].join('\n'),
    )
    .sort()

/** A book with what a store would hold of it, and what each task told last. */
class Watched {
  readonly stored = new FoldedChanges()
  book = new Book()
  readonly #lastTold = new Map<string, { opening: number; endpoint: string; id: string }>()

  take(step: Step): ReturnType<Book['observe']> | ReturnType<Book['untell']> {
    if ('deadLetterOf' in step) {
      const last = this.#lastTold.get(step.deadLetterOf)
      const change = last && this.book.untell(last.opening, last.endpoint, last.id, step.deadLetterOf)
      if (change) this.stored.take([change])
      return change
    }
    const { endpoint, id, task } = step.seen
    const decision = this.book.observe(step.seen)
    if (decision) this.stored.take(decision.changes)
    if (decision?.news?.kind === 'trigger')
      this.#lastTold.set(task, { opening: decision.opening, endpoint, id })
    return decision
  }

  /** As after a crash: only what is stored remains. */
  restart(): void {
    this.book = new Book(this.stored.stored(), this.stored.lastOpening)
  }
}

test('a book decides as one that recomputes everything from all contributors, and its changes say it all', t => {
  const seenKinds = new Set<string>()
  fc.assert(
    fc.property(steps, taken => {
      const watched = new Watched()
      const naive = new NaiveBook()
      for (const step of taken) {
        const decided = watched.take(step)
        if ('deadLetterOf' in step) {
          if (decided && 'opening' in decided) naive.untell(decided.opening, step.deadLetterOf)
        } else {
          const expected = naive.observe(step.seen)
          const actual = decided as ReturnType<Book['observe']>
          t.deepEqual(actual && { opening: actual.opening, news: actual.news }, expected)
          t.is(watched.book.levelOf(step.seen), step.seen.level)
          if (actual?.news) seenKinds.add(`${actual.news.kind} ${LEVEL_NAMES[actual.news.level]}`)
        }
        t.deepEqual(sorted(watched.stored.stored()), sorted(naive.stored()))
        t.is(watched.book.size, naive.open.length)
      }
    }),
    { numRuns: 400 },
  )
  t.deepEqual([...seenKinds].sort(), ['resolve OK', 'trigger CRITICAL', 'trigger INFO', 'trigger WARNING'])
})

test('only nodes with an open contributor are held open', t => {
  fc.assert(
    fc.property(steps, taken => {
      const watched = new Watched()
      for (const step of taken) watched.take(step)
      const contributors = watched.stored.stored().flatMap(incident => incident.contributors)
      for (const task of ['cpu', 'memory'])
        for (const node of ['squadcast2', 'squadcast4'])
          t.is(
            watched.book.hasOpen(task, node),
            contributors.some(one => one.task === task && one.node === node),
          )
    }),
  )
})

test('from any moment, a book that was read back behaves like the one that went on', t => {
  fc.assert(
    fc.property(steps, fc.nat(80), (taken, moment) => {
      const one = new Watched()
      const other = new Watched()
      for (const step of taken.slice(0, moment)) {
        one.take(step)
        other.take(step)
      }
      other.restart()
      for (const step of taken.slice(moment)) t.deepEqual(other.take(step), one.take(step))
      t.deepEqual(sorted(other.stored.stored()), sorted(one.stored.stored()))
    }),
    { numRuns: 400 },
  )
})

test('no change is of an incident that is not open, and nothing is left when all have recovered', t => {
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 60 }), seen => {
      const watched = new Watched()
      const recoveries = seen.map(one => ({ ...one, level: Level.ok }))
      t.notThrows(() => {
        for (const one of [...seen, ...recoveries]) watched.take({ seen: one })
      })
      t.deepEqual(watched.stored.stored(), [])
      t.is(watched.book.size, 0)
    }),
  )
})
