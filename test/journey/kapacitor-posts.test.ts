// With a real Kapacitor: what its alerts post to the sidecar, as Squadcast's own page tells people to, becomes what
// the node would have told. KAPACITORD names the binary.
import { readFileSync } from 'node:fs'
import { byId, fold, type Post } from '../fakes/posts.ts'
import { allPoints, COURSES, cpuPoint, stepTime } from './courses.ts'
import { journey, type Scene } from './scene.ts'
import { HOST, inLambda, onCpu, thresholds } from './scripts.ts'

const withoutDetails = ({ details: _, ...rest }: Post): unknown => rest

const alertOnCpu = (ids: string, handlers: string): string =>
  onCpu(`    |alert()
        .id('${ids}/${HOST}')
        .message('{{ .ID }} is {{ .Level }} at {{ index .Fields "usage" }}')
        ${thresholds(inLambda)}
        ${handlers}`)

const LAST = cpuPoint('last', 95, stepTime(1_000))

/** The news among what Kapacitor posted elsewhere is what Squadcast got of it. */
async function toldOf({ posts, squadcast }: Scene, lastId: string): Promise<Map<string, Post[]>[]> {
  await posts.received(({ id }) => id === lastId)
  await squadcast.received(({ id }) => id === lastId)
  const news = byId(fold(posts.bodies), ({ id }) => id)
  const all = [...news.values()].flat().length
  let seen = 0
  // Kapacitor posts to one place after the other: behind the last id nothing comes, but its lane is its own.
  await squadcast.received(() => ++seen > 0 && squadcast.bodies.length >= all)
  return [byId(squadcast.bodies, ({ id }) => id), news]
}

journey(
  '.post() to the sidecar tells what the node would tell, and nothing of its repeats',
  async (t, scene) => {
    const { kapacitor, squadcast, posts, sidecar } = scene
    const handlers = `.post().endpoint('squadcast')\n        .post().endpoint('sidecar')`
    await kapacitor.define('posts', alertOnCpu('cpu', handlers))
    await kapacitor.write([...allPoints(), LAST])
    const [told, news] = await toldOf(scene, 'cpu/last')
    t.is(news!.size, Object.keys(COURSES).length)
    t.true(posts.bodies.length > squadcast.bodies.length)
    t.deepEqual([...told!.keys()].sort(), [...news!.keys()].sort())
    for (const [id, bodies] of news!)
      t.deepEqual(told!.get(id)!.map(withoutDetails), bodies.map(withoutDetails))
    t.deepEqual(sidecar.lines('http-refused'), [])
  },
)

journey('the handler of a topic, with the listener as its URL, tells it too', async (t, scene) => {
  const { kapacitor, listener, squadcast } = scene
  await kapacitor.handle('cpu', 'post', { url: `${listener}/v1/alerts` })
  await kapacitor.define('topic', alertOnCpu('topic', `.stateChangesOnly()\n        .topic('cpu')`))
  const points = [95, 96, 10].map((usage, step) => cpuPoint('a', usage, stepTime(step)))
  await kapacitor.write(points)
  await squadcast.received(({ level }) => level === 'OK')
  t.deepEqual(
    squadcast.bodies.map(({ id, level }) => `${id} ${level}`),
    ['topic/a CRITICAL', 'topic/a OK'],
  )
})

/** A rule as Chronograf writes it, with the post handler and the sidecar's URL in its form. */
function chronografRule(listener: string): string {
  const script = readFileSync(new URL('../fixtures/more/chronograf.tick', import.meta.url), 'utf8')
  return script
    .replace(/\.post\(\)\s+\.endpoint\('squadcast'\)/, `.post('${listener}/v1/alerts')`)
    .replace(/trigger\s+@squadcast\(\)\s+\|log\(\)/, '')
}

journey('a rule of Chronograf, with the listener as the URL of its post handler', async (t, scene) => {
  const { kapacitor, listener, squadcast } = scene
  await kapacitor.define('chronograf', chronografRule(listener))
  await kapacitor.write([95, 96, 10].map((usage, step) => cpuPoint('a', usage, stepTime(step))))
  await squadcast.received(({ level }) => level === 'OK')
  t.deepEqual(
    squadcast.bodies.map(({ id, level }) => `${id} ${level}`),
    ['CPU usage-host=a,region=eu CRITICAL', 'CPU usage-host=a,region=eu OK'],
  )
  // The rule gives no details, so that they are ours.
  t.regex(String(squadcast.bodies[0]?.details), /^host: a\n/)
})

journey('killed right after it took a post, the sidecar delivers it after its restart', async (t, scene) => {
  const { kapacitor, squadcast, sidecar } = scene
  squadcast.hang()
  await kapacitor.define('killed', alertOnCpu('killed', `.post().endpoint('sidecar')`))
  await kapacitor.write([cpuPoint('a', 95, stepTime(1))])
  await sidecar.logged('trigger', { incident: 'killed/a' })
  await squadcast.received(({ id }) => id === 'killed/a')
  await sidecar.kill()
  squadcast.bodies.length = 0
  squadcast.goOn()
  await scene.restart()
  await squadcast.received(({ id }) => id === 'killed/a')
  await kapacitor.write([cpuPoint('a', 10, stepTime(2))])
  t.is((await squadcast.received(({ level }) => level === 'OK')).id, 'killed/a')
})

journey(
  'a task that moves from .post() to the node resolves by the node what its posts opened',
  async (t, scene) => {
    const { kapacitor, squadcast } = scene
    await kapacitor.define('moves', alertOnCpu('moves', `.post().endpoint('sidecar')`))
    await kapacitor.write([cpuPoint('a', 95, stepTime(1))])
    await squadcast.received(({ level }) => level === 'CRITICAL')
    const script = onCpu(`    @squadcast()
        .id('moves/${HOST}')
        .crit('"usage" > 90')`)
    await kapacitor.change('moves', { status: 'disabled' })
    await kapacitor.change('moves', { script, status: 'enabled' })
    await scene.sidecar.logged('node-started', { task: 'moves' })
    await kapacitor.write([cpuPoint('a', 10, stepTime(2))])
    await squadcast.received(({ level }) => level === 'OK')
    t.deepEqual(
      squadcast.bodies.map(({ id, level }) => `${id} ${level}`),
      ['moves/a CRITICAL', 'moves/a OK'],
    )
  },
)
