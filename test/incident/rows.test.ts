// Points as rows of Kapacitor's alert JSON: which columns, in which order, with which holes, and what is left out.
import test from 'ava'
import type { Consumed } from '../../src/incident/reading.ts'
import { NOTHING_CONSUMED } from '../../src/incident/reading.ts'
import { type BatchHead, batchColumns, seriesOfBatch, seriesOfPoint } from '../../src/incident/rows.ts'
import { point } from './points.ts'

const consumed = (parts: { fields?: string[]; tags?: string[] }): Consumed => ({
  fields: new Set(parts.fields ?? []),
  tags: new Set(parts.tags ?? []),
})

test('a point is one row: its time, then its fields in the order of their names', t => {
  const series = seriesOfPoint(
    point({
      name: 'disk',
      at: 90,
      tags: { host: 'alpha', path: '/var' },
      fields: { used: 97.5, inodes: 9_223_372_036_854_775_807n, Free: 3n, 'a b': 'text', ok: false },
    }),
    NOTHING_CONSUMED,
  )
  t.deepEqual(series, {
    name: 'disk',
    tags: { host: 'alpha', path: '/var' },
    columns: ['time', 'Free', 'a b', 'inodes', 'ok', 'used'],
    values: [['1970-01-01T00:01:30Z', 3n, 'text', 9_223_372_036_854_775_807n, false, 97.5]],
  })
})

test('columns sort by bytes, as in Go, not by UTF-16 units', t => {
  const fields = { '\u{1f525}': 1, '\uffee': 2, z: 3, é: 4 }
  t.deepEqual(seriesOfPoint(point({ fields }), NOTHING_CONSUMED).columns, [
    'time',
    'z',
    'é',
    '\uffee',
    '\u{1f525}',
  ])
})

test('what JSON cannot hold is a text, as Go prints it', t => {
  const fields = { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY, d: -0.5 }
  t.deepEqual(seriesOfPoint(point({ fields }), NOTHING_CONSUMED).values[0]?.slice(1), [
    'NaN',
    '+Inf',
    '-Inf',
    -0.5,
  ])
})

test('what was read as level, id, message or duration is no data', t => {
  const series = seriesOfPoint(
    point({ fields: { level: 'OK', message: 'm', usage: 5 }, tags: { alertID: 'x', host: 'alpha' } }),
    consumed({ fields: ['level', 'message'], tags: ['alertID'] }),
  )
  t.deepEqual(series.columns, ['time', 'usage'])
  t.deepEqual(series.values, [['1970-01-01T00:00:00Z', 5]])
  t.deepEqual(series.tags, { host: 'alpha' })
})

test("a group tag of the user's own stays, also when it was read as the id", t => {
  const series = seriesOfPoint(
    point({ dimensions: ['id'], tags: { id: 'x', level: 'OK' } }),
    consumed({ tags: ['id', 'level'] }),
  )
  t.deepEqual(series.tags, { id: 'x' })
})

test('a field and a tag of one name are told apart', t => {
  const both = point({ fields: { host: 'as a field' }, tags: { host: 'as a tag' } })
  t.deepEqual(seriesOfPoint(both, consumed({ fields: ['host'] })).tags, { host: 'as a tag' })
  t.deepEqual(seriesOfPoint(both, consumed({ fields: ['host'] })).columns, ['time'])
  t.deepEqual(seriesOfPoint(both, consumed({ tags: ['host'] })).columns, ['time', 'host'])
})

const head = (tags: Readonly<Record<string, string>>): BatchHead => ({
  name: 'cpu',
  byName: false,
  tags: new Map(Object.entries(tags)),
})

const first = point({ fields: { usage: 1, idle: 2n }, tags: { host: 'alpha', cpu: 'cpu0' } })

test("a batch's columns are the first point's fields and the tags that are not the batch's, sorted together", t => {
  t.deepEqual(batchColumns(head({ host: 'alpha' }), first, NOTHING_CONSUMED), ['cpu', 'idle', 'usage'])
  t.deepEqual(batchColumns(head({}), first, NOTHING_CONSUMED), ['cpu', 'host', 'idle', 'usage'])
})

test('a name that is both a field and a tag of the first point is one column, the field', t => {
  const both = point({ fields: { cpu: 7 }, tags: { cpu: 'cpu0' } })
  const columns = batchColumns(head({}), both, NOTHING_CONSUMED)
  t.deepEqual(columns, ['cpu'])
  t.deepEqual(seriesOfBatch(head({}), columns, [both], NOTHING_CONSUMED).values, [
    ['1970-01-01T00:00:00Z', 7],
  ])
})

test('a row of a batch has holes where its point lacks a column, and nothing that is none', t => {
  const points = [first, point({ at: 1, fields: { usage: 3, load: 9 }, tags: { cpu: 'cpu1' } })]
  const columns = batchColumns(head({ host: 'alpha' }), first, NOTHING_CONSUMED)
  t.deepEqual(seriesOfBatch(head({ host: 'alpha' }), columns, points, NOTHING_CONSUMED), {
    name: 'cpu',
    tags: { host: 'alpha' },
    columns: ['time', 'cpu', 'idle', 'usage'],
    values: [
      ['1970-01-01T00:00:00Z', 'cpu0', 2n, 1],
      ['1970-01-01T00:00:01Z', 'cpu1', null, 3],
    ],
  })
})

test('a batch leaves out what upstream put into its tags and its points', t => {
  const added = consumed({ fields: ['message'], tags: ['alertID', 'level'] })
  const levelled = head({ host: 'alpha', alertID: 'x', level: 'WARNING' })
  const one = point({
    fields: { usage: 1, message: 'm' },
    tags: { host: 'alpha', alertID: 'x', level: 'WARNING' },
  })
  const columns = batchColumns(levelled, one, added)
  t.deepEqual(columns, ['usage'])
  t.deepEqual(seriesOfBatch(levelled, columns, [one], added).tags, { host: 'alpha' })
})
