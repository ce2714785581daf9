// `replay` beside a sidecar: what it finds is delivered like anything else, unless it is the past of a task that
// Kapacitor has; and nothing is sent that nobody meant. One after the other: each starts a daemon.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Replaying, replayed, summed } from '../cli/replaying.ts'
import { command, jsonOf } from '../fakes/command.ts'
import { Daemon } from '../fakes/daemon.ts'
import { ScriptedKapacitor } from '../fakes/kapacitor-api.ts'
import { option, Peer } from '../fakes/peer.ts'
import { fold } from '../fakes/posts.ts'
import { Receiver } from '../fakes/receiver.ts'
import { room } from '../fakes/room.ts'
import { fixture } from '../replay/replayed.ts'
import { deadPort } from '../squadcast/servers.ts'

const PART1 = fixture('part1.lp')
const PART2 = fixture('part2.lp')
const CRIT = option('crit', '"usage" > 90')
const ON_CPU = ['--measurement', 'cpu', '--group-by', 'host', '--option', 'crit="usage" > 90']
const THRESHOLDS = ['--tickscript', fixture('tickscripts/thresholds.tick'), '--task', 'thresholds', '--yes']

async function scene(t: ExecutionContext, kapacitor?: string) {
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const made = room(t, receiver.url, {
    endpoint: 'coalesce = false',
    ...(kapacitor !== undefined && { kapacitor: `url = "${kapacitor}"` }),
    more: '[squadcast]\nrate = 100000',
  })
  const daemon = await Daemon.ready(made.config)
  t.teardown(() => daemon.kill())
  return { ...made, receiver, daemon }
}

test.serial(
  'two files, two connections, one state: the receiver gets exactly what the recorded traffic gives',
  async t => {
    const { config, daemon, receiver } = await scene(t)
    const first = await command(config, 'replay', PART1, ...THRESHOLDS)
    t.is(first.code, 0, first.stderr)
    t.regex(first.stdout, /The sidecar has stored these events and delivers them/)
    const second = await jsonOf<{ kind: string; audience?: string }>(config, 'replay', PART2, ...THRESHOLDS)
    t.like(second.at(-1), { kind: 'summary', audience: 'told' })

    const events = 127 + 16 + 83
    await daemon.logged('delivered', {}, events)
    t.is(receiver.bodies.length, events)
    t.is(receiver.bodies.filter(({ level }) => level === 'OK').length, 83)
    // Each of them is news by the rule of the fixtures.
    t.is(fold(receiver.bodies).length, events)
    const told = first.stdout.match(/told +(\d+) opened, (\d+) escalated, (\d+) resolved/)!.slice(1)
    t.is(told.reduce((sum, count) => sum + Number(count), 0) + second.length - 1, events)
    t.is((await jsonOf(config, 'incidents', '--limit', '1000')).length, 44)
  },
)

test.serial('batches go through the other socket', async t => {
  const { config, daemon, receiver } = await scene(t)
  const words = [fixture('replay/batch.brpl'), '--tickscript', fixture('more/query_thresholds.tick')]
  const { code } = await command(config, 'replay', ...words, '--task', 'swap', '--yes')
  t.is(code, 0)
  await daemon.logged('delivered', {}, 15)
  t.is(fold(receiver.bodies).length, 15)
})

test.serial('on a terminal it asks first; nothing but yes sends', async t => {
  const { config, daemon, receiver } = await scene(t)
  const words = [PART1, ...ON_CPU, '--task', 'staging', '--config', config]
  t.is((await replayed([...words, '--yes', '--option', 'crit="usage" >'])).code, 2)
  for (const [times, input] of ['n\n', '\n', '', 'sure\n'].entries()) {
    const { code, stderr, stdout } = await replayed(words, { isTTY: true, input })
    t.is(code, 1)
    t.is(stdout, '')
    t.regex(stderr, /goes to Squadcast, as task 'staging' and at endpoint 'default',\sand may page somebody/)
    t.regex(stderr, /nothing was sent\n$/)
    // Until the sidecar has seen the end of it, another of the same task would be shown only, and ask nothing.
    await daemon.logged('node-ended', {}, times + 1)
  }
  t.is(daemon.lines('trigger').length, 0)
  const yes = await replayed(words, { isTTY: true, input: 'y\n' })
  t.is(yes.code, 0)
  await receiver.received(({ id }) => id === 'staging:cpu:host=beta')
})

