// `replay` of what `influx_inspect export` writes, and of pipes: the same data in any order tell the same.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { fixture } from '../replay/replayed.ts'
import { Replaying, replayed, summed } from './replaying.ts'

const WORDS = ['--dry-run', '--tickscript', fixture('replay/export.tick')]

function file(t: ExecutionContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kapacitor-squadcast-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'points.lp'), text)
  return join(folder, 'points.lp')
}

test('an export is played with its head, one field a line and series after series, as whole points', async t => {
  const { code, stdout, stderr } = await replayed([fixture('replay/export.lp'), ...WORDS])
  t.is(code, 0)
  t.is(stderr, '')
  t.true(
    stdout.startsWith(`CRITICAL  2026-05-28 20:26:40Z  opened  cpu/a
          cpu/a 3.5
CRITICAL  2026-05-28 20:26:50Z  opened  cpu/b
          cpu/b <no value>
OK        2026-05-28 20:27:00Z  resolved after 20 s  cpu/a
          cpu/a 4.25
OK        2026-05-28 20:27:00Z  resolved after 10 s  cpu/b
          cpu/b <no value>
CRITICAL  2026-05-28 20:27:10Z  opened  cpu/a
          cpu/a <no value>
`),
    stdout,
  )
  t.regex(stdout, /\nplayed 6 points, /)
  t.regex(
    stdout,
    /\nleft out +3 points .*, of mem, cpu\s+in\s+telegraf\.week,\s+cpu\s+in\s+other db\.autogen\n/,
  )
})

const usage = [12, 95, 97, 40, 99, 91, 3, 95, 20, 96]
const lines = usage.flatMap((value, at) => [
  `cpu,host=a,rack=r usage=${value},system=${at} ${1780000000 + at}000000000\n`,
  `cpu,rack=r,host=b usage=${100 - value},system=${at} ${1780000000 + at}000000000\n`,
])

test('any order of lines, in files or by a pipe, plain or gzip, tells the same events in the same order', async t => {
  const { events } = await summed([file(t, lines.join('')), ...WORDS])
  t.true(events.length >= 8)
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(lines, { minLength: lines.length }),
      fc.nat(lines.length),
      async (shuffled, at) => {
        const files = [file(t, shuffled.slice(0, at).join('')), file(t, shuffled.slice(at).join(''))]
        t.deepEqual((await summed([...files, ...WORDS])).events, events)
        const input = gzipSync(shuffled.join(''))
        t.deepEqual((await summed(['-', ...WORDS], { input })).events, events)
      },
    ),
    { numRuns: 5 },
  )
})

test('a pipe without an end is played as it comes with --no-sort', async t => {
  const replaying = new Replaying(['-', ...WORDS, '--no-sort', '--json'])
  replaying.stdin.write(lines[2])
  await replaying.until('stdout', /"opened"/)
  replaying.stdin.end(lines[1])
  t.is(await replaying.code, 0)
  t.like(replaying.objects.at(-1), { kind: 'summary', points: 2, whole: true })
})

test('without it a pipe is read to its end first, which is said when that lasts', async t => {
  const replaying = new Replaying(['-', ...WORDS, '--json'])
  replaying.stdin.write(lines[2])
  await replaying.until('stderr', /The pipe is read to its end before .*--no-sort/s)
  t.is(replaying.said.stdout, '')
  replaying.stdin.end()
  t.is(await replaying.code, 0)
  t.like(replaying.objects.at(-1), { points: 1, events: { opened: 1 } })
})

test('Ctrl-C while it reads plays nothing', async t => {
  const replaying = new Replaying(['-', ...WORDS, '--json'])
  replaying.stdin.write(lines[2])
  await replaying.until('stderr', /is read to its end/)
  replaying.interrupt()
  replaying.stdin.end(lines[0])
  t.is(await replaying.code, 1)
  t.like(replaying.objects.at(-1), { whole: false, points: 0, events: { opened: 0 } })
})

test('a recording keeps the order in which Kapacitor got its points', async t => {
  const recorded = [2, 0].map(at => `telegraf\nautogen\n${lines[at]}`).join('')
  const { sum, events } = await summed([file(t, recorded), ...WORDS])
  t.is(sum.points, 2)
  t.deepEqual(
    events.map(({ step }) => step),
    ['opened', 'resolved'],
  )
})

test('times that count something else than nanoseconds are a thing to be said', async t => {
  const seconds = file(t, 'cpu,host=a usage=95 1780000000\n')
  t.regex((await replayed([seconds, ...WORDS])).stdout, /\ntimes +all in January 1970: say by --precision/)
  t.false((await replayed([seconds, ...WORDS, '--precision', 's'])).stdout.includes('January'))
})
