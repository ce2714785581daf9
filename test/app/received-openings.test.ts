// What is remembered of each opening: whether the receiver may have a trigger of it.
import test from 'ava'
import { ReceivedOpenings } from '../../src/app/received-openings.ts'
import type { Received } from '../../src/delivery/destination.ts'
import { OUTCOMES, type PendingEvent } from '../../src/delivery/ledger.ts'

const event = (kind: PendingEvent['kind'], parts: Partial<PendingEvent> = {}): PendingEvent => ({
  seq: 1,
  endpoint: 'default',
  incident: 'cpu/alpha',
  task: 'cpu',
  opening: 7,
  kind,
  level: kind === 'trigger' ? 3 : 0,
  createdAt: 0,
  attempts: 0,
  certain: true,
  bare: false,
  openingReceived: false,
  ...parts,
})

const RECEIVED: readonly Received[] = ['yes', 'no', 'maybe']
for (const outcome of OUTCOMES)
  for (const received of RECEIVED) {
    const expected = received !== 'no' || outcome === 'dead'
    const may = expected ? 'may be' : 'is not'
    test(`a trigger ${outcome}, received ${received}, ${may} at the receiver`, t => {
      const openings = new ReceivedOpenings([])
      openings.answered(event('trigger'), outcome, received)
      t.is(openings.has(event('resolve')), expected)
      t.false(openings.has(event('resolve', { opening: 8 })))
    })
  }

test('a second attempt that was not received takes nothing back', t => {
  const openings = new ReceivedOpenings([])
  openings.answered(event('trigger'), 'retry', 'maybe')
  for (const outcome of ['retry', 'blocked', 'limited'] as const)
    openings.answered(event('trigger'), outcome, 'no')
  t.true(openings.has(event('resolve')))
})

test('openings of the last run are known from the start', t => {
  const openings = new ReceivedOpenings([5, 7])
  t.true(openings.has(event('resolve')))
  t.false(openings.has(event('resolve', { opening: 6 })))
})

test('a resolve that was delivered ends the opening, one that is tried again does not', t => {
  const openings = new ReceivedOpenings([7])
  for (const outcome of ['retry', 'blocked', 'limited', 'bare'] as const) {
    openings.answered(event('resolve'), outcome, 'maybe')
    t.true(openings.has(event('resolve')), outcome)
  }
  openings.answered(event('resolve'), 'delivered', 'yes')
  t.false(openings.has(event('resolve')))
})

test('a resolve alone never makes its opening received', t => {
  const openings = new ReceivedOpenings([])
  openings.answered(event('resolve'), 'retry', 'maybe')
  t.false(openings.has(event('resolve')))
})

test('after a resolve that was refused for good, the incident stands open at the receiver until one is delivered', t => {
  const openings = new ReceivedOpenings([7])
  openings.answered(event('resolve'), 'dead', 'no')
  const next = { opening: 8 }
  t.true(openings.has(event('trigger', next)))
  t.false(openings.has(event('trigger', { ...next, incident: 'cpu/beta' })))
  t.false(openings.has(event('trigger', { ...next, endpoint: 'other' })))
  openings.answered(event('resolve', next), 'delivered', 'yes')
  t.false(openings.has(event('trigger', { opening: 9 })))
})

test('what is forgotten is forgotten, and nothing else', t => {
  const openings = new ReceivedOpenings([7, 8])
  openings.forget(7)
  openings.forget(1)
  t.false(openings.has(event('resolve')))
  t.true(openings.has(event('resolve', { opening: 8 })))
})
