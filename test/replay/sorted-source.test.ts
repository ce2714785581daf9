// The same data in any order, and with the fields of a point on any number of lines, are the same points. Limits are tiny,
// so that what is sorted goes through files and through several rounds of merging.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { sortedSource } from '../../src/replay/sorted-source.ts'
import { fixture } from './replayed.ts'
import { sortedMoments, sourceOf, written } from './sorting.ts'

function folder(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), 'kapacitor-squadcast-test-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const text = async (t: ExecutionContext, ...texts: readonly string[]): Promise<string[]> =>
  (await sortedMoments(texts, { folder: folder(t), memoryBytes: 300, fanIn: 2 })).map(written)

const EXPORT = readFileSync(fixture('replay/export.lp'), 'utf8')

test('an export is whole points by time, the part of the WAL wins, and each is of its database', async t => {
  t.deepEqual(await text(t, EXPORT), [
    'other db.autogen cpu,host=elsewhere usage=99 1780000000000000000',
    'telegraf.autogen cpu,host=a system=3.5,usage=97 1780000000000000000',
    'telegraf.autogen mem,host=a used=17i 1780000000000000000',
    'telegraf.week cpu,host=weekly usage=99 1780000000000000000',
    'telegraf.autogen cpu,host=a system=4,usage=95.5 1780000010000000000',
    'telegraf.autogen cpu,host=b state="up \\"and\\" running",usage=99 1780000010000000000',
    'telegraf.autogen cpu,host=a system=4.25,usage=12 1780000020000000000',
    'telegraf.autogen cpu,host=b usage=12 1780000020000000000',
    'telegraf.autogen cpu,host=a usage=91 1780000030000000000',
  ])
})

test('the order of tags, spaces, carriage returns and a mark of the byte order mean nothing', async t => {
  t.deepEqual(await text(t, '\ufeffcpu,b=2,a=1 x=1 5\r\n\r\n', '# more\n  cpu,a=1,b=2   y=2 5  \n'), [
    'cpu,a=1,b=2 x=1,y=2 5',
  ])
})

test('of a field that comes again the last line counts, over runs and files', async t => {
  const filler = Array.from({ length: 50 }, (_, at) => `cpu,host=f${at} x=1 ${at}\n`).join('')
  const again = await text(t, `cpu x=1,y=1 7\n${filler}cpu x="two" 7\n`, `${filler}cpu x=3 7\n`)
  t.is(again.length, 51)
  t.true(again.includes('cpu x=3,y=1 7'))
})

test('times before the epoch and at both ends come in order', async t => {
  const times = ['-9223372036854775807', '-1', '0', '4294967295', '4294967296', '9223372036854775807']
  const lines = times.toReversed().map(time => `m x=1 ${time}\n`)
  t.deepEqual(
    await text(t, lines.join('')),
    times.map(time => `m x=1 ${time}`),
  )
})

test('names with signs of line protocol, quotes and newlines stay what they are', async t => {
  const line = 'my\\ cpu,na\\=me=va\\,lue fi\\ eld="over\ntwo, \\"lines\\" \\\\",b=true 1\n'
  const [before] = await sortedMoments([line], { folder: folder(t) })
  t.like(before, {
    series: { name: 'my cpu', tags: [['na=me', 'va,lue']] },
    fields: [
      ['b', true],
      ['fi eld', 'over\ntwo, "lines" \\'],
    ],
  })
})

const series = fc.constantFrom(
  'cpu',
  'cpu,host=a',
  'cpu,host=a\\ b',
  'cpu,host=ä',
  'cpu,host=a,rack=r',
  'mem,host=a',
)
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(number => `${number}i`),
  fc.constantFrom('true', 'f', '"a\nb"', '"x,y=z 1"', '""'),
)
const point = fc.record({
  series,
  time: fc.oneof(fc.constantFrom(-1n, 0n, 1n, 2n), fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })),
  fields: fc.dictionary(fc.constantFrom('a', 'b', 'c\\ d', 'usage'), value, { minKeys: 1 }),
})
const points = fc.uniqueArray(point, { selector: ({ series, time }) => `${series} ${time}`, maxLength: 40 })

