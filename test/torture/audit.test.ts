// An auditor that finds nothing proves nothing: each kind of wrong has to be seen.
import test from 'ava'
import { type Accepted, audit, type Evidence, type Said, wrongs } from './audit.ts'

const accepted = (kind: Said['kind'], number: number, incident = 'a'): Accepted => ({
  ...{ number, incident, kind },
  isAnswered: true,
})
const trigger = (number: number, incident?: string) => accepted('trigger', number, incident)
const resolve = (number: number, incident?: string) => accepted('resolve', number, incident)

function evidence(arrived: readonly Accepted[], given: Partial<Evidence> = {}): Evidence {
  const said = new Map<number, Said>([
    [1, trigger(1)],
    [2, resolve(2)],
    [3, trigger(3)],
  ])
  return {
    said,
    promised: new Set([1, 2, 3]),
    accepted: arrived,
    stored: [1, 2, 3].map(number => ({ number, state: 'delivered' })),
    isOpen: new Map([['a', true]]),
    ...given,
  }
}

const all = [trigger(1), resolve(2), trigger(3)]

test('what arrived as it was said is no wrong, and neither is the same once more right after it', t => {
  const unanswered = { ...trigger(1), isAnswered: false }
  const result = audit(evidence([unanswered, trigger(1), resolve(2), resolve(2), trigger(3)]))
  t.deepEqual(wrongs(result), [])
  t.like(result, { promised: 3, accepted: 3, duplicated: 2, duplicatedByCrash: 1, coalesced: 0 })
})

const table: [string, Evidence, string][] = [
  ['a promised event that never arrived is lost', evidence([trigger(1), trigger(3)]), 'lost: 2'],
  [
    'an event accepted after a later one of its incident is out of order',
    evidence([resolve(2), trigger(1), trigger(3)]),
    'outOfOrder: 1',
  ],
  [
    'an event that comes again after a later one is out of order, although it was in order at first',
    evidence([trigger(1), resolve(2), trigger(1), trigger(3)]),
    'outOfOrder: 1',
  ],
  [
    'an event of an incident that nobody said it of is invented',
    evidence([...all, trigger(3, 'b')]),
    'invented: 3',
  ],
  ['a trigger that was said as a resolve is invented', evidence([...all, trigger(2)]), 'invented: 2'],
  [
    'an event that gave way although it had arrived is wrong',
    evidence(all, {
      stored: [
        { number: 1, state: 'delivered' },
        { number: 2, state: 'coalesced' },
        { number: 3, state: 'delivered' },
      ],
    }),
    'wronglyCoalesced: 2',
  ],
  [
    'an event that the store still holds is unsettled',
    evidence(all, { stored: [{ number: 3, state: 'pending' }] }),
    'unsettled: 3',
  ],
  [
    'an incident that is open at the receiver and not in truth is untrue',
    evidence(all, { isOpen: new Map([['a', false]]) }),
    'untrue: a',
  ],
  [
    'an incident that is open in truth and not at the receiver is untrue',
    evidence(all, { isOpen: new Map([...evidence(all).isOpen, ['b', true]]) }),
    'untrue: b',
  ],
]

for (const [name, given, wrong] of table) {
  test(name, t => {
    t.true(wrongs(audit(given)).includes(wrong), wrongs(audit(given)).join('\n'))
  })
}

test('an event that gave way and never arrived is not lost', t => {
  const stored = [1, 2, 3].map(number => ({ number, state: number === 3 ? 'delivered' : 'coalesced' }))
  t.deepEqual(wrongs(audit(evidence([trigger(3)], { stored }))), [])
})
