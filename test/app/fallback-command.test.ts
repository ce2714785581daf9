// Real programs as the fallback: what they get, what counts as failed, and that none outlives its time.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type Failure, runCommand } from '../../src/app/fallback-command.ts'
import { systemClock } from '../../src/app/system-clock.ts'
import { FakeClock } from '../fakes/clock.ts'

const ENV = {
  ...{ PATH: process.env.PATH, HOME: '/root', LC_ALL: 'C', HTTPS_PROXY: 'http://proxy.test' },
  ...{
    WEBHOOK: 'https://secret.test',
    NOTIFY_SOCKET: '/run/notify',
    CREDENTIALS_DIRECTORY: '/run/credentials',
  },
}

interface Run {
  readonly script: string
  readonly args?: readonly string[]
  readonly input?: string
  readonly clock?: Pick<FakeClock, 'after'>
  readonly signal?: AbortSignal
}

function folder(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), 'fallback-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Runs a shell script; `$1` and on are its arguments. */
function run(
  t: ExecutionContext,
  { script, args = [], input = '{}\n', clock = systemClock, signal }: Run,
): Promise<Failure> {
  const program = join(folder(t), 'page')
  writeFileSync(program, `#!/bin/sh\n${script}\n`)
  chmodSync(program, 0o755)
  return runCommand({
    ...{ command: [program, ...args], input, variables: { KAPACITOR_SQUADCAST_KIND: 'incident' }, env: ENV },
    after: (ms, fire) => clock.after(ms, fire),
    signal: signal ?? new AbortController().signal,
  })
}

test('it reads the report, has the variables, and little else of the environment', async t => {
  const out = join(folder(t), 'out')
  t.is(
    await run(t, { script: 'cat > "$1"; env >> "$1"', args: [out], input: '{"kind":"incident"}\n' }),
    undefined,
  )
  const text = readFileSync(out, 'utf8')
  t.true(text.startsWith('{"kind":"incident"}\n'))
  t.true(text.includes('KAPACITOR_SQUADCAST_KIND=incident\n'))
  t.true(text.includes('HTTPS_PROXY=http://proxy.test\n'))
  for (const name of ['WEBHOOK', 'NOTIFY_SOCKET', 'CREDENTIALS_DIRECTORY']) t.false(text.includes(name))
})

test('no shell reads its arguments', async t => {
  const out = join(folder(t), 'out')
  await run(t, { script: 'printf %s "$2" > "$1"', args: [out, '$(id) "; rm -rf x'] })
  t.is(readFileSync(out, 'utf8'), '$(id) "; rm -rf x')
})

test('one that reads nothing of a long report has not failed', async t => {
  t.is(await run(t, { script: 'exit 0', input: 'x'.repeat(1_000_000) }), undefined)
})

test('a code other than 0 is a failure, told with the end of what it said, arguments apart', async t => {
  const script = 'printf "%05000d" 0; echo "cannot reach $1" >&2; exit 3'
  const failure = await run(t, { script, args: ['https://page.test/s3cret'] })
  t.is(failure?.reason, 'left with 3')
  t.regex(failure?.output ?? '', /^0+cannot reach \(hidden\)$/)
  t.is(failure?.output?.length, 2000)
})

test('a program that is not there, or may not be run, is told so without its arguments', async t => {
  const path = folder(t)
  const of = (program: string) =>
    runCommand({
      ...{ command: [program, 's3cret'], input: '', variables: {}, env: ENV },
      ...{ after: systemClock.after, signal: new AbortController().signal },
    })
  t.regex((await of(join(path, 'none')))?.reason ?? '', /no such program \(ENOENT\)/)
  writeFileSync(join(path, 'plain'), '')
  t.regex((await of(join(path, 'plain')))?.reason ?? '', /EACCES/)
  t.is((await of('a\0b'))?.reason, 'the program cannot be started (ERR_INVALID_ARG_VALUE)')
})

/** Runs for ever, deaf to a friendly end if asked, and says by a file that it does. */
const ENDLESS = (deaf: boolean): string =>
  `${deaf ? "trap '' TERM; " : ''}(while :; do sleep 1; done) & echo $! > "$1.new"; mv "$1.new" "$1"; wait; while :; do sleep 1; done`

async function startedIn(file: string): Promise<number> {
  while (!existsSync(file)) await new Promise(resolve => setImmediate(resolve))
  return Number(readFileSync(file, 'utf8'))
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

for (const deaf of [false, true])
  test(`one that takes too long is ended with all that it started${deaf ? ', deaf as it is' : ''}`, async t => {
    const clock = new FakeClock()
    const file = join(folder(t), 'pid')
    const running = run(t, { script: ENDLESS(deaf), args: [file], clock })
    const child = await startedIn(file)
    t.true(isThere(child))
    await clock.advance(30_000)
    if (deaf) await clock.advance(2000)
    const failure = await running
    t.is(failure?.reason, 'ended, since it took more than 30 s')
    while (isThere(child)) await new Promise(resolve => setImmediate(resolve))
    t.is(clock.waiting, 0)
  })

test('when the sidecar stops it is ended', async t => {
  const stop = new AbortController()
  const file = join(folder(t), 'pid')
  const running = run(t, { script: ENDLESS(false), args: [file], signal: stop.signal })
  await startedIn(file)
  stop.abort()
  t.is((await running)?.reason, 'ended, since the sidecar stops')
})

test('what goes on behind it is not waited for', async t => {
  const clock = new FakeClock()
  const file = join(folder(t), 'pid')
  const script = '(sleep 60) & echo $! > "$1.new"; mv "$1.new" "$1"; exit 0'
  const running = run(t, { script, args: [file], clock })
  const child = await startedIn(file)
  t.teardown(() => process.kill(child, 'SIGKILL'))
  let isOver = false
  void running.then(() => {
    isOver = true
  })
  while (!isOver) await clock.advance(100)
  t.is(await running, undefined)
})
