// The daemon as a process on a disk that is full: points are answered, events are delivered, and the end tells what
// would be lost.
import type { ExecutionContext } from 'ava'
import { systemClock } from '../../src/app/system-clock.ts'
import { type StandIn, startStandIn } from '../../src/demo/stand-in.ts'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { readPosts } from '../fakes/posts.ts'
import { room } from '../fakes/room.ts'
import { onSmallDisk, type SmallDisk, smallDisk } from '../outbox/small-disk.ts'
import { rows } from '../outbox/stored.ts'
import { deadPort } from '../squadcast/servers.ts'

const CRIT = option('crit', '"usage" > 90')
const usage = (value: number) => ({ fieldsDouble: { usage: value } })

interface Scene {
  readonly disk: SmallDisk
  readonly standIn: StandIn
  readonly daemon: Daemon
  readonly peer: Peer
  /** Where Kapacitor posts to. */
  readonly alerts: string
}

async function sceneOnFullDisk(t: ExecutionContext): Promise<Scene> {
  const disk = await smallDisk(t, 8 << 20)
  const standIn = await startStandIn({ clock: systemClock })
  t.teardown(() => standIn.close())
  const port = await deadPort()
  const made = room(t, standIn.url('kapacitor'), {
    storeFolder: disk.folder,
    http: `bind-address = "127.0.0.1:${port}"`,
  })
  const daemon = await Daemon.ready(made.config)
  t.teardown(() => daemon.kill())
  const peer = await Peer.task(made.stream, 'cpu', [CRIT])
  disk.fill()
  return { disk, standIn, daemon, peer, alerts: `http://127.0.0.1:${port}/v1/alerts` }
}

const hostsOf = (standIn: StandIn): string[] =>
  standIn.requests.filter(({ accepted }) => accepted).map(({ body }) => (body as { id: string }).id)

/** Until the store has said that it takes nothing, each point opens another incident. */
async function sendUntilVolatile({ daemon, peer }: Scene): Promise<number> {
  for (let n = 1; n < 5000; n++) {
    peer.send(point(`host${n}`, usage(95), n))
    await peer.answered('point', n)
    if (daemon.lines('store-volatile').length > 0) return n
  }
  throw new Error('the disk never filled up')
}

onSmallDisk(
  'on a full disk points come back and events are delivered; with room again all of it is stored',
  async t => {
    const scene = await sceneOnFullDisk(t)
    const { disk, standIn, daemon, peer } = scene
    const count = await sendUntilVolatile(scene)
    peer.send(point('last', usage(95), count + 1))
    await peer.answered('point', count + 1)
    await standIn.accepted(count + 1)
    t.is(new Set(hostsOf(standIn)).size, count + 1)
    disk.empty()
    await daemon.logged('store-recovered')
    await daemon.stop()
    t.deepEqual(rows(disk.store, `SELECT state, count(*) AS n FROM event GROUP BY state`), [
      { state: 'delivered', n: count + 1 },
    ])
  },
)

onSmallDisk('asked to stop on a full disk, it first delivers what nobody else knows of', async t => {
  const scene = await sceneOnFullDisk(t)
  const { standIn, daemon } = scene
  standIn.faults.whenever(() => ({ kind: 'answer', status: 503 }))
  const count = await sendUntilVolatile(scene)
  const stopped = daemon.stop()
  const [line] = await daemon.logged('stopping-unsaved')
  t.true(Number(line!.events) > 0 && Number(line!.events) <= count)
  standIn.faults.whenever(undefined)
  t.deepEqual(await stopped, { code: 0, signal: null })
  t.deepEqual(daemon.lines('lost'), [])
  const told = new Set(hostsOf(standIn))
  t.true(told.size >= Number(line!.events))
})

onSmallDisk('on a full disk a post is taken all the same, told, and answered as not durable', async t => {
  const scene = await sceneOnFullDisk(t)
  const count = await sendUntilVolatile(scene)
  const [alert] = readPosts('kapacitor-posts.jsonl')
  const answer = await fetch(scene.alerts, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alert),
  })
  t.is(answer.status, 202)
  t.like(await answer.json(), { event: 'trigger', incident: alert!.id, durable: false })
  await scene.standIn.accepted(count + 1)
  t.true(hostsOf(scene.standIn).includes(alert!.id))
})
