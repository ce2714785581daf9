// Incidents in time: told again after a while, resolves that are held, silence that recovers. Times are given;
// nothing here looks at a clock.
import test from 'ava'
import { Book } from '../../src/incident/book.ts'
import type { Released } from '../../src/incident/closing.ts'
import { Level } from '../../src/incident/level.ts'
import type { Observation } from '../../src/incident/observation.ts'
import type { StateChange } from '../../src/incident/state-change.ts'
import { cpuEvent } from '../squadcast/events.ts'
import { ALPHA, observe, story } from './stories.ts'

const { ok, info, warning, critical } = Level
const BETA: Partial<Observation> = { group: 'host=beta' }
const MINUTE = 60_000
const HELD_EVENT = cpuEvent({ kind: 'resolve', level: 'OK', previousLevel: 'CRITICAL' })

/** One word for each change. */
const kinds = (changes: readonly StateChange[] = []): string[] => changes.map(({ change }) => change)

const all = (): boolean => true

const again = (at: number, changed: Partial<Observation> = {}): Partial<Observation> => ({
  at,
  tellAgainAfterMs: 10 * MINUTE,
  ...changed,
})

test('with stateChangesOnly, the first point after that time tells again, and the time begins anew', t => {
  const book = new Book()
  t.is(story(observe(book, critical, again(0))), 'trigger OK>CRITICAL')
  t.is(story(observe(book, critical, again(10 * MINUTE - 1))), 'nothing changed')
  const second = observe(book, critical, again(10 * MINUTE))
  t.is(story(second), 'trigger CRITICAL>CRITICAL')
  t.deepEqual(second?.changes, [
    { change: 'told', opening: 1, task: 'disk', level: critical, at: 10 * MINUTE },
  ])
  t.is(story(observe(book, critical, again(19 * MINUTE))), 'nothing changed')
  t.is(story(observe(book, critical, again(20 * MINUTE))), 'trigger CRITICAL>CRITICAL')
})

test('what is told again at a lower level does not lower what was told', t => {
  const book = new Book()
  observe(book, critical, again(0))
  t.is(story(observe(book, warning, again(10 * MINUTE))), 'trigger CRITICAL>WARNING')
  t.is(story(observe(book, critical, again(11 * MINUTE))), 'no event')
})

test('a recovery of one group is no occasion to tell again', t => {
  const book = new Book()
  observe(book, critical, again(0))
  observe(book, warning, again(1, BETA))
  t.is(story(observe(book, ok, again(10 * MINUTE, BETA))), 'no event')
})

test('an endpoint that is told once is not told again', t => {
  const book = new Book()
  observe(book, critical, again(0, { retriggerOnRise: false }))
  t.is(story(observe(book, critical, again(10 * MINUTE, { retriggerOnRise: false }))), 'nothing changed')
})

const delayed = (at: number, changed: Partial<Observation> = {}): Partial<Observation> => ({
  at,
  recoveryDelayMs: MINUTE,
  ...changed,
})

/** An incident that was CRITICAL from 0 and recovered at `at`; its resolve is held. */
function held(at = 0): Book {
  const book = new Book()
  observe(book, critical, delayed(0))
  const decision = observe(book, ok, delayed(at))
  if (decision?.heldUntil !== at + MINUTE) throw new Error('nothing is held')
  book.hold(ALPHA, HELD_EVENT)
  return book
}

const released = (found: readonly Released[]): unknown[] =>
  found.map(({ incident, changes, event }) => ({ opening: incident.opening, changes, event }))

test('a resolve is held for the delay, and its incident stays open', t => {
  const book = new Book()
  observe(book, critical, delayed(0))
  const decision = observe(book, ok, delayed(5))
  t.is(story(decision), 'resolve CRITICAL>OK')
  t.is(decision?.heldUntil, MINUTE + 5)
  t.deepEqual(kinds(decision?.changes), ['contributor'])
  t.deepEqual(book.hold(ALPHA, HELD_EVENT), {
    change: 'hold',
    opening: 1,
    dueAt: MINUTE + 5,
    event: HELD_EVENT,
  })
  t.is(book.size, 1)
  t.false(book.hasOpen(ALPHA.task, ALPHA.node))
})

test('what was held is released when it is due, once', t => {
  const book = held(5)
  t.deepEqual(book.release(MINUTE + 4), [])
  t.deepEqual(released(book.release(MINUTE + 5)), [
    { opening: 1, changes: [{ change: 'close', opening: 1 }], event: HELD_EVENT },
  ])
  t.deepEqual(book.release(MINUTE + 5), [])
  t.is(book.size, 0)
})

test('back to what was told meanwhile: nothing is sent, and nothing is released', t => {
  const book = held()
  const back = observe(book, warning, delayed(30_000))
  t.is(story(back), 'no event')
  t.deepEqual(kinds(back?.changes), ['unhold', 'contributor'])
  t.deepEqual(book.release(10 * MINUTE), [])
  t.is(book.size, 1)
})

test('back above what was told meanwhile: that is told, in the same opening', t => {
  const book = new Book()
  observe(book, warning, delayed(0))
  observe(book, ok, delayed(1))
  book.hold(ALPHA, HELD_EVENT)
  const back = observe(book, critical, delayed(2))
  t.is(story(back), 'trigger OK>CRITICAL')
  t.deepEqual(kinds(back?.changes), ['unhold', 'contributor', 'told'])
  t.is(back?.opening, 1)
})

test('another OK does not make a held resolve wait longer', t => {
  const book = held()
  t.is(observe(book, ok, delayed(30_000)), undefined)
  t.is(book.release(MINUTE).length, 1)
})

