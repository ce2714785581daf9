// What a running sidecar tells of itself over HTTP: status, open incidents, the last hour, the live feed.
import { once } from 'node:events'
import type { ExecutionContext } from 'ava'
import test from 'ava'
import { WebSocket } from 'ws'
import type { OpenIncidentsView } from '../../src/app/incidents-view.ts'
import type { StatusView } from '../../src/app/status-view.ts'
import { Daemon } from '../fakes/daemon.ts'
import { Peer, point } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import { type Room, room } from '../fakes/room.ts'
import { ask } from '../http/listening.ts'

interface Scene {
  readonly daemon: Daemon
  readonly receiver: Receiver
  readonly made: Room
  readonly port: number
  get<View>(path: string): Promise<View>
}

async function scene(t: ExecutionContext): Promise<Scene> {
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const made = room(t, receiver.url, { http: 'bind-address = "127.0.0.1:0"' })
  const daemon = await Daemon.ready(made.config)
  t.teardown(() => daemon.kill())
  const [listening] = await daemon.logged('http-listening')
  const port = listening!.port as number
  return {
    ...{ daemon, receiver, made, port },
    get: async path => JSON.parse((await ask(port, { method: 'GET', path })).body),
  }
}

const connected = ({ made }: Scene): Promise<Peer> => Peer.task(made.stream, 'cpu')
const cpu = (level: string) => point('a', { fieldsString: { level } })

test('an incident is seen while it is open and waits, and gone when it is over', async t => {
  const on = await scene(t)
  t.like(await on.get<StatusView>('/status.json'), {
    ...{ state: 'fine', sentence: 'Ready, and no task of Kapacitor is connected.' },
    ...{ delivering: true, durable: true, connections: 0 },
  })
  const peer = await connected(on)
  on.receiver.hang()
  peer.send(cpu('CRITICAL'))
  await on.receiver.received(({ level }) => level === 'CRITICAL')

  const status = await on.get<StatusView>('/status.json')
  t.like(status, { state: 'fine', pending: 1, connections: 1, incidents: { open: 1 } })
  t.like(status.tasks[0], { task: 'cpu', state: 'alive' })
  t.like(status.tasks[0]!.nodes[0], { node: 'squadcast2', points: 1, withoutLevels: false })
  const { incidents } = await on.get<OpenIncidentsView>('/incidents.json?level=critical')
  t.like(incidents[0], { level: 'CRITICAL', state: 'open', delivery: { pending: 1, underWay: true } })

  on.receiver.goOn()
  await on.daemon.logged('delivered')
  t.is((await on.get<OpenIncidentsView>('/incidents.json')).incidents[0]!.delivery, undefined)
  peer.send(cpu('OK'))
  await on.daemon.logged('delivered', {}, 2)
  t.deepEqual(await on.get('/incidents.json'), { open: 0, matching: 0, incidents: [] })
  t.deepEqual((await on.get<{ series: { points: number[] } }>('/history.json')).series.points, [])
})

test('a task without levels makes the status red, with the line to add', async t => {
  const on = await scene(t)
  const peer = await connected(on)
  peer.send(point('a', { fieldsDouble: { usage: 1 } }))
  await on.daemon.logged('without-levels')
  const { state, problems } = await on.get<StatusView>('/status.json')
  t.is(state, 'critical')
  t.like(problems[0], { code: 'task-without-levels', about: 'cpu' })
  t.true(problems[0]!.cure.includes(".levelField('level')"))
})

test('the feed tells the way of an event, and never the URL of the webhook', async t => {
  const on = await scene(t)
  const socket = new WebSocket(`ws://127.0.0.1:${on.port}/feed?status&after=0`)
  t.teardown(() => socket.terminate())
  const texts: string[] = []
  const events = (): string[] => texts.map(text => JSON.parse(text).happening?.event)
  socket.on('message', text => texts.push(String(text)))
  const peer = await connected(on)
  peer.send(cpu('CRITICAL'))
  const signal = AbortSignal.timeout(20_000)
  while (!events().includes('delivered')) await once(socket, 'message', { signal })
  const ofEvent = events().filter(
    event => event === 'node-started' || event === 'trigger' || event === 'delivered',
  )
  t.deepEqual(ofEvent, ['node-started', 'trigger', 'delivered'])
  t.false(texts.join('').includes('SECRET'))
  const closed = once(socket, 'close')
  t.is((await on.daemon.stop()).code, 0)
  t.is((await closed)[0], 1001)
})
