// The story of an incident in sentences: each change with what was decided, and why nothing was told where nothing was.
import test, { type ExecutionContext } from 'ava'
import { explain } from '../../src/app/explanation.ts'
import { Book } from '../../src/incident/book.ts'
import { POSTS } from '../../src/incident/contributors.ts'
import { encodeEvent } from '../../src/incident/event.ts'
import { Level, levelName } from '../../src/incident/level.ts'
import type { Observation } from '../../src/incident/observation.ts'
import type { StateChange } from '../../src/incident/state-change.ts'
import type { Outbox } from '../../src/outbox/outbox.ts'
import { StoreReader } from '../../src/outbox/reader.ts'
import { incidentEvent, NOW, open, settlement, storePath } from '../outbox/stored.ts'

const seen = (level: Level, more: Partial<Observation> = {}): Observation => ({
  ...{ endpoint: 'default', id: 'cpu', task: 'cpu', node: 'n2', group: 'host=a', level },
  ...{ time: 1n, at: NOW, noRecoveries: false, retriggerOnRise: true },
  ...more,
})

class Story {
  readonly book = new Book()
  readonly outbox: Outbox
  readonly #path: string
  #seq = 0
  #at = NOW

  constructor(outbox: Outbox, path: string) {
    this.outbox = outbox
    this.#path = path
  }

  /** One point, and what the book makes of it. */
  async point(level: Level, more: Partial<Observation> = {}): Promise<void> {
    const decision = this.book.observe(seen(level, more))
    if (decision)
      await this.commit(decision.opening, decision.changes, decision.news?.kind, {
        level: decision.news?.level ?? Level.ok,
        task: more.task ?? 'cpu',
      })
  }

