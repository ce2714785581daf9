// CPU of the agent for each point, on one connection: absorbing, passing through, and with conditions in the node;
// each as a ratio to the protobufjs agent in the same run. All take turns, so that what else the machine does
// falls on all alike; of each the least counts, since everything else only adds.
import { type Agent, startProtobufAgent, startSidecar } from './agents.ts'
import { type Figure, figuresOf, type Scenario } from './figures.ts'
import { KapacitorEnd } from './kapacitor-end.ts'
import { blocks } from './points.ts'

const POINTS = 10_000
const HOSTS = 100
const RUNS = 5
/** Points in the way in which Kapacitor writes them: they take far longer, most of it in the kernel. */
const PIECEMEAL = 20_000

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

interface Cost {
  /** µs for each point. */
  readonly cpu: number
  readonly perSecond: number
}

/** One connection, and what is fed to it. */
class Course {
  readonly #agent: Agent
  readonly #end: KapacitorEnd
  readonly #blocks: readonly Buffer[]
  readonly #times: number
  readonly #costs: Cost[] = []
  readonly #piecemeal: Cost[] = []

  private constructor(agent: Agent, end: KapacitorEnd, fed: readonly Buffer[], times: number) {
    this.#agent = agent
    this.#end = end
    this.#blocks = fed
    this.#times = times
  }

  static async open(
    agent: Agent,
    times: number,
    options: readonly object[] = [],
    level?: string,
  ): Promise<Course> {
    const end = await KapacitorEnd.connect(agent.stream, `bench${options.length}`, options)
    const fed = blocks(POINTS, HOSTS, level === undefined ? {} : { level })
    await end.feed(fed, 5)
    return new Course(agent, end, fed, times)
  }

  async run(): Promise<void> {
    const fed = () => this.#end.feed(this.#blocks, this.#times)
    this.#costs.push(await this.#cost(POINTS * this.#times, fed))
  }

  async runPiecemeal(): Promise<void> {
    const all = Buffer.concat(this.#blocks)
    const fed = () => this.#end.feedPiecemeal(all, PIECEMEAL / POINTS)
    this.#piecemeal.push(await this.#cost(PIECEMEAL, fed))
  }

  get least(): Cost {
    return least(this.#costs)
  }

  get leastPiecemeal(): Cost {
    return least(this.#piecemeal)
  }

  async #cost(points: number, feed: () => Promise<void>): Promise<Cost> {
    const [cpu, began] = [this.#agent.cpuSeconds(), performance.now()]
    await feed()
    return {
      cpu: ((this.#agent.cpuSeconds() - cpu) * 1e6) / points,
      perSecond: points / ((performance.now() - began) / 1000),
    }
  }
}

const least = (costs: readonly Cost[]): Cost => ({
  cpu: Math.min(...costs.map(({ cpu }) => cpu)),
  perSecond: Math.max(...costs.map(({ perSecond }) => perSecond)),
})

export const perPoint: Scenario = {
  name: 'per-point',
  about: 'CPU for each point: absorbing, passing through, two conditions; against protobufjs',
  async run() {
    const agents = [
      await startProtobufAgent(),
      await startProtobufAgent('decoding'),
      await startSidecar(),
    ] as const
    try {
      return await compare(agents)
    } finally {
      for (const agent of agents) await agent.end()
    }
  },
}

async function compare([returning, decoding, sidecar]: readonly [Agent, Agent, Agent]): Promise<Figure[]> {
  const base = await Course.open(returning, 10, [], 'OK')
  const decode = await Course.open(decoding, 10, [], 'OK')
  const kinds: Record<string, Course> = {}
  for (const [kind, { options, level }] of Object.entries(KINDS))
    kinds[kind] = await Course.open(sidecar, 40, options, level)
  for (let run = 0; run < RUNS; run++)
    for (const course of [base, decode, ...Object.values(kinds)]) await course.run()
  const absorbing = kinds.absorbing!
  for (let run = 0; run < RUNS; run++) for (const course of [decode, absorbing]) await course.runPiecemeal()

  const of = figuresOf('per-point')
  const figures = [
    of('protobufjs agent, returning', base.least.cpu, 'µs'),
    of('protobufjs agent, only decoding', decode.least.cpu, 'µs'),
  ]
  for (const [kind, { atLeast }] of Object.entries(KINDS)) {
    const { cpu, perSecond } = kinds[kind]!.least
    figures.push(of(kind, cpu, 'µs'), of(`${kind}, points a second`, perSecond, ''))
    figures.push(of(`${kind}, protobufjs / sidecar`, base.least.cpu / cpu, 'times', { atLeast }))
  }
  const [theirs, ours] = [decode.leastPiecemeal.cpu, absorbing.leastPiecemeal.cpu]
  return [
    ...figures,
    of('only decoding / absorbing', decode.least.cpu / absorbing.least.cpu, 'times'),
    of('absorbing, two small writes a point', ours, 'µs'),
    of('the same, only decoding / absorbing', theirs / ours, 'times'),
  ]
}
