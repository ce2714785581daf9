// Files of points that arrive in pieces: cut anywhere they hold the same; lines keep their numbers; a text may go over
// several lines; a line that cannot be read takes no other with it.
import test from 'ava'
import fc from 'fast-check'
import { TooLongLine } from '../../src/replay/lines.ts'
import type { Moment } from '../../src/replay/moment.ts'
import { LONGEST_LINE, looksRecorded, PointLines } from '../../src/replay/point-lines.ts'

function moments(pieces: readonly Buffer[], isRecording = false): Moment[] {
  const reader = new PointLines('f.lp', { isRecording, precision: 'ns' })
  return [...pieces, undefined].flatMap(piece => [...reader.read(piece)])
}

const plain = (moment: Moment): unknown =>
  moment.kind === 'bad'
    ? moment.error.message
    : moment.kind === 'point'
      ? [moment.series.name, ...moment.fields.flat(), moment.time]
      : moment

const said = (text: string, isRecording = false): unknown[] =>
  moments([Buffer.from(text)], isRecording).map(plain)

const FILE = `# of the tests
cpu,host=a x=1 1\r
cpu,host=b text="over
two lines",y=2 2
cpu bad 3

cpu,host=c x=3i 4
cpu,host=d x="ünïcode ✓" 5`

test('cut into any pieces, a file holds the same', t => {
  const bytes = Buffer.from(FILE)
  const whole = said(FILE)
  t.is(whole.length, 5)
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), cuts => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
      const pieces = at.slice(1).map((end, i) => bytes.subarray(at[i]!, end))
      t.deepEqual(moments(pieces).map(plain), whole)
    }),
  )
  t.deepEqual(moments([...bytes].map(byte => Buffer.from([byte]))).map(plain), whole)
})

test('a carriage return ends a line; a newline within quotes does not', t => {
  t.deepEqual(said(FILE)[0], ['cpu', 'x', 1, 1n])
  t.deepEqual(said(FILE)[1], ['cpu', 'text', 'over\ntwo lines', 'y', 2, 2n])
})

test('a line that cannot be read is told with its number, and the next ones are read', t => {
  t.regex(String(said(FILE)[2]), /^f\.lp, line 5: expected a field such as usage=1\.5, found 'bad 3'/)
  t.deepEqual(said(FILE)[3], ['cpu', 'x', 3n, 4n])
})

test('a quote that is never closed is told of its own line, and costs no other', t => {
  const found = said('cpu x="open 1\ncpu x=2 2\ncpu x=3 3\n')
  t.regex(String(found[0]), /^f\.lp, line 1: the text '"open 1' has no closing quote/)
  t.deepEqual(found.slice(1), [
    ['cpu', 'x', 2, 2n],
    ['cpu', 'x', 3, 3n],
  ])
})

test('beyond a thousand lines a quote is not looked for', t => {
  const found = said(`cpu x="open 1\n${'cpu x=2 2\n'.repeat(3000)}`)
  t.is(found.length, 3001)
  t.regex(String(found[0]), /no closing quote/)
})

test('a line that has no end is refused before it fills the memory', t => {
  const reader = new PointLines('f.lp', { isRecording: false, precision: 'ns' })
  const piece = Buffer.alloc(1 << 20, 'x')
  t.throws(
    () => {
      for (let read = 0; read < 2 * LONGEST_LINE; read += piece.length)
        for (const _ of reader.read(piece)) t.fail()
    },
    { instanceOf: TooLongLine, message: /line 1 is longer than/ },
  )
})

test('a recording has a database and a retention policy in front of each point', t => {
  const found = moments(
    [Buffer.from('telegraf\nautogen\ncpu x=1 1\n\n\ncpu x="a\nb" 2\nother\nweek\ncpu x=3 3\n')],
    true,
  )
  t.like(found, [
    { database: 'telegraf', retentionPolicy: 'autogen', time: 1n },
    { database: '', retentionPolicy: '', time: 2n },
    { database: 'other', retentionPolicy: 'week', time: 3n },
  ])
})

test('a recording that ends in the middle says so', t => {
  t.regex(
    String(said('telegraf\nautogen\n', true)[0]),
    /f\.lp, line 2: the recording ends in the middle of a point/,
  )
})

test('a recording is known by its first line', t => {
  t.true(looksRecorded('telegraf'))
  for (const line of ['', '  ', '# telegraf', 'cpu x=1 1', 'cpu,host=a']) t.false(looksRecorded(line), line)
})

test('the head of an export makes no points; its comments say where the points behind are from', t => {
  const head =
    '# INFLUXDB EXPORT: x\n# DDL\nCREATE DATABASE "a=b" WITH NAME autogen\nCREATE RETENTION POLICY w ON d\n# DML\n'
  const found = moments([
    Buffer.from(
      `${head}cpu x=0 0\n# CONTEXT-DATABASE: telegraf\ncpu x=1 1\n#CONTEXT-RETENTION-POLICY:autogen\r\n# writing tsm data\ncpu x=2 2\n# CONTEXT-DATABASE:other\ncpu x=3 3\n${head}cpu x=4 4\n`,
    ),
  ])
  t.deepEqual(
    found.map(moment => moment.kind === 'point' && [moment.time, moment.database, moment.retentionPolicy]),
    [
      [0n, undefined, undefined],
      [1n, 'telegraf', undefined],
      [2n, 'telegraf', 'autogen'],
      [3n, 'other', undefined],
      [4n, undefined, undefined],
    ],
  )
})

test('a point whose measurement looks like a statement is a point, and other lines are still refused', t => {
  t.deepEqual(said('CREATE DATABASE=1 1\n'), [['CREATE', 'DATABASE', 1, 1n]])
  t.regex(String(said('SELECT x FROM y\n')[0]), /line 1: expected a field/)
})
