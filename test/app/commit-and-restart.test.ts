// The book and a real store file: what was committed is all that a daemon needs to go on as if never stopped.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { Committer } from '../../src/app/committer.ts'
import { ReceivedOpenings } from '../../src/app/received-openings.ts'
import type { PendingEvent } from '../../src/delivery/ledger.ts'
import { Book } from '../../src/incident/book.ts'
import type { Change } from '../../src/incident/judgement.ts'
import { Level, levelName } from '../../src/incident/level.ts'
import type { Observation } from '../../src/incident/observation.ts'
import { Outbox } from '../../src/outbox/outbox.ts'
import { loadAll, QUIET, storeAt } from '../outbox/stored.ts'
import { cpuEvent } from '../squadcast/events.ts'

const NOW = 1_780_000_000_000

const observation: fc.Arbitrary<Observation> = fc.record({
  endpoint: fc.constantFrom('default', 'other'),
  id: fc.constantFrom('a', 'b', 'ü\n🔥'),
  task: fc.constantFrom('cpu', 'memory'),
  node: fc.constant('squadcast2'),
  group: fc.constantFrom('nil', "host='y'"),
  level: fc.constantFrom(...Object.values(Level), Level.ok, Level.ok, Level.ok),
  at: fc.nat(1000),
  time: fc.constantFrom(-5n, 0n, 2n ** 63n - 1n, 1_780_000_000_123_456_789n),
  noRecoveries: fc.constantFrom(false, false, true),
  retriggerOnRise: fc.constantFrom(true, true, false),
})

function changeOf(book: Book, seen: Observation): Change[] {
  const decision = book.observe(seen)
  if (!decision) return []
  const { changes, opening, news } = decision
  const event = news && {
    ...cpuEvent({ kind: news.kind, incident: seen.id, task: seen.task }),
    level: levelName(news.level),
    previousLevel: levelName(news.previousLevel),
  }
  return [{ changes, opening, endpoint: seen.endpoint, level: seen.level, ...(event && { event }) }]
}

async function run(
  path: string,
  steps: readonly Observation[],
): Promise<{ book: Book; offered: PendingEvent[] }> {
  const outbox = await Outbox.open(storeAt(path), QUIET)
  const offered: PendingEvent[] = []
  const committer = new Committer({
    outbox,
    offer: events => offered.push(...events),
    withdraw() {},
    received: new ReceivedOpenings([]),
    wallMs: () => NOW,
    monotonicMs: () => 0,
    lastSeq: 0,
    failed: () => {},
  })
  const book = new Book()
  const commits: Promise<unknown>[] = []
  for (const [index, seen] of steps.entries()) {
    const changes = changeOf(book, seen)
    if (changes.length > 0) commits.push(committer.commit(changes))
    const { opening } = changes[0] ?? {}
    if (index % 10 !== 0 || opening === undefined) continue
    const untold = book.untell(opening, seen.endpoint, seen.id, seen.task)
    if (untold) commits.push(committer.commitState([untold]))
  }
  await Promise.all(commits)
  await outbox.close()
  return { book, offered }
}

for (const seed of [1, 2, 3])
  test(`after a restart, open incidents and events to deliver are those that were committed (seed ${seed})`, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'kapacitor-squadcast-'))
    t.teardown(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'outbox.db')
    const [before, after] = [
      fc.sample(observation, { seed, numRuns: 300 }),
      fc.sample(observation, { seed: -seed, numRuns: 200 }),
    ]
    const { book, offered } = await run(path, before)

    const outbox = await Outbox.open(storeAt(path), QUIET)
    t.teardown(() => outbox.close())
    const loaded = await loadAll(outbox)
    const restored = new Book(loaded.incidents, loaded.lastOpening)

    t.true(offered.length > 50)
    const stored = offered.map(({ readAt: _, ...event }) => event)
    t.deepEqual(loaded.pending, stored)
    t.is(loaded.lastSeq, offered.length)
    t.is(restored.size, book.size)
    t.true(restored.size > 0)
    for (const seen of after) t.deepEqual(restored.observe(seen), book.observe(seen))
  })