  async commit(
    opening: number,
    changes: readonly StateChange[],
    kind?: 'trigger' | 'resolve',
    { level, task }: { readonly level: Level; readonly task: string } = { level: Level.ok, task: 'cpu' },
  ) {
    const event = kind && {
      ...{ seq: ++this.#seq, opening, task, kind, level },
      body: encodeEvent(incidentEvent({ kind, level: levelName(level) })),
    }
    await this.outbox.commit({ at: ++this.#at, changes, events: event ? [event] : [] })
  }

  told({ daemonRuns = true } = {}) {
    const store = StoreReader.open(this.#path)
    try {
      const [row] = store.incidents({ id: 'cpu' }, { limit: 1 })
      return explain(store, row!, { now: NOW, daemonRuns })
    } finally {
      store.close()
    }
  }

  get texts(): string[] {
    return this.told().steps.map(({ text }) => text)
  }
}

async function story(t: ExecutionContext): Promise<Story> {
  const path = await storePath(t)
  return new Story(await open(t, path), path)
}

const WHO = 'group host=a of task cpu, node n2'
const B = { group: 'host=b' }

test('each change stands with what was told of it, or why nothing was', async t => {
  const told = await story(t)
  await told.point(Level.warning)
  await told.point(Level.critical)
  await told.point(Level.warning)
  await told.point(Level.critical, B)
  await told.point(Level.ok)
  await told.point(Level.ok, B)
  t.deepEqual(told.texts, [
    'opened',
    `WARNING: ${WHO}`,
    'told: event 1, trigger WARNING',
    `CRITICAL: ${WHO}`,
    'told: event 2, trigger CRITICAL, since it rose above WARNING',
    `WARNING: ${WHO}. Nothing told: CRITICAL was told for this task before`,
    'CRITICAL: group host=b of task cpu, node n2. Nothing told: CRITICAL was told for this task before',
    `OK: ${WHO}. Nothing told: 1 more holds it open`,
    'OK: group host=b of task cpu, node n2',
    'told: event 3, resolve',
    'closed',
  ])
})

test('silence, a node that is gone, and a hand are named as what closed it', async t => {
  const silent = await story(t)
  await silent.point(Level.critical, { silentAfterMs: 1000 })
  await silent.point(Level.critical, { ...B, silentAfterMs: 1000 })
  silent.book.passSilence(0, () => true)
  const [closing] = silent.book.passSilence(1000, () => true).closed
  await silent.commit(1, closing!.changes, 'resolve')
  t.deepEqual(silent.texts.slice(-4), [
    `OK, since no point of it came: ${WHO}`,
    'OK, since no point of it came: group host=b of task cpu, node n2',
    'told: event 2, resolve',
    'closed',
  ])

  const muted = await story(t)
  await muted.point(Level.warning)
  await muted.commit(1, muted.book.mute('default', 'cpu')!.changes, 'resolve')
  await muted.point(Level.critical)
  await muted.point(Level.ok)
  t.deepEqual(muted.texts.slice(3), [
    'resolved by hand; nothing of it is news until all have recovered',
    'told: event 2, resolve',
    `CRITICAL: ${WHO}. Nothing told: it was resolved by hand`,
    `OK: ${WHO}. Nothing told: it was resolved by hand`,
    'closed',
  ])

  const gone = await story(t)
  await gone.point(Level.critical)
  await gone.commit(1, gone.book.forget('cpu', 'n2', () => true).closed[0]!.changes, 'resolve')
  t.is(gone.texts.at(-3), `OK, since its node is gone: ${WHO}`)
})

test('what the node or its endpoint does not want told is said so', async t => {
  const quiet = await story(t)
  await quiet.point(Level.warning, { noRecoveries: true })
  await quiet.point(Level.critical, { noRecoveries: true, retriggerOnRise: false })
  await quiet.point(Level.ok, { noRecoveries: true })
  t.deepEqual(quiet.texts.slice(3), [
    `CRITICAL: ${WHO}. Nothing told: its endpoint tells the first trigger alone (retrigger-on-rise = false)`,
    `OK: ${WHO}. Nothing told: its node tells no recoveries`,
    'closed',
  ])
})

test('an undelivered event says what it waits for, as far as the store knows', async t => {
  const told = await story(t)
  await told.point(Level.warning)
  await told.point(Level.critical)
  const waits = (options = {}) => told.told(options).steps.flatMap(({ event }) => event?.waits ?? [])
  const TURN = 'waits for its turn: rate and concurrency; only the sidecar knows when'
  const BEHIND = 'waits for event 1 of the incident, which goes first'
  t.deepEqual(waits(), [TURN, BEHIND])
  t.is(waits({ daemonRuns: false })[0], 'no sidecar runs: it is tried after the next start')

  const [claim] = await told.outbox.claim([1], NOW)
  t.is(waits()[0], 'waits for the answer of the attempt under way')
  const failure = { outcome: 'retry', received: 'no', status: 503, text: '503 Service Unavailable' } as const
  await told.outbox.settle([settlement(claim!.attempt, 1, { ...failure, dueAt: NOW + 5000 })])
  t.is(waits()[0], `waits until ${new Date(NOW + 5000).toISOString()}: the pause after a failure`)

  const [again] = await told.outbox.claim([1], NOW)
  await told.outbox.settle([settlement(again!.attempt, 1, failure)])
  t.regex(waits()[0]!, /^waits for its endpoint, which is probed .*: 503 Service Unavailable$/)
})

test('an event of another incident says what its endpoint answered last', async t => {
  const told = await story(t)
  await told.point(Level.critical, { id: 'other' })
  const [claim] = await told.outbox.claim([1], NOW)
  await told.outbox.settle([
    settlement(claim!.attempt, 1, { outcome: 'blocked', received: 'no', status: 404, text: '404 Not Found' }),
  ])
  await told.point(Level.critical)
  const [waits] = told.told().steps.flatMap(({ event }) => event?.waits ?? [])
  t.is(waits, 'waits for its endpoint, whose last answer (to event 1) was: 404 Not Found')
})

test('points without a level, and an occurrence whose recovery was never posted, are in the story', async t => {
  const stuck = await story(t)
  await stuck.point(Level.critical)
  const who = { endpoint: 'default', id: 'cpu', task: 'cpu', node: 'n2', group: 'host=a' }
  for (let n = 0; n < 2; n++) {
    const change = stuck.book.withoutLevel(who, () => 'have no "inodes"')
    if (change) await stuck.commit(1, [change])
  }
  t.deepEqual(stuck.texts.slice(-1), [
    `no level: points of ${WHO} have no "inodes". Its level stays as it is`,
  ])

  const posted = await story(t)
  const post = { ...POSTS, alertTime: 1n }
  await posted.point(Level.critical, post)
  await posted.point(Level.critical, { ...post, again: 'occurrence', alertTime: 2n })
  t.deepEqual(posted.texts.slice(-2), [
    'CRITICAL, another occurrence; the recovery before it was never posted: what was posted',
    'told: event 2, trigger CRITICAL',
  ])
  await posted.point(Level.critical, { ...post, again: 'reminder', alertTime: 3n })
  t.deepEqual(posted.texts.slice(-1), ['told: event 3, trigger CRITICAL, again after the time that was set'])
  await posted.point(Level.ok, { ...post, again: 'occurrence', alertTime: 4n })
  t.deepEqual(posted.texts.slice(-3), [
    'OK, since another occurrence was posted; the recovery of this one never was: what was posted',
    'told: event 4, resolve',
    'closed',
  ])
})
