// Batches of a recording, one a line of JSON: read as Kapacitor replays them; what is none says what was expected.
import test from 'ava'
import { BatchLines, readBatch } from '../../src/replay/batch-lines.ts'
import { LineError } from '../../src/replay/line-error.ts'

const TIME = '2026-06-01T00:00:01.000000005Z'
const NS = BigInt(Date.UTC(2026, 5, 1, 0, 0, 1)) * 1_000_000n + 5n
const point = (more: object = {}): object => ({ fields: { x: 1 }, tags: { host: 'a' }, time: TIME, ...more })
const batch = (points: readonly object[], more: object = {}): string =>
  JSON.stringify({ name: 'cpu', tags: { host: 'a' }, points, ...more })

test('a point without tags has those of its batch, and null is no field', t => {
  const read = readBatch(batch([point({ tags: null, fields: { x: 1, y: null, s: 'a', b: false } })]))!
  t.deepEqual(read.points, [
    {
      time: NS,
      tags: { host: 'a' },
      fields: [
        ['x', 1],
        ['s', 'a'],
        ['b', false],
      ],
    },
  ])
})

test('its time is not before that of its last point', t => {
  t.is(readBatch(batch([point()]))!.time, NS)
  t.is(readBatch(batch([point()], { tmax: '2026-06-01T00:00:00Z' }))!.time, NS)
  t.is(readBatch(batch([point()], { tmax: '2026-06-01T00:00:02Z' }))!.time, NS - 5n + 1_000_000_000n)
})

test('a batch without points is passed over, as Kapacitor does', t => {
  t.is(readBatch(batch([])), undefined)
  t.is(readBatch('{}'), undefined)
})

test('what is no batch is refused with what was expected', t => {
  for (const [text, says] of [
    ['cpu x=1 1', /expected a batch, as JSON with name, tags and points; found "cpu x=1 1"/],
    ['[1]', /expected a batch/],
    [batch([point({ time: 'noon' })]), /expected a time in RFC 3339, found "noon"/],
    [batch([point({ fields: { x: [1] } })]), /the field "x" is no number, text or boolean/],
  ] as const)
    t.regex(t.throws(() => readBatch(text), { instanceOf: LineError }).message, says)
})

test('a bad batch is told with its line, and the others are read', t => {
  const reader = new BatchLines('f.brpl')
  const bytes = Buffer.from(`${batch([point()])}\n{\n\n${batch([point()])}`)
  const moments = [bytes.subarray(0, 20), bytes.subarray(20), undefined].flatMap(piece => [
    ...reader.read(piece),
  ])
  t.deepEqual(
    moments.map(({ kind }) => kind),
    ['batch', 'bad', 'batch'],
  )
  t.regex(moments[1]!.kind === 'bad' ? moments[1]!.error.message : '', /^f\.brpl, line 2: expected a batch/)
})