test('a second recovery is held anew', t => {
  const book = held()
  observe(book, critical, delayed(30_000))
  t.is(observe(book, ok, delayed(40_000))?.heldUntil, 40_000 + MINUTE)
  book.hold(ALPHA, HELD_EVENT)
  t.deepEqual(book.release(MINUTE), [])
  t.is(book.release(40_000 + MINUTE).length, 1)
})

test('noRecoveries has nothing to hold', t => {
  const book = new Book()
  observe(book, critical, delayed(0))
  const closed = observe(book, ok, delayed(1, { noRecoveries: true }))
  t.is(closed?.heldUntil, undefined)
  t.deepEqual(kinds(closed?.changes), ['contributor', 'close'])
})

const watched = (changed: Partial<Observation> = {}): Partial<Observation> => ({
  silentAfterMs: 10 * MINUTE,
  ...changed,
})

/** A look at the clock right after points: from then on time counts as silence. */
const look = (book: Book): void => void book.passSilence(0, all)

test('an incident resolves when none of its contributors sent a point for the time', t => {
  const book = new Book()
  observe(book, critical, watched())
  look(book)
  t.deepEqual(book.passSilence(10 * MINUTE - 1, all).closed, [])
  const [closing, ...others] = book.passSilence(1, all).closed
  t.deepEqual(others, [])
  t.is(closing?.incident.opening, 1)
  t.is(closing?.previousLevel, critical)
  t.deepEqual(kinds(closing?.changes), ['contributor', 'close'])
  t.false(closing?.quietly)
  t.is(book.size, 0)
  t.false(book.hasOpen(ALPHA.task, ALPHA.node))
})

test('time counts only when nothing was said all through it, since a point may stand at its end', t => {
  const book = new Book()
  observe(book, critical, watched())
  t.deepEqual(book.passSilence(10 * MINUTE, all).closed, [])
  book.passSilence(9 * MINUTE, all)
  observe(book, critical, watched())
  t.deepEqual(book.passSilence(10 * MINUTE, all).closed, [])
  t.is(book.passSilence(10 * MINUTE, all).closed.length, 1)
})

test('a point breaks the silence, whatever its level', t => {
  const book = new Book()
  observe(book, critical, watched())
  for (const level of [critical, warning, info]) {
    look(book)
    book.passSilence(9 * MINUTE, all)
    observe(book, level, watched())
  }
  look(book)
  t.deepEqual(book.passSilence(9 * MINUTE, all).closed, [])
  t.is(book.passSilence(MINUTE, all).closed.length, 1)
})

test('silence that could not be heard does not count', t => {
  const book = new Book()
  observe(book, critical, watched())
  look(book)
  for (let hour = 0; hour < 5; hour++) book.passSilence(60 * MINUTE, task => task !== ALPHA.task)
  t.is(book.size, 1)
  t.is(book.passSilence(10 * MINUTE, all).closed.length, 1)
})

test('as long as one contributor speaks, or may be silent, its incident stays open', t => {
  const book = new Book()
  observe(book, critical, watched())
  observe(book, warning, watched(BETA))
  look(book)
  book.passSilence(9 * MINUTE, all)
  observe(book, warning, watched(BETA))
  look(book)
  t.deepEqual(book.passSilence(5 * MINUTE, all).closed, [])
  t.is(book.passSilence(5 * MINUTE, all).closed.length, 1)

  const other = new Book()
  observe(other, critical, watched())
  observe(other, warning, { task: 'memory' })
  look(other)
  t.deepEqual(other.passSilence(60 * MINUTE, all).closed, [])
  t.is(story(observe(other, ok, { task: 'memory' })), 'no event')
  t.is(other.passSilence(1, all).closed.length, 1)
})

test('the store is told of a silence every ten seconds, and when it is broken', t => {
  const book = new Book()
  observe(book, critical, watched())
  look(book)
  t.deepEqual(book.passSilence(9_999, all).remember, [])
  const { task, node, group } = ALPHA
  const silent = { change: 'silent', opening: 1, task, node, group } as const
  t.deepEqual(book.passSilence(1, all).remember, [{ ...silent, forMs: 10_000 }])
  t.deepEqual(book.passSilence(9_999, all).remember, [])
  t.deepEqual(book.passSilence(20_000, all).remember, [{ ...silent, forMs: 39_999 }])
  observe(book, critical, watched())
  t.deepEqual(book.passSilence(1_000, all).remember, [{ ...silent, forMs: 0 }])
})

test('contributors that can never speak again are forgotten, and their incident closes with the last', t => {
  const book = new Book()
  observe(book, critical)
  observe(book, warning, BETA)
  observe(book, info, { node: 'squadcast9' })
  t.deepEqual(
    [...book.nodes()].map(({ node }) => node),
    ['squadcast2', 'squadcast9'],
  )
  const gone = book.forget(ALPHA.task, ALPHA.node, all)
  t.deepEqual(gone.closed, [])
  t.deepEqual(kinds(gone.changes), ['contributor', 'contributor'])
  t.is(book.size, 1)
  const last = book.forget(ALPHA.task, 'squadcast9', all)
  t.is(last.closed[0]?.previousLevel, info)
  t.deepEqual(kinds(last.closed[0]?.changes), ['contributor', 'close'])
  t.is(book.size, 0)
})

test('only those are forgotten of whom it is said', t => {
  const book = new Book()
  observe(book, critical)
  observe(book, critical, { endpoint: 'old' })
  const { closed } = book.forget(ALPHA.task, ALPHA.node, ({ endpoint }) => endpoint === 'old')
  t.deepEqual(
    closed.map(({ incident }) => incident.endpoint),
    ['old'],
  )
  t.is(book.levelOf(ALPHA), critical)
})
