// The tasks of the torture: each has groups that go through their courses over one connection, which is made anew
// whenever the other end has gone. It keeps what the audit asks for: what was said, and what came back.
import { setTimeout as pause } from 'node:timers/promises'
import { Chance } from '../udf/fuzz/chance.ts'
import type { Said } from './audit.ts'
import { Course, type CourseLevel } from './course.ts'
import { connectTask, type TaskLink, type TaskNode } from './task-link.ts'

export const NODES: readonly TaskNode[] = [
  { task: 'cpu', edge: 'stream', endpoint: 'default' },
  { task: 'disk', edge: 'stream', endpoint: 'incidents' },
  { task: 'mem', edge: 'stream', endpoint: 'default' },
  { task: 'net', edge: 'batch', endpoint: 'default' },
  { task: 'swap', edge: 'batch', endpoint: 'incidents' },
]
const GROUPS = 6
const MOST_THOUGHT_MS = 150

export interface WorkloadParts {
  readonly seed: number
  readonly sockets: Readonly<Record<TaskNode['edge'], string>>
  /** So much waits for the receiver that more of it would only take time. */
  readonly isEnough: () => boolean
}

interface Series {
  readonly group: string
  readonly course: Course
  readonly goal: CourseLevel
  readonly incident: string
  /** Number of the point that is awaited. */
  awaited: number | undefined
  came: () => void
}

export class Workload {
  readonly said = new Map<number, Said>()
  readonly promised = new Set<number>()
  readonly #parts: WorkloadParts
  readonly #chance: Chance
  readonly #series = new Map<TaskNode, Series[]>(NODES.map(node => [node, seriesOf(node)]))
  #number = 0
  #isEnding = false

  constructor(parts: WorkloadParts) {
    this.#parts = parts
    this.#chance = new Chance(parts.seed)
  }

  /** Whether each incident is open; known only once the workload has ended. */
  get isOpen(): Map<string, boolean> {
    const all = [...this.#series.values()].flat()
    return new Map(all.map(({ incident, course }) => [incident, course.level !== 'OK']))
  }

  /** From now on each group goes to its end, and stays there. */
  end(): void {
    this.#isEnding = true
  }

  /** Connects all tasks and lets them go on. Resolves when the other end has gone, or all are at their end. */
  async run(): Promise<void> {
    await Promise.all(NODES.map(node => this.#runNode(node)))
  }

  async #runNode(node: TaskNode): Promise<void> {
    const all = this.#series.get(node)!
    const byNumber = (number: number): void => {
      this.promised.add(number)
      const series = all.find(({ awaited }) => awaited === number)
      if (series) series.awaited = undefined
      series?.came()
    }
    // Nobody may be there any more by the time a task comes.
    const link = await connectTask(this.#parts.sockets[node.edge], node, byNumber).catch(() => undefined)
    if (!link) return
    await Promise.all(all.map(series => this.#follow(series, link)))
    link.end()
    await link.closed
  }

  async #follow(series: Series, link: TaskLink): Promise<void> {
    const { course, goal } = series
    for (const level of course.again()) this.#say(series, level, link)
    for (;;) {
      if (course.isAwaited) await Promise.race([link.closed, this.#arrival(series)])
      if (course.isAwaited && series.awaited === undefined) course.returned()
      if (link.isClosed || (this.#isEnding && course.isSure && course.level === goal)) return
      await this.#think(link)
      if (!link.isClosed)
        this.#say(series, course.next(this.#chance, this.#isEnding ? goal : undefined), link)
    }
  }

  #arrival(series: Series): Promise<void> {
    return new Promise(resolve => {
      if (series.awaited === undefined) resolve()
      else series.came = resolve
    })
  }

  async #think(link: TaskLink): Promise<void> {
    if (this.#isEnding) return
    do await Promise.race([link.closed, pause(this.#chance.below(MOST_THOUGHT_MS))])
    while (this.#parts.isEnough() && !link.isClosed)
  }

  #say(series: Series, level: CourseLevel, link: TaskLink): void {
    const number = ++this.#number
    this.said.set(number, { incident: series.incident, kind: level === 'OK' ? 'resolve' : 'trigger' })
    series.awaited = number
    link.say(series.group, level, number)
  }
}

const seriesOf = ({ task }: TaskNode): Series[] =>
  Array.from({ length: GROUPS }, (_, index) => ({
    group: `g${index}`,
    course: new Course(),
    goal: index % 2 === 0 ? 'OK' : 'CRITICAL',
    incident: `${task}:cpu:host=g${index}`,
    awaited: undefined,
    came: () => {},
  }))
