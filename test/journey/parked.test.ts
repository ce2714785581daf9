// A configuration that is broken, or a store of a newer version, under a service manager: Kapacitor is answered all
// the same, by the last good configuration where there was one.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import test, { type ExecutionContext } from 'ava'
import type { StatusView } from '../../src/app/status-view.ts'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import { type Room, room } from '../fakes/room.ts'
import { HeardByManager } from '../fakes/service-manager.ts'
import { ask } from '../http/listening.ts'

const CRIT = option('crit', '"usage" > 90')
const high = (host: string) => point(host, { fieldsDouble: { usage: 99 } })

interface Scene extends Room {
  readonly webhook: Receiver
  readonly manager: HeardByManager
  start(): Daemon
}

async function scene(t: ExecutionContext): Promise<Scene> {
  const webhook = await Receiver.listen()
  t.teardown(() => webhook.close())
  const made = room(t, webhook.url)
  const manager = new HeardByManager(made.folder)
  const start = (): Daemon => {
    const daemon = new Daemon(made.config, manager.env)
    t.teardown(() => daemon.kill())
    return daemon
  }
  return { ...made, webhook, manager, start }
}

const rewrite = (config: string, change: (text: string) => string): void =>
  writeFileSync(config, change(readFileSync(config, 'utf8')))

/** What a task gets that asks while the sidecar is parked. */
async function refusal(stream: string): Promise<string> {
  const peer = await Peer.connect(stream)
  peer.send({ info: {} }, { keepalive: { time: '7' } })
  await peer.answered('info')
  await peer.answered('keepalive')
  peer.send({ init: { taskID: 'cpu', nodeID: 'squadcast2', options: [CRIT] } })
  const [answer] = await peer.answered('init')
  await peer.closed
  return (answer as { init: { error: string } }).init.error
}

test('with no good configuration ever, Kapacitor is answered and tasks are refused with the reason', async t => {
  const { config, stream, manager, start } = await scene(t)
  rewrite(config, text => text.replace('[[endpoint]]', '[[endpoint]]\ntiemout = "1s"'))
  const daemon = start()
  await manager.hears(/^READY=1 STATUS=parked: .*tiemout/)
  t.regex(
    await refusal(stream),
    /^kapacitor-squadcast is parked: .*:\d+: endpoint\[0\]\.tiemout: unknown key/,
  )
  rewrite(config, text => text.replace('tiemout', 'timeout'))
  daemon.reload()
  t.deepEqual(await daemon.exited, { code: 0, signal: null })
  await start().logged('ready')
})

test('a configuration that broke after a good run: the last good one is run by, with secrets that are elsewhere', async t => {
  const { config, folder, stream, webhook, manager, start } = await scene(t)
  writeFileSync(join(folder, 'webhook-url'), webhook.url)
  rewrite(config, text => text.replace(`url = "${webhook.url}"`, 'url-file = "webhook-url"'))
  const good = start()
  await manager.hears(/^READY=1/)
  await good.stop()
  t.false(readFileSync(join(folder, 'last-good.json'), 'utf8').includes('SECRET'))
  writeFileSync(config, 'not TOML at all')
  const daemon = start()
  const [line] = await daemon.logged('runs-by-last-good')
  t.is(line?.level, 'error')
  await daemon.logged('ready')
  const peer = await Peer.task(stream, 'cpu', [CRIT])
  peer.send(high('a'))
  await webhook.received(({ id }) => id === 'cpu:cpu:host=a')
  await manager.hears(/^READY=1 STATUS=runs by the last good configuration: .*not TOML/)
})

test('a URL that stood in the broken file itself is not kept: its events wait until the file is repaired', async t => {
  const { config, folder, stream, webhook, manager, start } = await scene(t)
  const text = readFileSync(config, 'utf8')
  const good = start()
  await manager.hears(/^READY=1/)
  await good.stop()
  t.false(readFileSync(join(folder, 'last-good.json'), 'utf8').includes('SECRET'))
  writeFileSync(config, 'not TOML at all')
  const daemon = start()
  const [line] = await daemon.logged('runs-by-last-good')
  t.deepEqual(line?.withoutSecret, ['default'])
  await daemon.logged('ready')
  const peer = await Peer.task(stream, 'cpu', [CRIT])
  peer.send(high('a'))
  await peer.answered('point')
  t.is(webhook.bodies.length, 0)
  writeFileSync(config, text)
  daemon.reload()
  await webhook.received(({ id }) => id === 'cpu:cpu:host=a')
  t.is(daemon.lines('node-ended').length, 0)
})

test('a store of a newer version parks the sidecar, and is not touched', async t => {
  const { store, stream, manager, start } = await scene(t)
  const db = new DatabaseSync(store)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA user_version = 9001')
  db.close()
  const before = readFileSync(store)
  const daemon = start()
  await manager.hears(/^READY=1 STATUS=parked: the store was written by a newer version/)
  t.regex(await refusal(stream), /written by a newer version \(format 9\)/)
  t.deepEqual(await daemon.stop(), { code: 0, signal: null })
  t.true(readFileSync(store).equals(before))
})

test('without a service manager a broken configuration ends it with 78, last good one or not', async t => {
  const { config, manager, start } = await scene(t)
  const good = start()
  await manager.hears(/^READY=1/)
  await good.stop()
  rmSync(config)
  const daemon = new Daemon(config)
  t.teardown(() => daemon.kill())
  t.deepEqual(await daemon.exited, { code: 78, signal: null })
})

test('while it is parked the local listener says why, and takes no posts', async t => {
  const { config, manager, start } = await scene(t)
  rewrite(config, text =>
    text
      .replace('bind-address = ""', 'bind-address = "127.0.0.1:0"')
      .replace('[[endpoint]]', '[[endpoint]]\ntiemout = "1s"'),
  )
  const daemon = start()
  await manager.hears(/^READY=1 STATUS=parked/)
  const port = (await daemon.logged('http-listening'))[0]!.port as number
  const get = (path: string) => ask(port, { method: 'GET', path })
  t.is((await get('/healthz')).status, 200)
  t.regex((await get('/metrics')).body, /^kapacitor_squadcast_parked 2$/m)
  const status = JSON.parse((await get('/status.json')).body) as StatusView
  t.like(status, { state: 'critical', delivering: false })
  t.like(status.problems[0], { code: 'parked' })
  t.regex(status.sentence, /nobody is paged: .*tiemout: unknown key/)
  t.is((await ask(port, {})).status, 503)
})

test('while it is parked over a mistake in [http] nobody may ask: who might is not known', async t => {
  const { config, manager, start } = await scene(t)
  rewrite(config, text =>
    text.replace('bind-address = ""', 'bind-address = "127.0.0.1:0"\ntoken-flie = "token"'),
  )
  const daemon = start()
  await manager.hears(/^READY=1 STATUS=parked: .*token-flie/)
  t.deepEqual(await daemon.stop(), { code: 0, signal: null })
  t.deepEqual(daemon.lines('http-listening'), [])
})