test('any permutation, and any split of fields over lines and of lines over files, is the same points', async t => {
  const own = folder(t)
  await fc.assert(
    fc.asyncProperty(
      points,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      async (points, chance) => {
        const draw = (): number => chance.next().value as number
        const whole = points.map(
          ({ series, time, fields }) => `${series} ${pairs(fields).join(',')} ${time}\n`,
        )
        const split = points
          .flatMap(({ series, time, fields }) =>
            cut(pairs(fields), draw).map(part => `${series} ${part.join(',')} ${time}\n`),
          )
          .map(line => [draw(), line] as const)
          .sort(([a], [b]) => a - b)
          .map(([, line]) => line)
        const at = Math.floor(draw() * split.length)
        const files = [split.slice(0, at).join(''), split.slice(at).join('')]
        const expected = (await sortedMoments([whole.join('')], { folder: own })).map(written)
        t.is(expected.length, points.length)
        t.deepEqual(
          (await sortedMoments(files, { folder: own, memoryBytes: 400, fanIn: 3 })).map(written),
          expected,
        )
      },
    ),
  )
  t.deepEqual(readdirSync(own), [])
})

const pairs = (fields: Readonly<Record<string, string>>): string[] =>
  Object.entries(fields).map(([name, value]) => `${name}=${value}`)

function cut(pairs: readonly string[], draw: () => number): string[][] {
  const parts: string[][] = [[]]
  for (const pair of pairs) {
    if (draw() < 0.5 && parts.at(-1)!.length > 0) parts.push([])
    parts.at(-1)!.push(pair)
  }
  return parts
}

test('points of other tasks take no room, and come out before the others', async t => {
  const found = await sortedMoments(['cpu x=1 2\nmem x=1 3\ncpu x=1 1\n'], {
    ...{ folder: folder(t), isWanted: ({ series }) => series.name === 'cpu' },
  })
  t.deepEqual(found.map(written), ['mem x=1 3', 'cpu x=1 1', 'cpu x=1 2'])
})

test('what stands in front of a line that cannot be read is played; or it is passed over', async t => {
  const own = folder(t)
  const lines = 'cpu x=2 2\ncpu bad\ncpu x=1 1\n'
  const sorted = sortedSource([await sourceOf(lines)], {
    folder: own,
    isWanted: () => true,
    keepGoing: false,
  })
  const found: string[] = []
  await t.throwsAsync(
    async () => {
      for await (const piece of sorted.moments) for (const moment of piece) found.push(written(moment))
    },
    { message: /line 2: expected a field/ },
  )
  t.deepEqual(found, ['cpu x=2 2'])
  t.deepEqual(
    (await sortedMoments([lines], { folder: own, keepGoing: true }))
      .map(written)
      .map(text => text.slice(0, 40)),
    ['the standard input, line 2: expected a f', 'cpu x=1 1', 'cpu x=2 2'],
  )
})

test('a file that is used has no name, and one that cannot be made says what to do', async t => {
  const own = folder(t)
  const lines = Array.from({ length: 100 }, (_, at) => `cpu,host=h${at} x=1 ${-at}\n`).join('')
  const sorted = sortedSource([await sourceOf(lines)], {
    ...{ folder: own, memoryBytes: 300, isWanted: () => true, keepGoing: false },
  })
  let pieces = 0
  for await (const _ of sorted.moments) {
    pieces++
    t.deepEqual(readdirSync(own), [])
  }
  t.true(pieces > 1)
  sorted.close()
  await t.throwsAsync(sortedMoments([lines], { folder: join(own, 'nix'), memoryBytes: 300 }), {
    message: /^cannot sort the points in .*nix: ENOENT.*Set TMPDIR to a folder that has room/,
  })
})

test('one point on lines without number takes no more memory than its fields', async t => {
  const lines = Array.from({ length: 30_000 }, (_, at) => `cpu x=${at},y="text ${at}" 1\n`).join('')
  const found = await sortedMoments([lines], { folder: folder(t), memoryBytes: 1 << 20 })
  t.deepEqual(found.map(written), ['cpu x=29999,y="text 29999" 1'])
})
