// Resolved by hand: told once, and then nothing of the incident is news until everybody has recovered.
import test from 'ava'
import { Book } from '../../src/incident/book.ts'
import { closingEvent } from '../../src/incident/closing.ts'
import { Level } from '../../src/incident/level.ts'
import type { Observation } from '../../src/incident/observation.ts'

const seen = (level: Level, more: Partial<Observation> = {}): Observation => ({
  endpoint: 'default',
  id: 'cpu/alpha',
  task: 'cpu',
  node: 'squadcast2',
  group: 'host=alpha',
  level,
  time: 1n,
  at: 0,
  noRecoveries: false,
  retriggerOnRise: true,
  ...more,
})

const OTHER = { task: 'memory', group: 'host=beta' }

test('a muted incident tells nothing: no rise, no second task, no reminder, no resolve', t => {
  const book = new Book()
  book.observe(seen(Level.warning))
  t.deepEqual(book.mute('default', 'cpu/alpha')?.changes, [{ change: 'mute', opening: 1 }])
  t.is(book.observe(seen(Level.critical))?.news, undefined)
  t.is(book.observe(seen(Level.critical, OTHER))?.news, undefined)
  t.is(book.observe(seen(Level.critical, { tellAgainAfterMs: 1, at: 1_000_000 })), undefined)
  t.is(book.observe(seen(Level.ok))?.news, undefined)
  const last = book.observe(seen(Level.ok, { ...OTHER, recoveryDelayMs: 1000 }))
  t.is(last?.news, undefined)
  t.is(last?.heldUntil, undefined)
  t.deepEqual(last?.changes.at(-1), { change: 'close', opening: 1 })
  t.is(book.size, 0)
})

test('a new opening after a muted one is news as ever', t => {
  const book = new Book()
  book.observe(seen(Level.critical))
  book.mute('default', 'cpu/alpha')
  book.observe(seen(Level.ok))
  const again = book.observe(seen(Level.warning))
  t.is(again?.opening, 2)
  t.is(again?.news?.kind, 'trigger')
})

test('a muted incident that falls silent closes without a word', t => {
  const book = new Book()
  book.observe(seen(Level.critical, { silentAfterMs: 1000 }))
  book.mute('default', 'cpu/alpha')
  book.passSilence(0, () => true)
  const [closing] = book.passSilence(1000, () => true).closed
  t.true(closing?.quietly)
})

test('the highest contributor speaks for what is resolved by hand', t => {
  const book = new Book()
  book.observe(seen(Level.warning))
  book.observe(seen(Level.critical, OTHER))
  const closing = book.mute('default', 'cpu/alpha')!
  t.like(closingEvent(closing, { reason: 'resolved by hand', time: 5n }), {
    kind: 'resolve',
    previousLevel: 'CRITICAL',
    task: 'memory',
    group: 'host=beta',
    message: 'cpu/alpha is OK: resolved by hand',
  })
})

test('what waits for its held resolve is over at once', t => {
  const book = new Book()
  book.observe(seen(Level.critical))
  const { openedTime: _, ...who } = { ...seen(Level.ok), openedTime: 0n }
  const decision = book.observe(seen(Level.ok, { recoveryDelayMs: 1000 }))!
  t.is(decision.heldUntil, 1000)
  book.hold(
    who,
    closingEvent(
      {
        incident: { opening: 1, endpoint: 'default', id: 'cpu/alpha', openedTime: 1n },
        changes: [],
        who,
        previousLevel: Level.critical,
        quietly: false,
      },
      { reason: 'x', time: 5n },
    ),
  )
  const closing = book.mute('default', 'cpu/alpha')!
  t.deepEqual(closing.changes, [{ change: 'close', opening: 1 }])
  t.is(closing.previousLevel, Level.critical)
  t.is(closing.who.task, 'cpu')
  t.deepEqual(book.release(5000), [])
})

test('what is not open, or muted already, is not muted', t => {
  const book = new Book()
  t.is(book.mute('default', 'cpu/alpha'), undefined)
  book.observe(seen(Level.critical))
  t.is(book.mute('other', 'cpu/alpha'), undefined)
  t.truthy(book.mute('default', 'cpu/alpha'))
  t.is(book.mute('default', 'cpu/alpha'), undefined)
})
