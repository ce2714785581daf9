// SIGHUP, and secret files that change: what is swapped under a live task, what is left, and what is refused.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import { type Room, room } from '../fakes/room.ts'

const CRIT = option('crit', '"usage" > 90')
const high = (host: string) => point(host, { fieldsDouble: { usage: 99 } })

async function receiver(t: ExecutionContext): Promise<Receiver> {
  const made = await Receiver.listen()
  t.teardown(() => made.close())
  return made
}

async function daemon(t: ExecutionContext, { config }: Room): Promise<Daemon> {
  const started = await Daemon.ready(config)
  t.teardown(() => started.kill())
  return started
}

const rewrite = ({ config }: Room, change: (text: string) => string): void =>
  writeFileSync(config, change(readFileSync(config, 'utf8')))

test('a reload moves an endpoint, while its task stays connected and its attempt goes on', async t => {
  const [before, after] = [await receiver(t), await receiver(t)]
  const made = room(t, before.url)
  const running = await daemon(t, made)
  const peer = await Peer.task(made.stream, 'cpu', [CRIT])
  before.hang()
  peer.send(high('a'))
  await before.received(({ id }) => id === 'cpu:cpu:host=a')
  rewrite(
    made,
    text => `${text.replace(before.url, after.url)}\n[log]\nlevel = "debug"\n[squadcast]\nrate = 60\n`,
  )
  running.reload()
  const [line] = await running.logged('reloaded')
  t.deepEqual(line?.swapped, ['endpoint "default"', 'squadcast.rate', 'log.level'])
  peer.send(high('b'))
  await after.received(({ id }) => id === 'cpu:cpu:host=b')
  before.goOn()
  await running.logged('delivered', { incident: 'cpu:cpu:host=a' })
  t.is(running.lines('node-ended').length, 0)
  t.deepEqual(
    [before.bodies.length, after.bodies.length],
    [1, 1],
    'the attempt under way is neither broken off nor made again',
  )
})

test('what needs a restart is named and left', async t => {
  const webhook = await receiver(t)
  const made = room(t, webhook.url)
  const running = await daemon(t, made)
  rewrite(made, text =>
    text.replace('batch.sock', 'other.sock').replace('[store]', '[store]\nhistory = "1d"'),
  )
  running.reload()
  const [line] = await running.logged('reload-needs-restart')
  t.deepEqual(line?.keys, ['udf.batch-socket', 'store.history'])
  await (await Peer.connect(made.batch)).end()
})

test('a broken file changes nothing and says why', async t => {
  const webhook = await receiver(t)
  const made = room(t, webhook.url)
  const running = await daemon(t, made)
  const peer = await Peer.task(made.stream, 'cpu', [CRIT])
  rewrite(made, text => text.replace('[[endpoint]]', '[[endpoint]]\ntiemout = "1s"'))
  running.reload()
  const [line] = await running.logged('reload-refused')
  t.regex(line?.msg ?? '', /endpoint\[0\]\.tiemout: unknown key; did you mean "timeout"\?/)
  peer.send(high('a'))
  await webhook.received(({ id }) => id === 'cpu:cpu:host=a')
})

test('an endpoint that a connected task names cannot be left out, and can once the task has gone', async t => {
  const [webhook, storage] = [await receiver(t), await receiver(t)]
  const made = room(t, webhook.url, { more: `[[endpoint]]\nname = "storage"\nurl = "${storage.url}"` })
  const running = await daemon(t, made)
  const peer = await Peer.task(made.stream, 'disk', [CRIT, option('endpoint', 'storage')])
  rewrite(made, text => text.slice(0, text.lastIndexOf('[[endpoint]]')))
  running.reload()
  const [line] = await running.logged('reload-refused')
  t.regex(line?.msg ?? '', /endpoint "storage" is left out, and task disk names it/)
  peer.send(high('a'))
  await storage.received(({ id }) => id === 'disk:cpu:host=a')
  await peer.end()
  await running.logged('node-ended')
  running.reload()
  await running.logged('reloaded')
})

test('a secret file that changes is read again by itself', async t => {
  const [before, after] = [await receiver(t), await receiver(t)]
  const made = room(t, before.url)
  const secret = join(made.folder, 'webhook-url')
  writeFileSync(secret, before.url)
  rewrite(made, text => text.replace(`url = "${before.url}"`, 'url-file = "webhook-url"'))
  const running = await daemon(t, made)
  const peer = await Peer.task(made.stream, 'cpu', [CRIT])
  writeFileSync(secret, `${after.url}x`)
  const [line] = await running.logged('reloaded')
  t.deepEqual(line?.swapped, ['endpoint "default"'])
  peer.send(high('a'))
  await after.received(({ id }) => id === 'cpu:cpu:host=a')
  t.false(JSON.stringify(running.log).includes('SECRET'))
})
