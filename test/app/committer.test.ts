// From changes to the store, and to delivery: what is offered is on its way into the store, in the same order.
import test from 'ava'
import { Committer } from '../../src/app/committer.ts'
import { ReceivedOpenings } from '../../src/app/received-openings.ts'
import type { PendingEvent } from '../../src/delivery/ledger.ts'
import { encodeEvent, type IncidentEvent } from '../../src/incident/event.ts'
import type { Change } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import type { StateChange } from '../../src/incident/state-change.ts'
import type { CommitRequest } from '../../src/outbox/requests.ts'
import { settled } from '../fakes/clock.ts'
import { cpuEvent } from '../squadcast/events.ts'

const NOW = 1_780_000_000_000
const MONOTONIC = 5000

/** A store that does what the test says, when it says so. */
class Store {
  readonly requests: Omit<CommitRequest, 'op'>[] = []
  readonly #answers: { resolve: () => void; reject: (error: unknown) => void }[] = []

  commit(request: Omit<CommitRequest, 'op'>): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    this.requests.push(request)
    this.#answers.push({ resolve: () => resolve(true), reject })
    return promise
  }

  async stores(): Promise<void> {
    this.#answers.shift()!.resolve()
    await settled()
  }

  async refuses(error: unknown): Promise<void> {
    this.#answers.shift()!.reject(error)
    await settled()
  }
}

class Stage {
  readonly store = new Store()
  readonly received = new ReceivedOpenings([])
  readonly offers: PendingEvent[][] = []
  /** How many commits the store was asked for, at each offer. */
  readonly storedAtOffer: number[] = []
  readonly withdrawn: PendingEvent[] = []
  readonly failures: unknown[] = []
  readonly committer = new Committer({
    outbox: this.store,
    offer: events => {
      this.storedAtOffer.push(this.store.requests.length)
      this.offers.push([...events])
    },
    withdraw: events => this.withdrawn.push(...events),
    received: this.received,
    wallMs: () => NOW,
    monotonicMs: () => MONOTONIC,
    lastSeq: 40,
    failed: error => this.failures.push(error),
  })

  get offered(): number[] {
    return this.offers.flat().map(({ seq }) => seq)
  }
}

const closed = (opening: number): StateChange => ({ change: 'close', opening })
const told = (opening: number): StateChange => ({
  change: 'told',
  opening,
  task: 'cpu_alert',
  level: Level.critical,
  at: NOW,
})

const change = (opening: number, event?: IncidentEvent, changes = [told(opening)]): Change => ({
  changes,
  opening,
  endpoint: 'default',
  level: Level.critical,
  ...(event && { event }),
})

const RESOLVE = cpuEvent({ kind: 'resolve', level: 'OK', previousLevel: 'CRITICAL' })

/** A trigger that is on its way. */
const pending = (opening: number): PendingEvent => ({
  seq: 1,
  endpoint: 'default',
  incident: 'cpu/alpha',
  task: 'cpu_alert',
  opening,
  kind: 'trigger',
  level: Level.critical,
  createdAt: NOW,
  attempts: 0,
  certain: true,
  bare: false,
  openingReceived: false,
})

test('one commit holds the changes and their events, numbered in order', async t => {
  const { committer, store } = new Stage()
  void committer.commit([change(1, cpuEvent()), change(2), change(1, RESOLVE, [closed(1)])])
  t.is(store.requests.length, 1)
  const { at, changes, events } = store.requests[0]!
  t.is(at, NOW)
  t.deepEqual(changes, [told(1), told(2), closed(1)])
  t.deepEqual(
    events.map(({ body, after, ...row }) => row),
    [
      { seq: 41, opening: 1, task: 'cpu_alert', kind: 'trigger', level: Level.critical },
      { seq: 42, opening: 1, task: 'cpu_alert', kind: 'resolve', level: Level.ok },
    ],
  )
  t.is(events[1]?.body, encodeEvent(RESOLVE))
})

