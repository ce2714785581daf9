// Any course of points, dead letters and time: the book does what a naive one does, its changes are all that a
// store needs, and from any moment a book that was read back goes on like the one that never stopped.
import test from 'ava'
import fc from 'fast-check'
import type { Closing } from '../../src/incident/closing.ts'
import { LEVEL_NAMES, Level } from '../../src/incident/level.ts'
import type { OpenIncident, StateChange } from '../../src/incident/state-change.ts'
import { course, goneFrom, KeptBook, LOOK, type Outcome, type Step } from './book-course.ts'
import { NaiveBook, type NaiveClosing, type NaiveMute } from './naive-book.ts'

type Stored = Omit<OpenIncident, 'held' | 'muted'> & {
  readonly heldUntil?: number | undefined
  readonly muted?: true | undefined
}

const sorted = (incidents: readonly Stored[]): string[] =>
  incidents
    .map(({ opening, endpoint, id, openedTime, contributors, told, heldUntil, muted }) =>
      [
        `${opening} ${endpoint} ${id} ${openedTime} held until ${heldUntil} muted ${muted}`,
        ...contributors
          .map(c => `${c.task} ${c.node} ${c.group} ${c.level} ${c.silence?.afterMs} ${c.quietly}`)
          .sort(),
        ...told.map(({ task, level, at }) => `told ${task} ${level} ${at}`).sort(),
      ].join('\n'),
    )
    .sort()

const heldToo = (incidents: readonly OpenIncident[]): Stored[] =>
  incidents.map(incident => ({ ...incident, heldUntil: incident.held?.dueAt }))

const plain = ({ incident, who, previousLevel, quietly }: Closing): NaiveClosing => ({
  opening: incident.opening,
  who,
  previousLevel,
  quietly,
})

const muted = ({ incident, changes }: Closing): NaiveMute => ({
  opening: incident.opening,
  isOver: changes.some(({ change }) => change === 'close'),
})

/** What a book did, in the words of the naive one. */
function essence(outcome: Outcome): unknown {
  if ('closed' in outcome) return outcome.closed.map(plain)
  if ('released' in outcome) return outcome.released.map(({ opening }) => opening)
  if ('untold' in outcome) return outcome.untold !== undefined
  if ('muted' in outcome) return outcome.muted && muted(outcome.muted)
  const { decision } = outcome
  return decision && { opening: decision.opening, news: decision.news, heldUntil: decision.heldUntil }
}

const byOpening = (closed: readonly NaiveClosing[]): NaiveClosing[] =>
  closed.toSorted((a, b) => a.opening - b.opening)

/** What the naive book does; of dead letters it is told whether they mattered, and of which opening. */
function expected(naive: NaiveBook, step: Step, outcome: Outcome): unknown {
  switch (step.step) {
    case 'point':
      return naive.observe(step.seen)
    case 'dead letter': {
      const untold = 'untold' in outcome ? outcome.untold : undefined
      if (untold) naive.untell(untold.opening, step.task)
      return untold !== undefined
    }
    case 'mute':
      return naive.mute(step.endpoint, step.id)
    case 'release':
      return naive.release(step.at).sort((a, b) => a - b)
    case 'silence':
      return byOpening(naive.passSilence(step.elapsedMs, task => task !== step.deaf))
    case 'gone': {
      const isGone = goneFrom(step.from)
      const { task, node } = step
      return byOpening(naive.forget(who => who.task === task && who.node === node && isGone(who)))
    }
  }
}

