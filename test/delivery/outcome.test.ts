import test from 'ava'
import { Lane } from '../../src/delivery/lane.ts'
import { conclude, rememberReceived } from '../../src/delivery/outcome.ts'
import { pending } from './pending.ts'
import { accepted, broken, forbidden, limited, refused, unreachable } from './scripted-destination.ts'

const half = () => 0.5

test('each verdict has one outcome, one next step and one effect on the count of attempts', t => {
  const table = [
    { answer: accepted, outcome: 'delivered', next: { kind: 'gone' }, attempts: 2 },
    {
      answer: broken,
      outcome: 'retry',
      next: { kind: 'later', cause: 'failing', waitMs: 2_000 },
      attempts: 3,
    },
    {
      answer: unreachable,
      outcome: 'retry',
      next: { kind: 'later', cause: 'failing', waitMs: 2_000 },
      attempts: 3,
    },
    {
      answer: forbidden,
      outcome: 'blocked',
      next: { kind: 'later', cause: 'blocked', waitMs: 60_000 },
      attempts: 2,
    },
    { answer: limited(7_000), outcome: 'limited', next: { kind: 'hold', waitMs: 7_000 }, attempts: 2 },
    { answer: limited(0), outcome: 'limited', next: { kind: 'hold', waitMs: 1_000 }, attempts: 2 },
    { answer: limited(3_600_000), outcome: 'limited', next: { kind: 'hold', waitMs: 300_000 }, attempts: 2 },
    { answer: refused, outcome: 'bare', next: { kind: 'again' }, attempts: 3 },
  ] as const
  for (const { answer, outcome, next, attempts } of table) {
    const event = pending({ seq: 1, attempts: 2 })
    t.deepEqual<unknown, unknown>(conclude(event, answer, half), { outcome, next })
    t.is(event.attempts, attempts)
    t.is(event.bare, outcome === 'bare')
  }
})

test('a bare body that is refused is dead', t => {
  const event = pending({ seq: 1, bare: true })
  t.deepEqual(conclude(event, refused, half), { outcome: 'dead', next: { kind: 'gone' } })
})

/** A trigger under way, another one and the resolve of its opening, and the next opening. */
function lane(): Lane {
  const made = new Lane(pending({ seq: 1 }))
  made.events.push(pending({ seq: 2 }), pending({ seq: 3, kind: 'resolve' }), pending({ seq: 4, opening: 2 }))
  return made
}
const received = ({ events }: Lane) => events.map(({ openingReceived }) => openingReceived)

test('what may have been received is no longer certain, and its whole opening knows', t => {
  for (const answer of [accepted, broken]) {
    const made = lane()
    rememberReceived(made, made.head, answer, 'retry')
    t.false(made.head.certain)
    t.deepEqual(received(made), [true, true, true, false])
  }
})

test('what was certainly not received changes nothing', t => {
  const made = lane()
  rememberReceived(made, made.head, unreachable, 'retry')
  t.true(made.head.certain)
  t.deepEqual(received(made), [false, false, false, false])
})

test('an attempt that certainly failed does not undo an earlier one that may have arrived', t => {
  const made = lane()
  rememberReceived(made, made.head, broken, 'retry')
  rememberReceived(made, made.head, unreachable, 'retry')
  t.false(made.head.certain)
})

test('a dead trigger counts as received, whatever the answer said', t => {
  const made = lane()
  rememberReceived(made, made.head, { ...refused, received: 'no' }, 'dead')
  t.deepEqual(received(made), [true, true, true, false])
})

test('behind a dead resolve the incident may stand open, so every later resolve has to be sent', t => {
  const made = new Lane(pending({ seq: 1, kind: 'resolve' }))
  made.events.push(pending({ seq: 2, opening: 2 }), pending({ seq: 3, opening: 2, kind: 'resolve' }))
  rememberReceived(made, made.head, refused, 'dead')
  t.deepEqual(received(made), [true, true, true])
})
