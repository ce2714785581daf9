// With a real Kapacitor: tasks that come and go, fail, are replayed, or lose the sidecar. KAPACITORD names the binary.
import { DatabaseSync } from 'node:sqlite'
import type { ExecutionContext } from 'ava'
import { eventually, type Kapacitor } from '../fakes/kapacitor.ts'
import { fold } from '../fakes/posts.ts'
import { cpuPoint, stepTime } from './courses.ts'
import { journey, type Scene } from './scene.ts'
import { HOST, onCpu } from './scripts.ts'

/** Kapacitor would wait for ever, with a lock on all its stream tasks; the sidecar promises a second. */
const AT_ONCE_MS = 2_500

const PLAIN = onCpu(`    |httpOut('out')`)
const onCritical = (task: string): string =>
  onCpu(`    @squadcast().id('${task}/${HOST}').crit('"usage" > 90')`)

/** Points of a host, one for each load. */
const course = (host: string, loads: readonly number[], from = 0): string[] =>
  loads.map((usage, index) => cpuPoint(host, usage, stepTime(from + index)))

/** Resolves once a plain task shows a point that is written now. */
async function goesOn(kapacitor: Kapacitor, task: string, host: string): Promise<void> {
  await kapacitor.write(course(host, [1]))
  await eventually(`${host} in ${task}`, async () => {
    const output = await kapacitor.output(task, 'out')
    return output.some(({ tags }) => tags?.host === host) ? true : undefined
  })
}

/** Events made so far, and therefore to be delivered. */
const made = ({ sidecar }: Scene): number => sidecar.lines('trigger').length + sidecar.lines('resolve').length

/** Disables one task and removes another, both with points on the way. */
async function leaveAtOnce(t: ExecutionContext, { kapacitor, sidecar }: Scene): Promise<void> {
  await kapacitor.define('bystander', PLAIN)
  const upAndDown = Array.from({ length: 300 }, (_, step) => (step % 2 ? 10 : 95))
  for (const [task, leave] of [
    ['disabled', () => kapacitor.change('disabled', { status: 'disabled' })],
    ['removed', () => kapacitor.remove('removed')],
  ] as const) {
    await kapacitor.define(task, onCritical(task))
    await sidecar.logged('node-started', { task })
    await kapacitor.write(course(task, upAndDown))
    await sidecar.logged('trigger', { task })
    const asked = performance.now()
    await leave()
    const took = Math.round(performance.now() - asked)
    t.log(`${task} within ${took} ms`)
    t.true(took < AT_ONCE_MS, `${task} within ${took} ms`)
    await sidecar.logged('node-ended', { task })
    await goesOn(kapacitor, 'bystander', `after_${task}`)
  }
  t.is((await kapacitor.task('disabled')).executing, false)
  await t.throwsAsync(kapacitor.task('removed'), { message: /no task exists/ })
}

journey('a task is disabled and removed at once while the webhook hangs', async (t, scene) => {
  const { sidecar, squadcast } = scene
  squadcast.hang()
  await leaveAtOnce(t, scene)
  await squadcast.received(({ id }) => id === 'removed/removed')
  t.is(sidecar.lines('delivered').length, 0)
  squadcast.goOn()
  await sidecar.logged('delivered', {}, made(scene))
})

journey('a task is disabled and removed at once while the store is busy', async (t, scene) => {
  const { sidecar, squadcast, store } = scene
  const other = new DatabaseSync(store)
  other.exec('BEGIN IMMEDIATE')
  await leaveAtOnce(t, scene)
  t.is(squadcast.bodies.length, 0)
  other.exec('ROLLBACK')
  other.close()
  await sidecar.logged('delivered', {}, made(scene))
})

