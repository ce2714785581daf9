// Run as a service: sockets that somebody else made and holds, and what the service manager is told.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { jsonOf } from '../fakes/command.ts'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import { room } from '../fakes/room.ts'
import { HeardByManager } from '../fakes/service-manager.ts'

const HOLDER = fileURLToPath(new URL('../fakes/socket-holder.ts', import.meta.url))
const CRIT = option('crit', '"usage" > 90')

async function receiver(t: ExecutionContext): Promise<Receiver> {
  const made = await Receiver.listen()
  t.teardown(() => made.close())
  return made
}

test('with passed sockets, a connection made between two runs is served by the second', async t => {
  const webhook = await receiver(t)
  const { config, folder } = room(t, webhook.url)
  const held = mkdtempSync(join(tmpdir(), 'held-'))
  t.teardown(() => rmSync(held, { recursive: true, force: true }))
  const [stream, batch] = [join(held, 's'), join(held, 'b')]
  const holder = new Daemon(config, { STREAM: stream, BATCH: batch }, HOLDER)
  const pids = (): number[] => holder.lines('begun').map(({ pid }) => pid as number)
  t.teardown(async () => {
    if (holder.lines('stopped').length < pids().length) process.kill(pids().at(-1)!, 'SIGKILL')
    await holder.kill()
  })
  holder.tellLauncher('')
  await holder.logged('ready')
  const before = statSync(stream).ino
  const first = await Peer.task(stream, 'cpu', [CRIT])
  process.kill(pids()[0]!, 'SIGTERM')
  await first.closed
  await holder.logged('stopped')

  const between = await Peer.connect(stream)
  between.send({ info: {} }, { init: { taskID: 'cpu', nodeID: 'squadcast2', options: [CRIT] } })
  between.send(point('a', { fieldsDouble: { usage: 99 } }))
  const other = await Peer.connect(batch)
  other.send({ info: {} })
  holder.tellLauncher('')
  await between.answered('point')
  const [info] = await other.answered('info')
  t.is((info as { info: { wants: string } }).info.wants, 'BATCH')
  await webhook.received(({ id }) => id === 'cpu:cpu:host=a')
  t.is(statSync(stream).ino, before)
  t.throws(() => statSync(join(folder, 'stream.sock')), { code: 'ENOENT' })
  process.kill(pids()[1]!, 'SIGTERM')
  await holder.logged('stopped', {}, 2)
  t.true(statSync(stream).isSocket())
})

test('the service manager hears that it is ready, that it lives, and that it stops', async t => {
  const webhook = await receiver(t)
  const { config, folder } = room(t, webhook.url)
  const manager = new HeardByManager(folder)
  const daemon = await Daemon.ready(config, { ...manager.env, WATCHDOG_USEC: '300000' })
  t.teardown(() => daemon.kill())
  await manager.hears(/^READY=1 STATUS=ready$/)
  await manager.hears(/^WATCHDOG=1$/)
  t.deepEqual(await daemon.stop(), { code: 0, signal: null })
  t.is(manager.lines[0], 'READY=1 STATUS=ready')
  t.true(manager.lines.includes('STOPPING=1'))
})

test('a URL among the credentials of the service is read by it alone, and commands do without', async t => {
  const webhook = await receiver(t)
  const { config, folder, stream } = room(t, webhook.url)
  writeFileSync(join(folder, 'webhook-url'), `${webhook.url}\n`)
  const text = readFileSync(config, 'utf8')
  writeFileSync(
    config,
    text.replace(`url = "${webhook.url}"`, 'url-file = "$CREDENTIALS_DIRECTORY/webhook-url"'),
  )
  const daemon = await Daemon.ready(config, { CREDENTIALS_DIRECTORY: folder })
  t.teardown(() => daemon.kill())
  const peer = await Peer.task(stream, 'cpu', [CRIT])
  peer.send(point('a', { fieldsDouble: { usage: 99 } }))
  await webhook.received(({ id }) => id === 'cpu:cpu:host=a')
  const [open] = await jsonOf<{ id: string }>(config, 'incidents')
  t.is(open?.id, 'cpu:cpu:host=a')
  const without = new Daemon(config)
  t.is((await without.exited).code, 78)
  t.regex(without.complaints.join(), /endpoint\[0\]\.url-file: \$CREDENTIALS_DIRECTORY is not set/)
})

test('without systemd-notify the sidecar says that nobody hears it, and goes on', async t => {
  const webhook = await receiver(t)
  const { config, folder, stream } = room(t, webhook.url)
  const daemon = await Daemon.ready(config, { NOTIFY_SOCKET: join(folder, 'none'), PATH: folder })
  t.teardown(() => daemon.kill())
  const [line] = await daemon.logged('notify-failed')
  t.is(line?.level, 'error')
  const peer = await Peer.task(stream, 'cpu', [CRIT])
  await peer.end()
  t.is((await daemon.stop()).code, 0)
})