/** Words for what a step made of the book, so that a test can tell that all of it happened. */
function happenings(step: Step, outcome: Outcome): string[] {
  if ('released' in outcome) return outcome.released.map(() => 'released')
  if ('closed' in outcome)
    return outcome.closed.map(({ quietly }) => `${step.step}${quietly ? ', quietly' : ''}`)
  if ('muted' in outcome) return outcome.muted ? [muted(outcome.muted).isOver ? 'muted, over' : 'muted'] : []
  if ('untold' in outcome || !outcome.decision) return []
  const { news, heldUntil, changes } = outcome.decision
  return [
    ...(news && heldUntil === undefined ? [`${news.kind} ${LEVEL_NAMES[news.level]}`] : []),
    ...(heldUntil === undefined ? [] : ['held']),
    ...(changes.some(({ change }) => change === 'unhold') ? ['back'] : []),
    ...(step.step === 'point' && step.seen.task !== '' && changes.some(isOfPosts) ? ['posts cleared'] : []),
    ...(news?.kind === 'trigger' && changes.every(({ change }) => change === 'told') ? ['told again'] : []),
  ]
}

const isOfPosts = (change: StateChange): boolean => change.change === 'contributor' && change.task === ''

const EVERYTHING = [
  'back',
  'gone',
  'gone, quietly',
  'held',
  'muted',
  'muted, over',
  'posts cleared',
  'released',
  'resolve OK',
  'silence',
  'silence, quietly',
  'told again',
  'trigger CRITICAL',
  'trigger INFO',
  'trigger WARNING',
]

test('a book decides as one that recomputes everything from all contributors, and its changes say it all', t => {
  const happened = new Set<string>()
  fc.assert(
    fc.property(course, taken => {
      const kept = new KeptBook()
      const naive = new NaiveBook()
      for (const step of taken) {
        const outcome = kept.take(step)
        t.deepEqual(essence(outcome), expected(naive, step, outcome))
        if (step.step === 'point') t.is(kept.book.levelOf(step.seen), step.seen.level)
        t.deepEqual(sorted(heldToo(kept.stored.stored())), sorted(naive.stored()))
        t.is(kept.book.size, naive.open.length)
        for (const word of happenings(step, outcome)) happened.add(word)
      }
    }),
    { numRuns: 400 },
  )
  t.deepEqual([...happened].sort(), EVERYTHING)
})

test('only nodes with an open contributor are held open, and only those can recover, or all while posts are open', t => {
  fc.assert(
    fc.property(course, taken => {
      const kept = new KeptBook()
      for (const step of taken) kept.take(step)
      const contributors = kept.stored.stored().flatMap(incident => incident.contributors)
      const holding = new Set([...kept.book.nodes()].map(({ task, node }) => `${task} ${node}`))
      const isPosted = contributors.some(({ task }) => task === '')
      for (const task of ['cpu', 'memory'])
        for (const node of ['squadcast2', 'squadcast4']) {
          const isOpen = contributors.some(one => one.task === task && one.node === node)
          t.is(kept.book.hasOpen(task, node), isOpen)
          t.is(kept.book.canRecover(task, node), isOpen || isPosted)
          t.is(holding.has(`${task} ${node}`), isOpen)
        }
    }),
  )
})

test('from any moment, a book that was read back behaves like the one that went on', t => {
  fc.assert(
    fc.property(course, fc.nat(80), (taken, moment) => {
      const one = new KeptBook()
      const other = new KeptBook()
      for (const step of [...taken.slice(0, moment), LOOK]) {
        one.take(step)
        other.take(step)
      }
      other.restart()
      for (const step of taken.slice(moment)) t.deepEqual(other.take(step), one.take(step))
      t.deepEqual(sorted(heldToo(other.stored.stored())), sorted(heldToo(one.stored.stored())))
    }),
    { numRuns: 400 },
  )
})

test('no change is of an incident that is not open, and nothing is left when all have recovered and time has passed', t => {
  fc.assert(
    fc.property(course, taken => {
      const kept = new KeptBook()
      const recoveries = taken.flatMap(step =>
        step.step === 'point' ? [{ ...step, seen: { ...step.seen, level: Level.ok } }] : [],
      )
      const afterAll: Step = { step: 'release', at: Number.MAX_SAFE_INTEGER }
      t.notThrows(() => {
        for (const step of [...taken, ...recoveries, afterAll]) kept.take(step)
      })
      t.deepEqual(kept.stored.stored(), [])
      t.is(kept.book.size, 0)
    }),
  )
})
