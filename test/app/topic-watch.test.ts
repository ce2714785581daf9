// What was missed and stands in a topic of which Kapacitor's API tells no events: it is read from the database.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import test from 'ava'
import { TopicWatch } from '../../src/app/topic-watch.ts'
import { Book } from '../../src/incident/book.ts'
import { NodeJudge } from '../../src/incident/judge.ts'
import type { Change } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import { Reconciler } from '../../src/kapacitor/reconcile.ts'
import { readScript } from '../../src/kapacitor/script.ts'
import type { KapacitorTelemetry } from '../../src/telemetry/kapacitor-telemetry.ts'
import { FakeClock } from '../fakes/clock.ts'
import { nodeWith, point } from '../incident/points.ts'

const databaseOf = (version: string): Buffer =>
  gunzipSync(readFileSync(new URL(`../fixtures/kapacitor-databases/${version}.db.gz`, import.meta.url)))
const POLICY = { endpoint: 'default', minLevel: Level.info, retriggerOnRise: true }
const SETTINGS = nodeWith({ task: 'slash', node: 'squadcast3' })
const SCRIPT = readScript(
  "stream|from()|alert().crit(lambda: \"bad\" == 1).idField('id').levelField('level').topic('infra/checks')@squadcast()",
  ['squadcast'],
)
/** Before all that the database says. */
const EARLIER = 1_796_000_000

class Stage {
  readonly clock = new FakeClock()
  readonly book = new Book()
  readonly committed: Change[] = []
  readonly unreadable: string[] = []
  backups = 0
  database = databaseOf('1.5.9')
  list: unknown = { topics: [{ id: 'infra/checks', level: 'CRITICAL', collected: 5 }] }
  after: unknown
  error: Error | undefined
  readonly watch = new TopicWatch({
    client: {
      dot: async () => 'digraph slash {\nfrom1 -> alert2;\nalert2 -> squadcast3;\n}',
      topic: async topic => {
        throw new Error(`the API was asked for ${topic}`)
      },
      backup: async () => {
        this.backups++
        if (this.error) throw this.error
        return { before: this.list, database: this.database, after: this.after ?? this.list }
      },
    },
    book: this.book,
    clock: this.clock,
    reconciler: new Reconciler(),
    liveNodes: () => [{ settings: SETTINGS, since: 0 }],
    isRunning: () => true,
    policy: () => POLICY,
    commit: async changes => this.committed.push(...changes),
    commitState: async () => {},
    telemetry: {
      reconciled: () => {},
      topicUnreadable: ({ topic, error }: { topic: string; error: unknown }) =>
        this.unreadable.push(`${topic}: ${(error as Error).message}`),
    } as unknown as KapacitorTelemetry,
  })

  /** A point of the alert, as it came before the connection was lost. */
  open(id: string, at = EARLIER): void {
    const judge = new NodeJudge(
      SETTINGS,
      this.book,
      () => POLICY,
      () => 0,
    )
    judge.point(point({ at, dimensions: ['svc'], tags: { svc: id }, fields: { level: 'CRITICAL', id } }))
  }

  async rounds(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      await this.watch.round(new Map([['slash', SCRIPT]]))
      await this.clock.advance(10_000)
    }
  }

  get told(): string[] {
    return this.committed.map(({ event }) => `${event?.incident} ${event?.level}`)
  }
}

test('a recovery that only the database knows resolves its incident, and what else was missed is notified', async t => {
  const stage = new Stage()
  for (const id of ['slash/a', 'slash/b']) stage.open(id)
  stage.watch.connected(SETTINGS)
  await stage.rounds(9)
  t.deepEqual(stage.told.sort(), ['slash/a OK', 'slash/c WARNING', 'slash/ü/ö x CRITICAL'])
  t.deepEqual(stage.unreadable, [])
})

test('Kapacitor 1.8.3 forgets an id that has recovered: absent from a database that is current, it has', async t => {
  const stage = new Stage()
  stage.database = databaseOf('1.8.3')
  for (const id of ['slash/a', 'slash/b']) stage.open(id)
  stage.watch.connected(SETTINGS)
  await stage.rounds(9)
  t.deepEqual(stage.told.sort(), ['slash/a OK', 'slash/c WARNING', 'slash/ü/ö x CRITICAL'])

  // Nothing in it is as new as the incident: it may be of long ago.
  const old = new Stage()
  old.database = stage.database
  old.open('slash/a', 2 * EARLIER)
  old.watch.connected(SETTINGS)
  await old.rounds(9)
  t.false(old.told.includes('slash/a OK'))
})

test('the database is not read over and over', async t => {
  const stage = new Stage()
  stage.open('slash/a')
  stage.watch.connected(SETTINGS)
  await stage.rounds(360)
  t.true(stage.backups < 30, `${stage.backups} times in an hour`)
})

test('a topic that Kapacitor does not know, or that was written to meanwhile, counts as unknown', async t => {
  const head = { id: 'infra/checks', level: 'CRITICAL', collected: 5 }
  for (const [before, after] of [
    [null, null],
    [[head], [{ ...head, collected: 6 }]],
  ]) {
    const stage = new Stage()
    stage.list = { topics: before }
    stage.after = { topics: after }
    stage.open('slash/a')
    stage.watch.connected(SETTINGS)
    await stage.rounds(9)
    t.deepEqual(stage.told, [])
  }
})

test('where it is not to be had that is said once an hour, with the reason, and nothing is done', async t => {
  const stage = new Stage()
  stage.error = new Error('Kapacitor wants another login')
  stage.open('slash/a')
  stage.watch.connected(SETTINGS)
  await stage.rounds(9)
  t.deepEqual(stage.told, [])
  t.deepEqual(stage.unreadable, ['infra/checks: Kapacitor wants another login'])
})
