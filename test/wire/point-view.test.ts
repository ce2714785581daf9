import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { openEnvelope, RequestKind } from '../../src/wire/messages.ts'
import { PointView } from '../../src/wire/point-view.ts'
import { WireError } from '../../src/wire/wire-error.ts'
import { bodies, recording, TASKS } from '../fakes/recordings.ts'
import { encodeRequest, type PlainPoint, plainRequest } from '../fakes/udf-types.ts'

function view(body: Buffer): PointView {
  const envelope = openEnvelope(body, 0, body.length)
  return new PointView().read(body, envelope.start, envelope.end)
}

/** What the full decode says, by Kapacitor's precedence of types. */
function expectedFields(point: PlainPoint): Map<string, unknown> {
  return new Map<string, unknown>([
    ...Object.entries(point.fieldsString),
    ...Object.entries(point.fieldsInt).map(([name, value]) => [name, BigInt(value)] as const),
    ...Object.entries(point.fieldsDouble),
    ...Object.entries(point.fieldsBool),
  ])
}

const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))

function equalToFullDecode(t: ExecutionContext, body: Buffer): void {
  const full = plainRequest(body).point as PlainPoint
  const point = view(body)
  t.deepEqual(sorted(point.fields()), sorted(expectedFields(full)))
  t.deepEqual(sorted(point.tags()), sorted(new Map(Object.entries(full.tags))))
  t.deepEqual(
    [point.time, point.name, point.database, point.dimensions, point.byName],
    [BigInt(full.time), full.name, full.database, full.dimensions, full.byName],
  )
  for (const [name, value] of expectedFields(full)) t.deepEqual(point.field(name), value)
  for (const [name, value] of Object.entries(full.tags)) {
    t.is(point.tag(name), value)
    t.deepEqual(mixed(point, name), [...Buffer.from(value)])
  }
}

/** The bytes that are mixed of a tag. */
function mixed(point: PointView, name: string): number[] {
  const bytes: number[] = []
  point.mixTag(name, 0, (_, byte) => bytes.push(byte))
  return bytes
}

for (const task of TASKS) {
  test(`points of ${task} read as by the full decoder`, t => {
    const points = bodies(recording(`${task}.1`)).filter(body => plainRequest(body).message === 'point')
    t.true(points.length > 0)
    for (const point of points) equalToFullDecode(t, point)
  })
}

const name = fc.oneof(fc.constantFrom('level', 'usage', '', '__proto__x', 'é', 'a'.repeat(200)), fc.string())
const randomPoint = fc.record({
  time: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  name,
  database: name,
  group: name,
  dimensions: fc.array(name, { maxLength: 4 }),
  tags: fc.dictionary(name, name),
  fieldsDouble: fc.dictionary(name, fc.double()),
  fieldsInt: fc.dictionary(name, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  fieldsString: fc.dictionary(name, name),
  fieldsBool: fc.dictionary(name, fc.boolean()),
  byName: fc.boolean(),
})

test('random points read as by the full decoder', t => {
  fc.assert(fc.property(randomPoint, point => equalToFullDecode(t, encodeRequest({ point }))))
  t.pass()
})

test('dimensions are those of the point at hand, whatever the one before was grouped by', t => {
  const dimensions = fc.array(fc.constantFrom('host', 'hose', 'cpu', 'é', ''), { maxLength: 3 })
  fc.assert(
    fc.property(fc.array(dimensions, { maxLength: 10 }), lists => {
      const point = new PointView()
      for (const list of lists) {
        const body = encodeRequest({ point: { name: 'cpu', dimensions: list } })
        const { start, end } = openEnvelope(body, 0, body.length)
        t.deepEqual(point.read(body, start, end).dimensions, list)
      }
    }),
  )
})

test('a damaged point is refused or read, and nothing else happens', t => {
  fc.assert(
    fc.property(randomPoint, fc.nat(), fc.nat(255), (point, place, byte) => {
      const body = encodeRequest({ point })
      body[place % body.length] = byte
      try {
        const envelope = openEnvelope(body, 0, body.length)
        if (envelope.kind !== RequestKind.point) return
        const read = new PointView().read(body, envelope.start, envelope.end)
        read.fields()
        read.tags()
      } catch (error) {
        t.true(error instanceof WireError, String(error))
      }
    }),
    { numRuns: 2000 },
  )
  t.pass()
})

test('of a duplicated key the last value counts', t => {
  const body = Buffer.concat([
    encodeRequest({ point: { tags: { host: 'first' } } }),
    encodeRequest({ point: { tags: { host: 'second' } } }).subarray(3),
  ])
  body[2] = body.length - 3
  t.is(view(body).tag('host'), 'second')
})

/** A point with a text of two bytes, `~~`, in the place that is asked for, and plain ones before and behind it. */
const PLACES: Readonly<Record<string, object>> = {
  name: { name: 'cpu~~' },
  database: { database: '~~' },
  'retention policy': { retentionPolicy: 'auto~~gen' },
  group: { group: 'host=~~' },
  dimension: { dimensions: ['cpu', '~~', 'host'] },
  "tag's name": { tags: { a: 'b', '~~c': 'd' } },
  "tag's value": { tags: { a: 'b', c: '~~' } },
  'name of a double': { fieldsDouble: { a: 1.5, 'usage~~': -1.5 } },
  'name of an int': { fieldsDouble: { a: 1.5 }, fieldsInt: { b: '-1', '~~': '-1' } },
  'name of a string': { fieldsInt: { b: '-1' }, fieldsString: { 'level~~': 'OK' } },
  'value of a string': { fieldsDouble: { a: -1.5 }, fieldsString: { level: 'O~~K' } },
  'name of a bool': { fieldsString: { level: 'OK' }, fieldsBool: { '~~': true } },
}

for (const [place, parts] of Object.entries(PLACES)) {
  test(`what is not UTF-8 in the ${place} is refused, and what is beyond ASCII is read`, t => {
    const point = {
      time: '-1',
      name: 'cpu',
      group: 'host=a',
      dimensions: ['host'],
      tags: { host: 'a' },
      ...parts,
    }
    const body = encodeRequest({ point })
    const at = body.indexOf('~~')
    body.set([0xc3, 0xa9], at)
    equalToFullDecode(t, body)
    for (const wrong of [
      [0xff, 0x7e],
      [0x7e, 0xc3],
    ]) {
      body.set(wrong, at)
      t.throws(() => view(body), { instanceOf: WireError })
    }
  })
}