journey('a wrong option is refused, seen in the error of the task, and harms no other', async (t, scene) => {
  const { kapacitor, sidecar } = scene
  await kapacitor.define('plain', PLAIN)
  await kapacitor.define('good', onCritical('good'))
  await kapacitor.define('wrong', onCpu(`    @squadcast().crit('"usage" >')`))
  const { executing, error } = await eventually('the error', async () => {
    const state = await kapacitor.task('wrong')
    return state.error === '' ? undefined : state
  })
  t.false(executing)
  const [refusal] = await sidecar.logged('init-refused', { task: 'wrong' })
  t.regex(String(refusal!.reason), /^\.crit\(\): /)
  t.true(error.includes(`failed to initialize processes ${refusal!.reason}`), error)

  await goesOn(kapacitor, 'plain', 'still')
  await kapacitor.write(course('other', [95]))
  await sidecar.logged('delivered', { incident: 'good/other' })

  await kapacitor.change('wrong', { status: 'disabled', script: onCritical('wrong') })
  await kapacitor.change('wrong', { status: 'enabled' })
  await sidecar.logged('node-started', { task: 'wrong' })
  await kapacitor.write(course('mended', [95]))
  await sidecar.logged('delivered', { incident: 'wrong/mended' })
  t.like(await kapacitor.task('wrong'), { executing: true, error: '' })
})

journey('Kapacitor outlives a sidecar that is killed, and so do open incidents', async (t, scene) => {
  const { kapacitor, sidecar, squadcast } = scene
  await kapacitor.define('plain', PLAIN)
  await kapacitor.define('paged', onCritical('paged'))
  await sidecar.logged('node-started', { task: 'paged' })
  await kapacitor.write(course('a', [95]))
  await sidecar.logged('delivered', { incident: 'paged/a' })

  await sidecar.kill()
  await goesOn(kapacitor, 'plain', 'alone')
  // Kapacitor notices by the points that it can't write, and not at the first.
  const dead = await eventually('the end of the task', async () => {
    await kapacitor.write(course('lost', [1]))
    const state = await kapacitor.task('paged')
    return state.error === '' ? undefined : state
  })
  t.like(dead, { status: 'enabled', executing: false })
  await goesOn(kapacitor, 'plain', 'still_alone')

  await scene.restart()
  await kapacitor.change('paged', { status: 'disabled' })
  await kapacitor.change('paged', { status: 'enabled' })
  await scene.sidecar.logged('node-started', { task: 'paged' })
  await kapacitor.write(course('a', [10], 5))
  await scene.sidecar.logged('delivered', { incident: 'paged/a', kind: 'resolve' })
  // Killed before it had written down the answer, it tells once more.
  t.deepEqual(
    fold(squadcast.bodies).map(({ id, level, previousLevel }) => ({ id, level, previousLevel })),
    [
      { id: 'paged/a', level: 'CRITICAL', previousLevel: 'OK' },
      { id: 'paged/a', level: 'OK', previousLevel: 'CRITICAL' },
    ],
  )
})

journey('a replay of what a live task got is told to nobody', async (t, scene) => {
  const { kapacitor, sidecar, squadcast } = scene
  const ids = (): string[] => squadcast.bodies.map(({ id, level }) => `${id} ${level}`)
  await kapacitor.define('live', onCritical('live'))
  await sidecar.logged('node-started', { task: 'live' })
  const points = course('a', [95, 10, 95, 10])
  const recording = await kapacitor.record('live', new Date(Number(stepTime(points.length) / 1_000_000n)))
  await kapacitor.write([...points, ...course('after', [1], points.length + 1)])
  await kapacitor.recorded(recording)
  await sidecar.logged('delivered', {}, 4)
  const before = ids()

  await kapacitor.replay('live', recording)
  await sidecar.logged('replay-started', { task: 'live' })
  await sidecar.logged('node-ended', { task: 'live' })
  t.is(sidecar.lines('replayed', { task: 'live' }).length, 4)

  await kapacitor.write(course('b', [95], 100))
  await sidecar.logged('delivered', { incident: 'live/b' })
  t.deepEqual(ids(), [...before, 'live/b CRITICAL'])
  t.is(made(scene), 5)
})
