// Squadcast's own ways through the sidecar, as a process: what Kapacitor posts makes the incidents that the node makes
// of the same points, and nothing that was acknowledged is lost.
import test, { type ExecutionContext } from 'ava'
import { toExactJson } from '../../src/incident/event.ts'
import { Daemon } from '../fakes/daemon.ts'
import { Peer } from '../fakes/peer.ts'
import { byId, fold, type Post, readPosts } from '../fakes/posts.ts'
import { Receiver } from '../fakes/receiver.ts'
import { connections, type Task } from '../fakes/recordings.ts'
import { type Room, room } from '../fakes/room.ts'
import { ask, type Reply } from '../http/listening.ts'
import { httpServer } from '../squadcast/servers.ts'

const EVERYTHING_TOLD = { endpoint: 'coalesce = false', more: '[squadcast]\nrate = 100000' }

interface Stage {
  readonly receiver: Receiver
  readonly made: Room
  daemon: Daemon
  port: number
  /** Events that posts were told of. */
  acknowledged: number
  start(): Promise<void>
}

async function stageWith(t: ExecutionContext, more = ''): Promise<Stage> {
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const made = room(t, receiver.url, {
    ...EVERYTHING_TOLD,
    http: 'bind-address = "127.0.0.1:0"',
    more: `${EVERYTHING_TOLD.more}\n${more.replaceAll('URL', receiver.url)}`,
  })
  const start = async (): Promise<void> => {
    stage.daemon = await Daemon.ready(made.config)
    t.teardown(() => stage.daemon.kill())
    stage.port = stage.daemon.lines('http-listening')[0]!.port as number
  }
  const stage: Stage = {
    receiver,
    made,
    daemon: undefined as unknown as Daemon,
    port: 0,
    acknowledged: 0,
    start,
  }
  await start()
  return stage
}

async function post(stage: Stage, body: unknown, path = '/v1/alerts'): Promise<Reply> {
  const reply = await ask(stage.port, { path, body: toExactJson(body) })
  if (reply.status === 202) stage.acknowledged++
  return reply
}

const withoutDetails = ({ details: _, ...rest }: Post): unknown => rest

function value(metrics: string, name: string): number {
  const line = metrics.split('\n').find(one => one.startsWith(`kapacitor_squadcast_${name} `))
  return Number(line?.split(' ').at(-1))
}

/** Once as many events are delivered as were made. */
async function delivered({ daemon, receiver, acknowledged }: Stage, made = acknowledged): Promise<Post[]> {
  await daemon.logged('delivered', {}, made)
  return receiver.bodies
}

test('recorded posts, one after the other, make the events that are news among them, equal key by key', async t => {
  const stage = await stageWith(t)
  const posts = readPosts('kapacitor-posts.jsonl')
  const answers = new Map<string, number>()
  for (const body of posts) {
    const reply = await post(stage, body)
    const { event } = JSON.parse(reply.body) as { event: string | null }
    const key = `${reply.status} ${event}`
    answers.set(key, (answers.get(key) ?? 0) + 1)
  }
  // The table in the recordings' README: triggers and escalations, resolves, and what is no news.
  t.deepEqual(Object.fromEntries(answers), {
    '202 trigger': 112 + 38 + 81 + 40,
    '202 resolve': 58 + 59 + 24,
    '200 null': 537 - 412,
  })
  const told = byId(await delivered(stage), ({ id }) => id)
  const news = byId(fold(posts), ({ id }) => id)
  t.deepEqual([...told.keys()].sort(), [...news.keys()].sort())
  for (const [id, bodies] of news) t.deepEqual(told.get(id)!.map(withoutDetails), bodies.map(withoutDetails))

  const { body: metrics } = await ask(stage.port, { method: 'GET', path: '/metrics' })
  t.is(value(metrics, 'open_incidents'), 54 + 22 + 16)
  t.is(value(metrics, 'posts_total{outcome="no-event"}'), 537 - 412)
})

test('they are the events that the node makes of the same points', async t => {
  const byPosts = await stageWith(t)
  for (const body of readPosts('kapacitor-posts.jsonl')) await post(byPosts, body)
  const posted = byId(await delivered(byPosts), ({ id }) => id)
  const byNode = await stageWith(t)
  for (const task of ['alert_fields', 'alert_tags', 'window_alert'] as const satisfies readonly Task[])
    for (const bytes of connections(task)) {
      const { stream, batch } = byNode.made
      const peer = await Peer.connect(task === 'window_alert' ? batch : stream)
      peer.sendBytes(bytes)
      await peer.end()
    }
  const noded = byId(await delivered(byNode, byPosts.acknowledged), ({ id }) => id)
  t.is(noded.size, posted.size)
  for (const [id, bodies] of posted) {
    // Of a window, which point decided is not known to the node.
    const comparable = ({ details: _, time, ...rest }: Post): unknown =>
      id.startsWith('win/') ? rest : { ...rest, time }
    t.deepEqual(noded.get(id)?.map(comparable), bodies.map(comparable), id)
  }
})