test.serial('Ctrl-C at the question sends nothing', async t => {
  const { config, daemon } = await scene(t)
  const replaying = new Replaying([PART1, ...ON_CPU, '--task', 'staging', '--config', config], {
    isTTY: true,
  })
  await replaying.until('stderr', /Send it\? \[y\/N\] $/)
  replaying.interrupt()
  t.is(await replaying.code, 1)
  t.regex(replaying.said.stderr, /nothing was sent\n$/)
  await daemon.logged('node-ended')
  t.is(daemon.lines('trigger').length, 0)
})

test.serial('of a task that is connected the past is shown, and nobody is told', async t => {
  const { config, stream, daemon, receiver } = await scene(t)
  const live = await Peer.task(stream, 'cpu', [CRIT])
  const shown = await summed([PART1, ...ON_CPU, '--task', 'cpu', '--yes', '--config', config])
  t.is(shown.code, 0)
  t.regex(shown.stderr, /^task 'cpu' is one that Kapacitor has, .*\snothing\sis\ssent/s)
  t.like(shown.sum, { audience: 'history', whole: true })
  t.true(shown.events.length > 5)
  t.is(daemon.lines('replayed').length, shown.events.length)
  t.is(daemon.lines('trigger').length, 0)
  await live.end()
  t.deepEqual(receiver.bodies, [])
})

test.serial(
  'of a task that Kapacitor has, alive or not, nothing is told; and no task is touched for what is played',
  async t => {
    const port = await deadPort()
    const { config, stream, daemon, receiver } = await scene(t, `http://127.0.0.1:${port}`)
    const kapacitor = new ScriptedKapacitor(stream, port)
    t.teardown(() => kapacitor.stop())
    kapacitor.define('off', [CRIT], 'disabled')
    kapacitor.define('on', [CRIT])
    await kapacitor.start()
    await kapacitor.connected('on')
    for (const task of ['off', 'on']) {
      const { sum } = await summed([PART1, ...ON_CPU, '--task', task, '--yes', '--config', config])
      t.is(sum.audience, 'history', task)
    }
    const { sum } = await summed([PART1, ...ON_CPU, '--task', 'staging', '--yes', '--config', config])
    t.is(sum.audience, 'told')
    await daemon.logged('trigger', { task: 'staging' })
    await receiver.received(({ id }) => id.startsWith('staging:'))
    t.deepEqual(
      receiver.bodies.filter(({ id }) => !id.startsWith('staging:')),
      [],
    )
    t.deepEqual(kapacitor.patches, [])
  },
)

test.serial('without a sidecar it says so; one that dies in the midst of it, too', async t => {
  const { config, folder, daemon } = await scene(t)
  const hours = join(folder, 'hours.lp')
  writeFileSync(hours, [0, 3600, 7200].map(at => `cpu,host=a usage=95 ${at}\n`).join(''))
  const words = [hours, '--precision', 's', ...ON_CPU, '--task', 'staging', '--yes', '--config', config]
  const replaying = new Replaying([...words, '--speed', '1', '--json'])
  await replaying.until('stdout', /"opened"/)
  await daemon.kill()
  // Not an hour later, when the next point is due.
  t.is(await replaying.code, 1)
  t.regex(replaying.said.stderr, /error: the sidecar ended the conversation/)
  t.like(replaying.objects.at(-1), { kind: 'summary', whole: false })

  const { code, stderr } = await replayed(words)
  t.is(code, 1)
  t.regex(stderr, /^error: cannot connect to \S+stream\.sock: .*Does the sidecar run.*--dry-run needs none/)
})
