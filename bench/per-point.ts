// CPU of the agent for each point, on one connection: absorbing, passing through, and with conditions in the node;
// each as a ratio to the protobufjs agent in the same run.
import { type Agent, startProtobufAgent, startSidecar } from './agents.ts'
import { type Figure, figuresOf, type Scenario } from './figures.ts'
import { KapacitorEnd } from './kapacitor-end.ts'
import { blocks } from './points.ts'

const POINTS = 10_000
const HOSTS = 100
const TIMES = 50
/** The least of some runs: everything else on the machine only adds. */
const RUNS = 3

const text = (name: string, stringValue: string) => ({ name, values: [{ type: 'STRING', stringValue }] })

const KINDS = {
  absorbing: { options: [], level: 'OK', atLeast: 8 },
  'passing through': { options: [{ name: 'passThrough', values: [] }], level: 'OK', atLeast: 7 },
  'two conditions': {
    options: [text('warn', '"usage_user" > 70 AND "host" != \'x\''), text('crit', '"usage_user" > 90')],
    level: undefined,
    atLeast: 5,
  },
} as const

export const perPoint: Scenario = {
  name: 'per-point',
  about: 'CPU for each point: absorbing, passing through, two conditions; against protobufjs',
  async run() {
    const base = await least(startProtobufAgent, [], 'OK')
    const figures: Figure[] = [figure('protobufjs agent, returning', base.cpu, 'µs')]
    for (const [kind, { options, level, atLeast }] of Object.entries(KINDS)) {
      const { cpu, perSecond } = await least(startSidecar, options, level)
      figures.push(figure(kind, cpu, 'µs'), figure(`${kind}, points a second`, perSecond, ''))
      figures.push(figure(`${kind}, protobufjs / sidecar`, base.cpu / cpu, 'times', { atLeast }))
    }
    return figures
  },
}

const figure = figuresOf('per-point')

interface Cost {
  /** µs for each point. */
  readonly cpu: number
  readonly perSecond: number
}

async function least(
  start: () => Promise<Agent>,
  options: readonly object[],
  level: string | undefined,
): Promise<Cost> {
  const fed = blocks(POINTS, HOSTS, level === undefined ? {} : { level })
  const costs: Cost[] = []
  const agent = await start()
  try {
    const end = await KapacitorEnd.connect(agent.stream, 'bench', options)
    await end.feed(fed, 5)
    for (let run = 0; run < RUNS; run++) costs.push(await cost(agent, end, fed))
    end.end()
  } finally {
    await agent.end()
  }
  return { cpu: Math.min(...costs.map(c => c.cpu)), perSecond: Math.max(...costs.map(c => c.perSecond)) }
}

async function cost(agent: Agent, end: KapacitorEnd, fed: readonly Buffer[]): Promise<Cost> {
  const [cpu, began] = [agent.cpuSeconds(), performance.now()]
  await end.feed(fed, TIMES)
  const points = POINTS * TIMES
  return {
    cpu: ((agent.cpuSeconds() - cpu) * 1e6) / points,
    perSecond: points / ((performance.now() - began) / 1000),
  }
}
