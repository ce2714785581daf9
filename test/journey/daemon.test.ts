// The whole process, from Kapacitor's socket to the receiver: what a user relies on, seen from outside.
import { readFileSync, writeFileSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import { systemClock } from '../../src/app/system-clock.ts'
import { type StandIn, type StandInOptions, startStandIn } from '../../src/demo/stand-in.ts'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { byId, fold, type Post, readPosts } from '../fakes/posts.ts'
import { connections } from '../fakes/recordings.ts'
import { room } from '../fakes/room.ts'

async function receiver(t: ExecutionContext, options: Partial<StandInOptions> = {}): Promise<StandIn> {
  const standIn = await startStandIn({ clock: systemClock, ...options })
  t.teardown(() => standIn.close())
  return standIn
}

async function daemon(t: ExecutionContext, config: string): Promise<Daemon> {
  const started = await Daemon.ready(config)
  t.teardown(() => started.kill())
  return started
}

const CRIT = option('crit', '"usage" > 90')
const usage = (value: number) => ({ fieldsDouble: { usage: value } })

const bodiesOf = (standIn: StandIn): Post[] =>
  standIn.requests.filter(({ accepted }) => accepted).map(({ body }) => body as Post)

test('recorded traffic arrives at the receiver as what .post() told, in order per incident', async t => {
  const standIn = await receiver(t)
  const { config, stream } = room(t, standIn.url('kapacitor'), {
    endpoint: 'coalesce = false',
    more: '[squadcast]\nrate = 100000',
  })
  const running = await daemon(t, config)
  for (const bytes of connections('alert_fields')) {
    const peer = await Peer.connect(stream)
    peer.sendBytes(bytes)
    await peer.end()
  }
  const expected = fold(readPosts('kapacitor-posts.jsonl').filter(({ id }) => id.startsWith('cpu/')))
  await standIn.accepted(expected.length)
  t.deepEqual(await running.stop(), { code: 0, signal: null })
  const levels = (posts: readonly Post[]) =>
    [...byId(posts, ({ id }) => id)].map(([id, of]) => [id, of.map(({ level }) => level).join(' ')]).sort()
  t.deepEqual(levels(bodiesOf(standIn)), levels(expected))
})

test('killed between commit and delivery, started again: everything is delivered, in order', async t => {
  const standIn = await receiver(t)
  const made = room(t, standIn.url('kapacitor'), { endpoint: 'coalesce = false' })
  standIn.faults.whenever(() => ({ kind: 'hang' }))
  const first = await daemon(t, made.config)
  const peer = await Peer.task(made.stream, 'cpu', [CRIT])
  peer.send(
    point('a', usage(95), 1),
    point('b', usage(99), 2),
    point('a', usage(10), 3),
    point('c', usage(91), 4),
  )
  // A returned point is a promise: its event is on the disk.
  await peer.answered('point', 4)
  await standIn.received(3)
  await first.kill()

  standIn.faults.repair()
  const second = await daemon(t, made.config)
  await standIn.accepted(4)
  t.deepEqual(
    byId(bodiesOf(standIn), ({ id }) => id)
      .get('cpu:cpu:host=a')
      ?.map(({ level }) => level),
    ['CRITICAL', 'OK'],
  )
  t.deepEqual(
    standIn.ledger
      .open()
      .map(({ eventId }) => eventId)
      .sort(),
    ['cpu:cpu:host=b', 'cpu:cpu:host=c'],
  )
  t.is((await second.stop()).code, 0)
})

test('what is open is known after a kill: the recovery that comes later resolves it', async t => {
  const standIn = await receiver(t)
  const { config, stream } = room(t, standIn.url('kapacitor'))
  const first = await daemon(t, config)
  const before = await Peer.task(stream, 'cpu', [CRIT])
  before.send(point('a', usage(95), 1))
  await standIn.accepted(1)
  await first.kill()

  await daemon(t, config)
  const after = await Peer.task(stream, 'cpu', [CRIT])
  after.send(point('a', usage(96), 2), point('a', usage(5), 3))
  await standIn.until(() => bodiesOf(standIn).some(({ level }) => level === 'OK'))
  // The trigger may have been told twice, since the first daemon may have died before it noted the answer.
  const told = new Set(bodiesOf(standIn).map(({ level, duration }) => `${level} ${duration}`))
  t.deepEqual([...told], ['CRITICAL 0', 'OK 2000000000'])
  t.is(standIn.ledger.open().length, 0)
})

test('a second connection for a live node is a replay: it is shown, and nothing of it is sent', async t => {
  const standIn = await receiver(t)
  const { config, stream } = room(t, standIn.url('kapacitor'))
  const running = await daemon(t, config)
  const live = await Peer.task(stream, 'cpu', [CRIT])
  const replay = await Peer.task(stream, 'cpu', [CRIT])
  replay.send(point('old', usage(99), 1))
  await running.logged('replayed', { incident: 'cpu:cpu:host=old' })
  live.send(point('new', usage(99), 2))
  await standIn.accepted(1)
  t.is((await running.stop()).code, 0)
  t.deepEqual(
    bodiesOf(standIn).map(({ id }) => id),
    ['cpu:cpu:host=new'],
  )
})

test('a task that sends no levels is named in a warning with the line to add', async t => {
  const standIn = await receiver(t)
  const { config, stream } = room(t, standIn.url('kapacitor'))
  const running = await daemon(t, config)
  const peer = await Peer.task(stream, 'plain')
  peer.send(point('a', usage(99), 1))
  const [warning] = await running.logged('without-levels', { task: 'plain' })
  t.is(warning?.level, 'warn')
  t.true(warning?.msg?.includes(".levelField('level')"))
})

test('the URL is in no log line, whatever goes wrong on the way to it', async t => {
  const standIn = await receiver(t, { tokens: ['s3cr3t-token'] })
  const { config, stream } = room(t, standIn.url('kapacitor'), { endpoint: 'timeout = "1s"' })
  standIn.faults.next({ kind: 'answer', status: 500, body: 'no /v2/incidents/kapacitor/s3cr3t-token here' })
  standIn.faults.next({ kind: 'reset' })
  const running = await daemon(t, config)
  const peer = await Peer.task(stream, 'cpu', [CRIT])
  peer.send(point('a', usage(99), 1), point('b', usage(99), 2))
  await running.logged('retrying', {}, 2)
  await standIn.close()
  peer.send(point('c', usage(99), 3))
  await running.logged('retrying', { incident: 'cpu:cpu:host=c' })
  await running.stop()
  t.false(JSON.stringify(running.log).includes('s3cr3t'))
  t.deepEqual(
    running.complaints.filter(line => line.includes('s3cr3t')),
    [],
  )
})

test('SIGTERM lets an attempt in flight finish, and leaves 0', async t => {
  const standIn = await receiver(t)
  const { config, stream } = room(t, standIn.url('kapacitor'))
  standIn.faults.next({ kind: 'slow', ms: 300 })
  const running = await daemon(t, config)
  const peer = await Peer.task(stream, 'cpu', [CRIT])
  peer.send(point('a', usage(99), 1))
  await standIn.received(1)
  const exit = await running.stop()
  await peer.closed
  t.deepEqual(exit, { code: 0, signal: null })
  t.is(bodiesOf(standIn).length, 1)
  t.is(running.lines('delivered').length, 1)
  t.is(running.lines('stopped', { pending: 0 }).length, 1)
})

test('a second daemon on the same store refuses, and names who holds it', async t => {
  const standIn = await receiver(t)
  const first = room(t, standIn.url('kapacitor'))
  const running = await daemon(t, first.config)
  const other = room(t, standIn.url('kapacitor'))
  writeFileSync(other.config, readFileSync(other.config, 'utf8').replace(other.store, first.store))
  const second = new Daemon(other.config)
  t.teardown(() => second.kill())
  t.is((await second.exited).code, 1)
  const [line] = second.lines('start-failed')
  t.is(line?.code, 'in-use')
  t.true(line?.msg?.includes(`process ${running.pid}`))
})
