// With a real Kapacitor: what is told, and what is handed back. KAPACITORD names the binary.
import { readdirSync, readFileSync } from 'node:fs'
import { rfc3339Nano } from '../../src/incident/rfc3339.ts'
import { eventually, type Kapacitor, type Output } from '../fakes/kapacitor.ts'
import { byId, fold, type Post } from '../fakes/posts.ts'
import { allPoints, COURSES, cpuPoint, extremes, jiffies, stepTime } from './courses.ts'
import { journey, type Scene } from './scene.ts'
import { HOST, inLambda, inText, LEVEL_FIELDS, onCpu, thresholds } from './scripts.ts'

const withoutDetails = ({ details: _, ...rest }: Post): unknown => rest

/** Resolves once all is delivered that was made until this incident, with everything that was received. */
async function delivered({ sidecar, squadcast }: Scene, lastIncident: string): Promise<Post[]> {
  await sidecar.logged('trigger', { incident: lastIncident })
  await sidecar.logged('delivered', {}, sidecar.lines('trigger').length + sidecar.lines('resolve').length)
  return squadcast.bodies
}

journey('every example script executes without an error, and its nodes are connected', async (t, scene) => {
  const { kapacitor, sidecar } = scene
  const folder = new URL('../../tickscripts/', import.meta.url)
  const found: Record<string, unknown> = {}
  const wanted: Record<string, unknown> = {}
  for (const file of readdirSync(folder)) {
    const task = file.replace('.tick', '')
    const script = readFileSync(new URL(file, folder), 'utf8')
    const nodes = script.match(/^ *@squadcast(Batch)?\(\)/gm)?.length ?? 0
    await kapacitor.define(task, script)
    wanted[task] = { executing: true, error: '', nodes }
    found[task] = await eventually(`the start of ${task}`, async () => {
      const { executing, error } = await kapacitor.task(task)
      const started = sidecar.lines('node-started', { task }).length
      return error === '' && started < nodes ? undefined : { executing, error, nodes: started }
    })
  }
  t.true(Object.keys(found).length > 0)
  t.deepEqual(found, wanted)
})

journey('behind an |alert() that posts too, Squadcast gets the news among its posts', async (t, scene) => {
  const { kapacitor, posts, squadcast } = scene
  const script = onCpu(`    |alert()
        .id('cpu/${HOST}')
        .message('{{ .ID }} is {{ .Level }} at {{ index .Fields "usage" }}')
        ${thresholds(inLambda)}
        ${LEVEL_FIELDS}
        .post().endpoint('squadcast')
    @squadcast()`)
  await kapacitor.define('both', script)
  await kapacitor.write([...allPoints(), cpuPoint('last', 95, stepTime(1_000))])
  // It posts one after the other: behind this one nothing comes.
  await posts.received(({ id }) => id === 'cpu/last')
  const told = byId(await delivered(scene, 'cpu/last'), ({ id }) => id)
  const news = byId(fold(posts.bodies), ({ id }) => id)

  // All but the one that is never bad, and the last.
  t.is(news.size, Object.keys(COURSES).length)
  t.true(posts.bodies.length > squadcast.bodies.length)
  t.deepEqual([...told.keys()].sort(), [...news.keys()].sort())
  for (const [id, bodies] of news) t.deepEqual(told.get(id)!.map(withoutDetails), bodies.map(withoutDetails))
})

journey('thresholds in the node make the same events as the same ones in |alert()', async (t, scene) => {
  const { kapacitor } = scene
  const message = `.message('${HOST} is {{ .Level }} at {{ index .Fields "usage" }}')`
  const details = `.details('{{ .Level }} of ${HOST}')`
  const alert = `|alert().id('alert/${HOST}')${message}${thresholds(inLambda)}${LEVEL_FIELDS}`
  await kapacitor.define('by_alert', onCpu(`${alert}@squadcast()${details}`))
  const node = `@squadcast().id('node/${HOST}')${message}${thresholds(inText)}${details}`
  await kapacitor.define('by_node', onCpu(node))
  await kapacitor.write([...allPoints(), cpuPoint('last', 95, stepTime(1_000))])
  await delivered(scene, 'alert/last')
  const bodies = await delivered(scene, 'node/last')

  t.true(bodies.length > 100)
  t.deepEqual([...new Set(bodies.map(({ level }) => level))].sort(), ['CRITICAL', 'INFO', 'OK', 'WARNING'])
  for (const [host, events] of byId(bodies, ({ id }) => id.slice(id.indexOf('/') + 1))) {
    const madeBy = (name: string): unknown[] =>
      events.filter(({ id }) => id.startsWith(name)).map(({ id: _, ...rest }) => rest)
    t.deepEqual(madeBy('node'), madeBy('alert'), host)
  }
})

