// Points that are written here are what protobufjs reads: all of them, in order, one frame each.
import test from 'ava'
import fc from 'fast-check'
import { openEnvelope } from '../../src/wire/messages.ts'
import { PointView } from '../../src/wire/point-view.ts'
import { encodeHead, type Field, type PointHead, PointWriter } from '../../src/wire/point-writer.ts'
import { requests } from '../../src/wire/requests.ts'
import { bodies } from '../fakes/recordings.ts'
import { plainRequest } from '../fakes/udf-types.ts'

const text = fc.string({ unit: 'binary', maxLength: 200 }).map(value => value.toWellFormed())
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const value = fc.oneof(fc.double(), int64, text, fc.boolean())
const head: fc.Arbitrary<PointHead> = fc.record({
  name: text,
  database: text,
  retentionPolicy: text,
  group: text,
  dimensions: fc.array(text, { maxLength: 4 }),
  byName: fc.boolean(),
  tags: fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 5 }),
})
const fields = fc.uniqueArray(fc.tuple(text, value), { selector: ([name]) => name, maxLength: 8 })
const point = fc.record({ head, fields, time: int64 })

test('what is written is read again, member by member, from one piece of many frames', t => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 5 }), points => {
      const writer = new PointWriter(1)
      for (const { head, time, fields } of points) writer.point(encodeHead(head), time, fields as Field[])
      const found = bodies(writer.take()).map(plainRequest)
      t.is(found.length, points.length)
      for (const [index, { head, time, fields }] of points.entries()) {
        const { message, point: read } = found[index]! as { message: string; point: Record<string, unknown> }
        t.is(message, 'point')
        const { dimensions, tags, ...rest } = head
        t.like(read, { ...rest, time: String(time) })
        t.deepEqual(read.dimensions, dimensions)
        t.deepEqual(entries(read.tags), [...tags].sort(byName))
        t.deepEqual(fieldsOf(read), fields.map(([name, value]) => [name, plain(value)] as const).sort(byName))
      }
    }),
    { numRuns: 200 },
  )
})

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0
const entries = (map: unknown): [string, unknown][] =>
  Object.entries(map as Record<string, unknown>).sort(byName)
const plain = (value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)
const fieldsOf = (point: Record<string, unknown>): [string, unknown][] =>
  ['fieldsDouble', 'fieldsInt', 'fieldsString', 'fieldsBool']
    .flatMap(kind => entries(point[kind]))
    .sort(byName)

test('what was taken stays as it is while more is written', t => {
  const writer = new PointWriter(16)
  const series = encodeHead({ group: '', tags: [] })
  writer.point(series, 1n, [['usage', 1]])
  const first = writer.take()
  const copy = Buffer.from(first)
  writer.point(series, 2n, [['usage', 2]])
  t.deepEqual(first, copy)
  t.is(writer.size > 0, true)
  t.is(bodies(writer.take()).length, 1)
  t.is(writer.take().length, 0)
})

test('the decoder of points takes them as Kapacitor’s own', t => {
  const writer = new PointWriter()
  const series = encodeHead({ name: 'cpu', group: 'host=a', dimensions: ['host'], tags: [['host', 'a']] })
  writer.point(series, -1n, [
    ['usage', 90.5],
    ['ok', false],
  ])
  const [body] = bodies(writer.take())
  const { start, end } = openEnvelope(body!, 0, body!.length)
  const view = new PointView().read(body!, start, end)
  t.deepEqual([view.name, view.time, view.tag('host'), view.field('usage')], ['cpu', -1n, 'a', 90.5])
  t.is(view.field('ok'), false)
})

test('an Init and the edges of a batch are what protobufjs reads', t => {
  const options = [
    { name: 'crit', values: [{ type: 'STRING', value: '"usage" > 90' }] },
    { name: 'recoveryDelay', values: [{ type: 'DURATION', value: 30_000_000_000n }] },
    { name: 'noRecoveries', values: [] },
  ] as const
  const edge = { name: 'cpu', group: 'host=a', tags: { host: 'a' } }
  const all = Buffer.concat([
    requests.init({ taskID: 'cpu', nodeID: 'replay', options }),
    requests.begin(edge, 3, true),
    requests.end(edge, 5n),
  ])
  t.like(bodies(all).map(plainRequest), [
    {
      init: {
        taskID: 'cpu',
        nodeID: 'replay',
        options: [
          { name: 'crit', values: [{ type: 'STRING', stringValue: '"usage" > 90' }] },
          { name: 'recoveryDelay', values: [{ type: 'DURATION', durationValue: '30000000000' }] },
          { name: 'noRecoveries', values: [] },
        ],
      },
    },
    { begin: { ...edge, size: '3', byName: true } },
    { end: { ...edge, tmax: '5' } },
  ])
})
