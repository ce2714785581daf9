// `replay --dry-run`, by hand: what it finds in recorded traffic, how it shows it, and what it says to mistakes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { fixture } from '../replay/replayed.ts'
import { Replaying, replayed, summed } from './replaying.ts'

const PARTS = [fixture('part1.lp'), fixture('part2.lp')]
const THRESHOLDS = ['--tickscript', fixture('tickscripts/thresholds.tick'), '--task', 'thresholds']

function file(t: ExecutionContext, text: string, name = 'points.lp'): string {
  const folder = mkdtempSync(join(tmpdir(), 'kapacitor-squadcast-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const cpu = (host: string, usage: number, second: number): string =>
  `cpu,host=${host} usage=${usage} ${1_780_000_000 + second}000000000\n`

const ON_CPU = ['--dry-run', '--group-by', 'host', '--option', 'crit="usage" > 90']

test('the recorded traffic gives exactly what its rules say: 127 openings, 16 escalations, 83 resolves, 44 open', async t => {
  for (const files of [PARTS, [fixture('replay/stream.srpl')]]) {
    const { code, events, sum } = await summed([...files, '--dry-run', ...THRESHOLDS])
    t.is(code, 0)
    t.deepEqual(sum.events, { opened: 127, escalated: 16, 'told again': 0, resolved: 83 })
    t.is(sum.open.length, 44)
    t.is(events.length, 127 + 16 + 83)
    // By the reset of the script, as fixtures/README.md has it.
    const reset = events.filter(({ level, previousLevel }) => level === 'OK' && previousLevel === 'CRITICAL')
    t.true(reset.length >= 6)
    t.like(sum, { audience: 'dry-run', whole: true, points: 465, unlevelled: 0, badLines: 0 })
  }
})

test('a recording of batches goes through the batch socket, and gives what its queries found', async t => {
  const { code, sum } = await summed([
    ...[fixture('replay/batch.brpl'), '--dry-run'],
    ...['--tickscript', fixture('more/query_thresholds.tick')],
  ])
  t.is(code, 0)
  t.deepEqual(sum.events, { opened: 6, escalated: 3, 'told again': 0, resolved: 6 })
  t.like(sum, { points: 27, batches: 27, openByLevel: {} })
})

test('a flag wins over the script, so that a threshold can be tried', async t => {
  const { sum } = await summed([
    ...PARTS,
    '--dry-run',
    ...THRESHOLDS,
    '--option',
    'warn="usage" > 1000',
    '--option',
    'crit="usage" > 1000',
  ])
  t.deepEqual(sum.events, { opened: 0, escalated: 0, 'told again': 0, resolved: 0 })
})

test('an event is told as people read it, and as JSON', async t => {
  const points = file(t, cpu('a', 95, 0) + cpu('a', 5, 90))
  const words = [points, ...ON_CPU, '--option', 'message={{ .ID }} at {{ index .Fields "usage" }}']
  const { code, stdout, stderr } = await replayed(words)
  t.is(code, 0)
  t.is(stderr, '')
  t.true(
    stdout.startsWith(`CRITICAL  2026-05-28 20:26:40Z  opened  replay:cpu:host=a
          replay:cpu:host=a at 95
OK        2026-05-28 20:28:10Z  resolved after 1.5 min  replay:cpu:host=a
          replay:cpu:host=a at 5
`),
    stdout,
  )
  t.regex(stdout, /\ntold +1 opened, 0 escalated, 1 resolved; 1 id\nleft open +nothing\n/)
  t.regex(stdout, /\nA dry run: nothing was sent\.\n$/)
  const { events } = await summed(words)
  t.deepEqual(events[1], {
    ...{
      kind: 'resolve',
      step: 'resolved',
      incident: 'replay:cpu:host=a',
      level: 'OK',
      previousLevel: 'CRITICAL',
    },
    ...{ message: 'replay:cpu:host=a at 5', time: '2026-05-28T20:28:10Z', duration: 90_000_000_000 },
  })
})

test('what flaps, what is busy and what stays open is named; --summary shows nothing else', async t => {
  const flapping = Array.from({ length: 10 }, (_, at) => cpu('flaps', at % 2 === 0 ? 95 : 5, at)).join('')
  const { stdout } = await replayed([
    ...[file(t, flapping + cpu('open', 99, 20)), ...ON_CPU, '--summary'],
    ...['--flapping', '4', '--top', '1'],
  ])
  t.true(stdout.startsWith('\nplayed 11 points, '), stdout)
  t.regex(stdout, /left open +1 CRITICAL\n +CRITICAL +2026-05-28 20:27:00Z +replay:cpu:host=open\n/)
  t.regex(stdout, /\nbusiest +10 events, opened 5 times +replay:cpu:host=flaps\n/)
  t.regex(stdout, /\nflapping +opened 5 times +replay:cpu:host=flaps\n/)
})

test('everything fits 80 columns but for ids, and nothing in the data acts on the terminal', async t => {
  const long = 'word '.repeat(40)
  const points = file(t, `cpu,host=a usage=95,text="${long}\u001b[2Jend" 1\n`)
  const { stdout } = await replayed([points, ...ON_CPU, '--option', 'message={{ index .Fields "text" }}'])
  t.false(stdout.includes('\u001b'))
  t.deepEqual(
    stdout.split('\n').filter(line => line.length > 80),
    [],
  )
})

test('points without any level are what a person has to know', async t => {
  const { code, stdout } = await replayed([file(t, cpu('a', 95, 0)), '--dry-run'])
  t.is(code, 0)
  t.regex(stdout, /\nno level +none of the points, so nobody is paged by them/)
})

test('what the task would not get is counted, and named', async t => {
  const { stdout } = await replayed([
    file(t, `${cpu('a', 95, 0)}mem x=1 1\n`),
    ...ON_CPU,
    '--measurement',
    'cpu',
  ])
  t.regex(stdout, /\nleft out +1 point that the task would not get, of mem\n/)
})

test('a line that cannot be read ends it with its number; --keep-going passes it over, and counts', async t => {
  const points = file(t, `${cpu('a', 95, 0)}cpu usage\n${cpu('a', 5, 1)}`)
  const ended = await replayed([points, ...ON_CPU])
  t.is(ended.code, 1)
  t.regex(
    ended.stderr,
    /^error: \S+points\.lp, line 2: expected a field such as usage=1\.5, found 'usage'\. --keep-going passes over such lines\n$/,
  )
  t.regex(ended.stdout, /played 1 point, .*and\s+not\s+to\s+the\s+end\ntold +1 opened/s)
  const { code, sum, stderr } = await summed([points, ...ON_CPU, '--keep-going'])
  t.is(code, 0)
  t.like(sum, { badLines: 1, points: 2, events: { resolved: 1 } })
  t.regex(stderr, /^warning: \S+, line 2: expected/)
  const many = file(t, 'bad line\n'.repeat(100))
  const told = await replayed([many, ...ON_CPU, '--keep-going'])
  t.is(told.stderr.split('\n').length, 12)
  t.regex(told.stdout, /\nbad lines +100, passed over\n/)
})

test('wrong usage ends in 2, with a sentence that says what is right', async t => {
  const points = file(t, cpu('a', 95, 0))
  const script = file(t, 'stream|from()|alert().crit(lambda: "x" > 1)@squadcast()', 'x.tick')
  for (const [words, says] of [
    [[points], /say --dry-run to see what would be told, or --task NAME/],
    [[points, '--task', 'cpu'], /no terminal to ask on: add --yes if that is meant, or --dry-run/],
    [['-', '-', '--dry-run'], /the standard input can be played once/],
    [[points, '--dry-run', '--option', 'criti="x" > 1'], /\.criti\(\): no such option; did you mean "crit"/],
    [[points, '--dry-run', '--option', 'crit="x" >'], /\.crit\(\): /],
    [[points, '--dry-run', '--tickscript', script], /\|alert\(\) stands in front of the node/],
    [[points, '--dry-run', '--speed', 'fast'], /It has to be a number such as 10/],
    [[points, '--dry-run', '--precision', 'days'], /Allowed choices are ns/],
    [[points, fixture('replay/batch.brpl'), '--dry-run'], /play one kind at a time/],
    [[], /missing required argument 'file'/],
  ] as const) {
    const { code, stdout, stderr } = await replayed(words)
    t.is(code, 2, words.join(' '))
    t.is(stdout, '')
    t.regex(stderr, says)
  }
})

test('files that are not there end in 1, a configuration that is bad in 78; without one it works', async t => {
  const points = file(t, cpu('a', 95, 0))
  const missing = await replayed(['nix.lp', '--dry-run'])
  t.deepEqual([missing.code, missing.stderr], [1, 'error: cannot read nix.lp: there is no such file\n'])
  t.is((await replayed([points, '--dry-run', '--tickscript', 'nix.tick'])).code, 1)
  t.is((await replayed([points, ...ON_CPU, '--config', '/nonexistent'])).code, 78)
  t.is((await replayed([points, '--task', 'x', '--yes', '--config', '/nonexistent'])).code, 78)
  t.is((await replayed([points, ...ON_CPU])).code, 0)
})

test('with a configuration the rules of its endpoints hold', async t => {
  const config = file(
    t,
    '[[endpoint]]\nname = "default"\nurl = "https://example.org/x"\nmin-level = "CRITICAL"\n',
    'config.toml',
  )
  const points = file(t, cpu('a', 80, 0) + cpu('a', 95, 1))
  const words = [points, ...ON_CPU, '--option', 'warn="usage" > 70']
  t.like((await summed(words)).sum.events, { opened: 1, escalated: 1 })
  t.like((await summed([...words, '--config', config])).sum.events, { opened: 1, escalated: 0 })
})

test('a pipe is played as a file is', async t => {
  const { sum } = await summed(['-', ...ON_CPU], { input: cpu('a', 95, 0) + cpu('a', 5, 1) })
  t.like(sum, { points: 2, events: { opened: 1, resolved: 1 } })
})

test('on a terminal it says how far it is, however narrow; else it does not', async t => {
  const replaying = new Replaying([...PARTS, '--dry-run', ...THRESHOLDS, '--summary'], {
    isTTY: true,
    columns: 24,
  })
  t.is(await replaying.code, 0)
  const lines = replaying.messages.map(text => text.replace('\r\u001b[K', '')).filter(text => text !== '')
  t.true(lines.length > 0)
  t.regex(lines[0]!, /^\d+ % {2}reading, [\d,]+ /)
  t.deepEqual(
    lines.filter(line => line.length > 23),
    [],
  )
  t.is(replaying.messages.at(-1), '\r\u001b[K')
})

test('Ctrl-C ends it in order: what was played is summed up', async t => {
  // A day later is not waited for.
  const points = file(t, cpu('a', 95, 0) + cpu('a', 5, 86_400))
  const replaying = new Replaying([points, ...ON_CPU, '--speed', '1', '--json'])
  await replaying.until('stdout', /"opened"/)
  replaying.interrupt()
  t.is(await replaying.code, 1)
  t.regex(replaying.said.stderr, /^stopping; once more to leave at once\n$/)
  t.like(replaying.objects.at(-1), { kind: 'summary', whole: false, points: 1, events: { opened: 1 } })
})

test('points wait as long as the data say, made faster', async t => {
  const points = file(t, cpu('a', 95, 0) + cpu('a', 5, 300) + cpu('a', 95, 600))
  const { sum } = await summed([points, ...ON_CPU, '--speed', '2000'])
  t.is(sum.points, 3)
  t.true(sum.seconds >= 0.3, `${sum.seconds}`)
})

test('a task whose points carry no level gives nothing, as the fixtures say', async t => {
  const { sum } = await summed([...PARTS, '--dry-run', '--tickscript', fixture('tickscripts/all_types.tick')])
  t.like(sum, { points: 6, unlevelled: 6, events: { opened: 0 } })
})
