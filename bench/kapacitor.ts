// A real Kapacitor, fed by line protocol over its HTTP API: the same task without the node and with `@squadcast()` as
// its last node, which gets every point. Wall time, and CPU of both processes. KAPACITORD names the binary.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually, Kapacitor } from '../test/fakes/kapacitor.ts'
import { type Agent, startSidecar } from './agents.ts'
import { cpuSecondsOf } from './cpu.ts'
import { type Figure, figuresOf, type Scenario } from './figures.ts'
import { Receiver } from './receiver.ts'

const POINTS = 100_000
const LINES_AT_ONCE = 5000
const HOSTS = 100
/** The least of some runs, without and with the node by turns. */
const RUNS = 3
const AT_MOST_MS = 240_000

const EXAMPLE = new URL('../kapacitor.conf.example', import.meta.url)
/** All that this Kapacitor would otherwise look for. */
const NOTHING_ELSE = '[[influxdb]]\n  enabled = false\n  name = "default"\n'

const WITHOUT = `dbrp "telegraf"."autogen"
stream
    |from()
        .measurement('cpu')
        .groupBy('host')
`
const WITH = `${WITHOUT}    @squadcast()
        .crit('"usage_user" > 90.0')
`

export const kapacitor: Scenario = {
  name: 'kapacitor',
  about: `a real Kapacitor, ${POINTS.toLocaleString('en')} points without the node and with it`,
  whyNot: () =>
    process.env.KAPACITORD ? undefined : 'set KAPACITORD to the path of a kapacitord to measure beside it',
  run: async () => {
    const leaving: (() => unknown)[] = []
    const timer = AbortSignal.timeout(AT_MOST_MS)
    const late = new Promise<never>((_, reject) =>
      timer.addEventListener('abort', () => reject(new Error(`not done after ${AT_MOST_MS / 1000} s`))),
    )
    try {
      return await Promise.race([compare(await scene(process.env.KAPACITORD!, leaving)), late])
    } finally {
      for (const leave of leaving.reverse()) await leave()
    }
  },
}

interface Scene {
  readonly kapacitor: Kapacitor
  readonly sidecar: Agent
  readonly receiver: Receiver
}

async function scene(binary: string, leaving: (() => unknown)[]): Promise<Scene> {
  const receiver = await Receiver.listen()
  leaving.push(() => receiver.close())
  const sidecar = await startSidecar({ url: receiver.url })
  leaving.push(() => sidecar.end())
  const example = await readFile(EXAMPLE, 'utf8')
  const functions = example.replaceAll('/run/kapacitor-squadcast', sidecar.folder)
  const folder = join(sidecar.folder, 'kapacitor')
  const kapacitor = await Kapacitor.start(binary, folder, `${functions}\n${NOTHING_ELSE}`)
  leaving.push(() => kapacitor.kill())
  return { kapacitor, sidecar, receiver }
}

/** Seconds; CPU in µs for each point. */
interface Cost {
  readonly wall: number
  readonly kapacitor: number
  readonly sidecar: number
}

async function compare(scene: Scene): Promise<Figure[]> {
  const [without, withNode]: [Cost[], Cost[]] = [[], []]
  await scene.kapacitor.define('without', WITHOUT)
  await scene.kapacitor.define('with', WITH)
  await scene.kapacitor.change('with', { status: 'disabled' })
  for (let run = 0; run < RUNS; run++) {
    without.push(await costOf(scene, 'without', run))
    withNode.push(await costOf(scene, 'with', run))
  }
  const of = figuresOf('kapacitor')
  const [a, b] = [least(without), least(withNode)]
  return [
    of('wall time, without the node', a.wall, 's'),
    of('wall time, with it', b.wall, 's'),
    of('wall time, with / without', b.wall / a.wall, 'times'),
    of("Kapacitor's CPU a point, without", a.kapacitor, 'µs'),
    of("Kapacitor's CPU a point, with", b.kapacitor, 'µs'),
    of("the sidecar's CPU a point, with", b.sidecar, 'µs'),
    of('CPU of both, with / without', (b.kapacitor + b.sidecar) / a.kapacitor, 'times'),
  ]
}

/** From the first line to the last point at the end of the task. */
async function costOf(scene: Scene, task: 'without' | 'with', run: number): Promise<Cost> {
  const { kapacitor, sidecar } = scene
  await kapacitor.change(task, { status: 'enabled' })
  const lines = linesOf(run)
  const [began, ofKapacitor, ofSidecar] = [
    performance.now(),
    cpuSecondsOf(kapacitor.pid),
    sidecar.cpuSeconds(),
  ]
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE)
    await kapacitor.write(lines.slice(at, at + LINES_AT_ONCE))
  await (task === 'with' ? scene.receiver.received(run + 1) : taken(kapacitor, task))
  const cost = {
    wall: (performance.now() - began) / 1000,
    kapacitor: ((cpuSecondsOf(kapacitor.pid) - ofKapacitor) * 1e6) / POINTS,
    sidecar: ((sidecar.cpuSeconds() - ofSidecar) * 1e6) / POINTS,
  }
  // Enabled anew it counts from 0, and nobody else gets the next run's points.
  await kapacitor.change(task, { status: 'disabled' })
  return cost
}

/** All is OK, but the last: its incident says that all before it was read. */
function linesOf(run: number): string[] {
  const start = 1_790_000_000_000_000_000n + BigInt(run * POINTS) * 1_000_000n
  return Array.from({ length: POINTS }, (_, n) => {
    const last = n === POINTS - 1
    const host = last ? `last${run}` : `host${n % HOSTS}`
    const fields = `usage_idle=87.25,usage_system=3.5,usage_user=${last ? 95 : 12.5},processes=212i`
    return `cpu,cpu=cpu-total,host=${host},region=eu-west ${fields} ${start + BigInt(n) * 1_000_000n}`
  })
}

const TAKEN = /-> from1 \[processed="(\d+)"/

/** Resolves once the task's node has taken all points. */
const taken = (kapacitor: Kapacitor, task: string): Promise<true> =>
  eventually(`${POINTS} points in '${task}'`, async () =>
    Number(TAKEN.exec((await kapacitor.task(task)).dot)?.[1]) >= POINTS ? true : undefined,
  )

const least = (costs: readonly Cost[]): Cost => ({
  wall: Math.min(...costs.map(({ wall }) => wall)),
  kapacitor: Math.min(...costs.map(cost => cost.kapacitor)),
  sidecar: Math.min(...costs.map(({ sidecar }) => sidecar)),
})