test('what was acknowledged is delivered, though the process was killed right after', async t => {
  const stage = await stageWith(t)
  stage.receiver.hang()
  const [first] = readPosts('kapacitor-posts.jsonl')
  t.is((await post(stage, { ...first, id: 'killed/1' })).status, 202)
  await stage.daemon.kill()
  stage.receiver.goOn()
  await stage.start()
  await stage.receiver.received(({ id }) => id === 'killed/1')
  // What is open is known too: a repeat is none the less, and OK resolves.
  t.is((await post(stage, { ...first, id: 'killed/1' })).status, 200)
  t.deepEqual(JSON.parse((await post(stage, { ...first, id: 'killed/1', level: 'OK' })).body), {
    ...{ event: 'resolve', incident: 'killed/1', level: 'OK', durable: true },
  })
  t.is((await stage.daemon.stop()).code, 0)
})

test('killed again and again in the midst of posts, every acknowledged one is delivered', async t => {
  const stage = await stageWith(t)
  const acknowledged: string[] = []
  for (let round = 0; round < 3; round++) {
    const ids = Array.from({ length: 200 }, (_, n) => `r${round}/${n}`)
    let isDead = false
    const posting = ids.map(async id => {
      const reply = await post(stage, { id, level: 'CRITICAL' }).catch(() => undefined)
      if (reply?.status !== 202) return
      acknowledged.push(id)
      if (isDead || acknowledged.length < 40 * (round + 1)) return
      isDead = true
      await stage.daemon.kill()
    })
    await Promise.all(posting)
    await stage.daemon.kill()
    await stage.start()
  }
  t.true(acknowledged.length >= 120)
  const missing = new Set(acknowledged)
  await stage.receiver.received(({ id }) => {
    missing.delete(id)
    return missing.size === 0
  })
  t.deepEqual([...missing], [])
})

test('an endpoint of its own gets its posts; one that nobody configured goes to the default one, loudly', async t => {
  const stage = await stageWith(t, '[[endpoint]]\nname = "ops"\nurl = "URL/ops"\nmin-level = "CRITICAL"')
  const alert = { id: 'a', level: 'WARNING' }
  t.is((await post(stage, alert, '/v1/alerts/ops')).status, 200)
  for (const id of ['b', 'c']) t.is((await post(stage, { ...alert, id }, '/v1/alerts/opps')).status, 202)
  await delivered(stage)
  t.deepEqual(
    stage.daemon.lines('delivered').map(({ endpoint, incident }) => `${endpoint} ${incident}`),
    ['default b', 'default c'],
  )
  const warnings = stage.daemon.lines('unknown-endpoint')
  t.deepEqual(
    warnings.map(({ level, endpoint }) => [level, endpoint]),
    [['warn', 'opps']],
  )
})

test('a refused post is an ERROR with the sentence that Kapacitor got', async t => {
  const stage = await stageWith(t)
  const { status, body } = await ask(stage.port, { body: '{"level":"OK"}' })
  t.is(status, 422)
  const [line] = await stage.daemon.logged('http-refused')
  t.is(line?.level, 'error')
  t.is(line?.reason, body)
})

test('alive, ready, and counted', async t => {
  const stage = await stageWith(t)
  for (const path of ['/healthz', '/readyz'])
    t.is((await ask(stage.port, { method: 'GET', path })).status, 200)
  const { headers, body } = await ask(stage.port, { method: 'GET', path: '/metrics' })
  t.regex(headers['content-type']!, /^text\/plain; version=0\.0\.4/)
  t.regex(body, /^kapacitor_squadcast_durable 1$/m)
})

test('with its address taken the daemon is ready all the same, says so, and stops', async t => {
  const other = await httpServer(t, (_, response) => response.end())
  const { config } = room(t, 'http://127.0.0.1:1/x', { http: `bind-address = "127.0.0.1:${other.port}"` })
  const daemon = await Daemon.ready(config)
  t.teardown(() => daemon.kill())
  const [line] = daemon.lines('http-cannot-listen')
  t.is(line?.level, 'error')
  t.regex(line!.msg!, /tried again every 10 s.*Another process has the address: stop it/)
  t.deepEqual(await daemon.stop(), { code: 0, signal: null })
})
