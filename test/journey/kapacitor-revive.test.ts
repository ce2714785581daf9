// With a real Kapacitor: a sidecar that is killed comes back, and so do all tasks, with what they missed. KAPACITORD
// names the binary.
import { eventually } from '../fakes/kapacitor.ts'
import { cpuPoint, stepTime } from './courses.ts'
import { journey, type Scene } from './scene.ts'
import { HOST, inLambda, LEVEL_FIELDS, onCpu } from './scripts.ts'

const OK = 10
const CRITICAL = 95
const ALIVE_WITHIN_MS = 15_000
/** The sidecar trusts a topic after a minute. */
const LONG_MS = 240_000

const alertScript = (topic: string): string =>
  onCpu(`    |alert()
        .id('${topic}/${HOST}')
        .crit(${inLambda('"usage" > 90')})
        ${LEVEL_FIELDS}
        .stateChangesOnly()
        .topic('${topic}')
    @squadcast()`)
/** Its alert has a topic of its own, since it has a handler. */
const ownTopicScript = onCpu(`    |alert()
        .id('own/${HOST}')
        .crit(${inLambda('"usage" > 90')})
        ${LEVEL_FIELDS}
        .stateChangesOnly()
        .post().endpoint('squadcast')
    @squadcast()`)
const nodeScript = onCpu(`    @squadcast().id('node/${HOST}').crit('"usage" > 90')`)
const idleScript = onCpu(`    |where(lambda: FALSE)\n    @squadcast().crit('"usage" > 90')`)

const hosts = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `h${from + index}`)

async function allAlive({ sidecar }: Scene, tasks: readonly string[]): Promise<number> {
  const from = performance.now()
  for (const task of tasks) await sidecar.logged('node-started', { task })
  return performance.now() - from
}

journey(
  'after kill -9 of the sidecar all tasks are alive, what recovered is resolved, what turned critical is told',
  async (t, scene) => {
    t.timeout(LONG_MS)
    const { kapacitor, squadcast } = scene
    let step = 0
    const write = async (names: readonly string[], usage: number): Promise<void> => {
      step++
      await kapacitor.write(names.map(host => cpuPoint(host, usage, stepTime(step))))
    }
    const tasks = ['named', 'own', 'node', 'idle']
    await kapacitor.define('named', alertScript('named'))
    await kapacitor.define('own', ownTopicScript)
    await kapacitor.define('node', nodeScript)
    await kapacitor.define('idle', idleScript)
    await allAlive(scene, tasks)
    await write(hosts(0, 35), OK)
    await write(hosts(0, 10), CRITICAL)
    await scene.sidecar.logged('delivered', { kind: 'trigger' }, 30)

    await scene.sidecar.kill()
    // One after the other: the first ones die on the way, and with the next write the task itself.
    for (const host of hosts(0, 5)) await write([host], OK)
    await write(hosts(30, 32), CRITICAL)
    await scene.restart()
    const took = await allAlive(scene, tasks)
    t.log(`all alive within ${Math.round(took)} ms of ready`)
    t.true(took < ALIVE_WITHIN_MS)
    await write(hosts(0, 5), OK)
    await write(hosts(30, 32), CRITICAL)
    await write(hosts(5, 10), CRITICAL)

    const last = (): Map<string, string[]> =>
      Map.groupBy(
        squadcast.bodies.map(({ id, level }) => `${id} ${level}`),
        text => text.split(' ')[0]!,
      ) as Map<string, string[]>
    const wanted = (id: string, course: readonly string[]) => course.map(level => `${id} ${level}`)
    const recovers = hosts(0, 5).flatMap(host => ['named', 'own', 'node'].map(task => `${task}/${host}`))
    const turns = hosts(30, 32).flatMap(host => ['named', 'own', 'node'].map(task => `${task}/${host}`))
    const stays = hosts(5, 10).flatMap(host => ['named', 'own', 'node'].map(task => `${task}/${host}`))
    await scene.sidecar.until(
      () =>
        recovers.every(id => last().get(id)?.at(-1) === `${id} OK`) &&
        turns.every(id => last().get(id)?.at(-1) === `${id} CRITICAL`),
      120_000,
    )
    for (const id of recovers) t.deepEqual([...new Set(last().get(id))], wanted(id, ['CRITICAL', 'OK']), id)
    for (const id of [...turns, ...stays])
      t.deepEqual([...new Set(last().get(id))], wanted(id, ['CRITICAL']), id)
    t.is(scene.sidecar.lines('trigger').length, turns.length)
    t.log(
      `reconciled: ${scene.sidecar
        .lines('reconciled')
        .map(line => line.incident)
        .join(' ')}`,
    )
    t.true((await kapacitor.task('idle')).executing)
    for (const task of tasks) t.is((await kapacitor.task(task)).status, 'enabled')
  },
  { revives: true },
)

journey(
  'a recording played to a disabled task is told to nobody, and a task that is enabled is heard',
  async (t, { kapacitor, sidecar, squadcast }) => {
    await kapacitor.define('off', onCpu(`    @squadcast().id('off/${HOST}').crit('"usage" > 90')`))
    await sidecar.logged('node-started', { task: 'off' })
    const points = [CRITICAL, OK].map((usage, step) => cpuPoint('a', usage, stepTime(step)))
    const recording = await kapacitor.record('off', new Date(Number(stepTime(points.length) / 1_000_000n)))
    await kapacitor.write([...points, cpuPoint('after', OK, stepTime(9))])
    await kapacitor.recorded(recording)
    await sidecar.logged('delivered', {}, 2)
    await kapacitor.change('off', { status: 'disabled' })
    await kapacitor.replay('off', recording)
    await sidecar.logged('replay-started', { task: 'off' })
    await sidecar.logged('replayed', { task: 'off' }, 2)
    t.is(squadcast.bodies.length, 2)
    await kapacitor.change('off', { status: 'enabled' })
    await sidecar.logged('node-started', { task: 'off' }, 2)
    await kapacitor.write([cpuPoint('b', CRITICAL, stepTime(20))])
    await sidecar.logged('delivered', { incident: 'off/b' })
    t.is(squadcast.bodies.length, 3)
  },
  { revives: true },
)

journey(
  'Kapacitor restarted: its tasks connect by themselves, and none is revived while it may be dialing',
  async (t, scene) => {
    await scene.kapacitor.define('one', nodeScript)
    await scene.sidecar.logged('node-started', { task: 'one' })
    await scene.sidecar.logged('kapacitor-reachable')
    await scene.kapacitor.kill()
    await scene.sidecar.logged('node-ended', { task: 'one' })
    await scene.sidecar.logged('kapacitor-unreachable')
    await scene.restartKapacitor()
    await scene.sidecar.logged('node-started', { task: 'one' }, 2)
    await scene.sidecar.logged('kapacitor-reachable', {}, 2)
    t.is(scene.sidecar.lines('task-revived').length, 0)
    const state = await eventually('the task', async () => {
      const task = await scene.kapacitor.task('one')
      return task.executing ? task : undefined
    })
    t.is(state.status, 'enabled')
  },
  { revives: true },
)