test('an event remembers when its point was read; without that, when it was made', async t => {
  const { committer, store, offers } = new Stage()
  void committer.commit([change(1, cpuEvent())], undefined, MONOTONIC - 3.5)
  void committer.commit([change(2, cpuEvent())])
  await store.stores()
  await store.stores()
  t.deepEqual(
    offers.flat().map(({ readAt }) => readAt),
    [MONOTONIC - 3.5, MONOTONIC],
  )
})

test('an event is offered behind its commit, which resolves only when it is stored', async t => {
  const { committer, store, offers, storedAtOffer } = new Stage()
  let resolved = false
  void committer.commit([change(3, cpuEvent())]).then(() => {
    resolved = true
  })
  await settled()
  t.false(resolved)
  t.deepEqual(storedAtOffer, [1])
  await store.stores()
  t.true(resolved)
  t.deepEqual(offers, [
    [
      {
        seq: 41,
        endpoint: 'default',
        incident: 'cpu/alpha',
        task: 'cpu_alert',
        opening: 3,
        kind: 'trigger',
        level: Level.critical,
        createdAt: NOW,
        readAt: MONOTONIC,
        attempts: 0,
        certain: true,
        bare: false,
        openingReceived: false,
      },
    ],
  ])
})

test('a change without an event is stored, and nothing is offered', async t => {
  const { committer, store, offers } = new Stage()
  const committed = committer.commit([change(1)])
  await store.stores()
  await committed
  t.deepEqual(store.requests[0]?.events, [])
  t.deepEqual(offers, [])
})

test('numbers follow the order of the calls, also while the store is slow', async t => {
  const { committer, store, ...stage } = new Stage()
  const commits = [1, 2, 3].map(opening => committer.commit([change(opening, cpuEvent())]))
  t.deepEqual(
    store.requests.flatMap(({ events }) => events.map(({ seq }) => seq)),
    [41, 42, 43],
  )
  for (const _ of commits) await store.stores()
  await Promise.all(commits)
  t.deepEqual(
    stage.offers.map(events => events[0]?.seq),
    [41, 42, 43],
  )
})

test('what can never be stored is told, rejects, and is withdrawn; the next is not', async t => {
  const stage = new Stage()
  const { committer, store } = stage
  const error = new Error('UNIQUE constraint failed')
  const refused = t.throwsAsync(committer.commit([change(1, cpuEvent())]), { is: error })
  const next = committer.commit([change(2, cpuEvent())])
  await store.refuses(error)
  await refused
  await store.stores()
  await next
  t.deepEqual(stage.failures, [error])
  t.deepEqual(stage.offered, [41, 42])
  t.deepEqual(stage.withdrawn, stage.offers[0])
})

test('whether the receiver has the opening is known as of the offer', async t => {
  const { committer, store, received, offers } = new Stage()
  received.answered(pending(1), 'delivered', 'yes')
  const commits = [committer.commit([change(1, RESOLVE)]), committer.commit([change(2, RESOLVE)])]
  for (const _ of commits) await store.stores()
  await Promise.all(commits)
  t.deepEqual(
    offers.flat().map(({ opening, openingReceived }) => [opening, openingReceived]),
    [
      [1, true],
      [2, false],
    ],
  )
})

test('an incident that closed without a resolve is forgotten once that is stored; others are not', async t => {
  const { committer, store, received } = new Stage()
  for (const opening of [1, 2, 3]) received.answered(pending(opening), 'delivered', 'yes')
  const committed = committer.commit([
    change(1, undefined, [closed(1)]),
    change(2, RESOLVE, [closed(2)]),
    change(3),
  ])
  t.true(received.has(pending(1)))
  await store.stores()
  await committed
  t.deepEqual(
    [1, 2, 3].map(opening => received.has(pending(opening))),
    [false, true, true],
  )
})

test('a change that no point made is stored alone', async t => {
  const { committer, store, offers } = new Stage()
  const committed = committer.commitState([told(5)])
  t.deepEqual(store.requests, [{ at: NOW, changes: [told(5)], events: [] }])
  await store.stores()
  await committed
  t.deepEqual(offers, [])
})
