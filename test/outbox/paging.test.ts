// A million events: no question that people ask walks through them. Asserted by how SQLite says it goes about each,
// never by time.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import test from 'ava'
import {
  deadLettersQuery,
  NEWER_RECEIVED,
  type Query,
  RESOLVE_WAITS,
} from '../../src/outbox/dead-letter-rows.ts'
import { QUERIES } from '../../src/outbox/event-rows.ts'
import { CONTRIBUTORS, incidentsQuery } from '../../src/outbox/incident-rows.ts'
import { PAST } from '../../src/outbox/past-rows.ts'
import { StoreReader } from '../../src/outbox/reader.ts'
import { migrate } from '../../src/outbox/schema.ts'

const EVENTS = 1_000_000
const OPENINGS = EVENTS / 2

/** Each incident with its trigger and resolve; one in a thousand of the triggers a dead letter. */
const HISTORY = `
  BEGIN;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${OPENINGS})
  INSERT INTO incident (opening, endpoint, id, opened_time, opened_at, closed_at)
    SELECT i, iif(i % 3, 'default', 'other'), 'cpu:' || (i % 1000), i, i, iif(i > ${OPENINGS} - 100, NULL, i)
    FROM n WHERE i <= ${OPENINGS};
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${EVENTS})
  INSERT INTO event (seq, opening, task, kind, level, created_at, body, state, settled_at)
    SELECT i, (i + 1) / 2, 'cpu', iif(i % 2, 'trigger', 'resolve'), iif(i % 2, 3, 0), i, '{}',
      iif(i % 1000 = 1, 'dead', 'delivered'), i FROM n;
  COMMIT`

let path: string

test.before('a million events, made in one transaction', async t => {
  path = join(await mkdtemp(join(tmpdir(), 'paging-')), 'outbox.db')
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
  migrate(db)
  db.exec(HISTORY)
  db.close()
  t.pass()
})

test.after.always(() => rm(dirname(path), { recursive: true, force: true }))

/** How SQLite goes about it, but for what walks along values given in the question. */
const plan = (db: DatabaseSync, { sql, values }: Query): string[] =>
  (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[])
    .map(({ detail }) => detail)
    .filter(detail => !detail.startsWith('SCAN json_each'))

const asked = (sql: string, ...values: SQLInputValue[]): Query => ({ sql, values })
const page = { before: 700_000, limit: 50 }

const QUESTIONS: Readonly<Record<string, Query>> = {
  'open incidents': incidentsQuery({ isOpen: true }, page),
  'open incidents of an endpoint and level': incidentsQuery(
    { isOpen: true, endpoint: 'other', level: 2 },
    page,
  ),
  'an open incident by id': incidentsQuery({ isOpen: true, id: 'cpu:5' }, page),
  'all incidents': incidentsQuery({}, page),
  'all incidents of an endpoint and level': incidentsQuery({ endpoint: 'other', level: 3 }, page),
  'openings of an id': incidentsQuery({ id: 'cpu:5' }, page),
  'one opening': incidentsQuery({ id: 'cpu:5', opening: 5 }, page),
  contributors: asked(CONTRIBUTORS, 5),
  'events of an opening': asked(QUERIES.events, 5),
  'one event': asked(QUERIES.event, 5),
  'its body': asked(QUERIES.body, 5),
  'its attempts': asked(QUERIES.attempts, 5),
  'the story of an opening': asked(QUERIES.story, 5, 0, 100),
  'the last answer of an endpoint': asked(QUERIES.lastAttempt, 'default'),
  'dead letters, newest first': deadLettersQuery({}, { order: 'descending', from: 900_000, limit: 50 }),
  'dead letters, oldest first': deadLettersQuery({}, { order: 'ascending', from: 0, limit: 50 }),
  'dead letters by endpoint, fault and time': deadLettersQuery(
    { endpoint: 'other', fault: 'own', since: 1, until: 9 },
    { order: 'ascending', from: 0, limit: 50 },
  ),
  'dead letters by number': deadLettersQuery({ seqs: [1, 2] }, { order: 'ascending', limit: 50 }),
  'newer events of an incident': asked(NEWER_RECEIVED, 'cpu:5', 5, 'default', 5),
  'a resolve that waits': asked(RESOLVE_WAITS, 5, 5),
  'events made lately': asked(PAST.made, 900_000, 500),
  'events settled lately': asked(PAST.settled, 'delivered', 900_000, 999_999, 500),
}

test('over a million events, every question goes by an index, and none sorts or walks the history', t => {
  const db = new DatabaseSync(path, { readOnly: true })
  t.teardown(() => db.close())
  for (const [name, query] of Object.entries(QUESTIONS)) {
    const steps = plan(db, query)
    t.true(steps.length > 0, name)
    for (const step of steps) t.notRegex(step, /^SCAN |TEMP B-TREE/, `${name}: ${steps.join(' | ')}`)
  }
})

test('over a million events, pages follow one another without a gap', t => {
  const store = StoreReader.open(path)
  t.teardown(() => store.close())
  const open: number[] = []
  for (let before: number | undefined; ; before = open.at(-1)) {
    const rows = store.incidents({ isOpen: true }, { before, limit: 30 })
    open.push(...rows.map(({ opening }) => opening))
    if (rows.length < 30) break
  }
  t.deepEqual(
    open,
    Array.from({ length: 100 }, (_, index) => OPENINGS - index),
  )
  const dead: number[] = []
  for (let from: number | undefined; ; from = dead.at(-1)) {
    const rows = store.deadLetters({}, { order: 'descending', from, limit: 300 })
    dead.push(...rows.map(({ seq }) => seq))
    if (rows.length < 300) break
  }
  t.deepEqual(
    dead,
    Array.from({ length: 1000 }, (_, index) => EVENTS - 999 - 1000 * index),
  )
})
