// One connection to an agent that is measured, what is fed to it, and what that cost the agent. Of several runs the
// least counts: everything else on the machine only adds.
import type { Agent } from './agents.ts'
import { KapacitorEnd } from './kapacitor-end.ts'
import { blocks, pointFrame } from './points.ts'

const POINTS = 10_000
const HOSTS = 100
/** Points in the way in which Kapacitor writes them: they take far longer, most of it in the kernel. */
const PIECEMEAL = 20_000

export interface Cost {
  /** µs for each point. */
  readonly cpu: number
  readonly perSecond: number
}

export interface CourseOptions {
  readonly task: string
  readonly options?: readonly object[]
  /** Of all its points; undefined: they carry none. */
  readonly level?: string | undefined
  /** Another host than those that are fed has an incident open: each of their points has to be told apart from it. */
  readonly hasOpen?: boolean | undefined
  /** How often the points are fed in one run: enough to take a good part of a second. */
  readonly times: number
}

export class Course {
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

  /** Connects, and feeds until the agent has warmed up. */
  static async open(
    agent: Agent,
    { task, options = [], level, hasOpen, times }: CourseOptions,
  ): Promise<Course> {
    const end = await KapacitorEnd.connect(agent.stream, task, options)
    if (hasOpen) end.write(pointFrame('another', 0, { level: 'CRITICAL' }))
    const fed = blocks(POINTS, HOSTS, level === undefined ? {} : { level })
    await end.feed(fed, 5)
    return new Course(agent, end, fed, times)
  }

  async run(): Promise<void> {
    const feed = () => this.#end.feed(this.#blocks, this.#times)
    this.#costs.push(await this.#cost(POINTS * this.#times, feed))
  }

  async runPiecemeal(): Promise<void> {
    const all = Buffer.concat(this.#blocks)
    const feed = () => this.#end.feedPiecemeal(all, PIECEMEAL / POINTS)
    this.#piecemeal.push(await this.#cost(PIECEMEAL, feed))
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