/** What a |log() with this prefix saw, in order; within a line sorted, since Kapacitor writes maps as they come. */
function logged({ log }: Kapacitor, prefix: string): string[] {
  const lines = log.filter(line => line.includes(` prefix=${prefix} `))
  return lines.map(line => {
    const [, kind, seen] = /msg=(point|"\w+ \w+") .* prefix=\w+ (.*)/.exec(line)!
    return [kind, ...seen!.match(/\w+=("(\\.|[^"\\])*"|\S*)/g)!.sort()].join(' ')
  })
}

/** Resolves with what it saw once there are so many points or whole batches. */
const loggedAll = (kapacitor: Kapacitor, prefix: string, count: number): Promise<string[]> =>
  eventually(`${count} × ${prefix}`, async () => {
    const lines = logged(kapacitor, prefix)
    const whole = lines.filter(line => line.startsWith('point') || line.startsWith('"end batch"'))
    return whole.length >= count ? lines : undefined
  })

journey('what is passed through comes out as it went in: all, once, in order', async (t, scene) => {
  const { kapacitor } = scene
  const options = `.crit('"usage" > 90').passThrough()`
  const script = onCpu(`
data|httpOut('before')|log().prefix('before')
data@squadcast()${options}|httpOut('after')|log().prefix('after')
var windows = data|window().periodCount(8).everyCount(5)
windows|httpOut('windows_before')|log().prefix('windows_before')
windows@squadcastBatch()${options}|httpOut('windows_after')|log().prefix('windows_after')`)
  await kapacitor.define('through', script)
  const points = [...allPoints(), extremes(stepTime(1_000))]
  const windows = Object.values(COURSES).reduce((sum, { length }) => sum + Math.floor(length / 5), 0)
  await kapacitor.write(points)
  for (const [before, after, count] of [
    ['before', 'after', points.length],
    ['windows_before', 'windows_after', windows],
  ] as const) {
    t.deepEqual(await loggedAll(kapacitor, after, count), await loggedAll(kapacitor, before, count))
    t.deepEqual(await kapacitor.output('through', after), await kapacitor.output('through', before))
  }
})

const fieldsOf = ({ columns, values }: Output): Record<string, unknown> =>
  Object.fromEntries(columns.map((column, index) => [column, values[0]![index]]))

journey('else only points with events come out, with what was asked for added', async (t, scene) => {
  const { kapacitor } = scene
  const script = onCpu(`    @squadcast()
        .id('cpu/${HOST}')
        .crit('"usage" > 90')
        .levelField('severity')
        .idField('incident')
        .messageField('text')
        .durationField('lasted')
        .levelTag('sev')
    |httpOut('events')`)
  await kapacitor.define('events', script)
  const course = (host: string, loads: readonly number[]): string[] =>
    loads.map((usage, step) => cpuPoint(host, usage, stepTime(step)))
  await kapacitor.write([
    ...course('a', [50, 95, 96]),
    ...course('b', [50, 95, 96, 10, 5]),
    ...course('c', [50, 60]),
  ])
  await scene.sidecar.logged('resolve')
  const [a, b, ...others] = await eventually('the last event', async () => {
    const output = await kapacitor.output('events', 'events')
    return output.some(({ tags }) => tags?.sev === 'OK') ? output : undefined
  })
  t.deepEqual(others, [])
  t.deepEqual(a!.tags, { host: 'a', rack: 'r 1', region: 'eu', sev: 'CRITICAL' })
  t.deepEqual(fieldsOf(a!), {
    ...{ time: rfc3339Nano(stepTime(1)), usage: 95, idle: 5, jiffies: jiffies(stepTime(1)), cores: 8 },
    ...{ note: 'köln "95" <b>', busy: true },
    ...{ severity: 'CRITICAL', incident: 'cpu/a', text: 'cpu/a is CRITICAL', lasted: 0 },
  })
  t.deepEqual(fieldsOf(b!), {
    ...{ time: rfc3339Nano(stepTime(3)), usage: 10, idle: 90, jiffies: jiffies(stepTime(3)), cores: 8 },
    ...{ note: 'köln "10" <b>', busy: false },
    ...{ severity: 'OK', incident: 'cpu/b', text: 'cpu/b is OK', lasted: Number(stepTime(3) - stepTime(1)) },
  })
})
