// A Kapacitor and a sidecar's edge, simulated in steps of half a second: tasks that dial with Kapacitor's backoff,
// connections that break, processes that are killed between any two requests. It notes what must never happen.

import type { RevivalNote } from '../../src/kapacitor/revival-note.ts'
import { Revival, type Step } from '../../src/kapacitor/revive.ts'
import type { InitNote, ListedTask } from '../../src/kapacitor/task-record.ts'

export const TICK_MS = 500
const LOOK_EVERY_MS = 10_000
/** Kapacitor dials for a node of a starting task for so long. */
const DIALS_FOR_MS = 300_000

interface SimulatedTask {
  readonly id: string
  readonly nodes: readonly string[]
  status: 'enabled' | 'disabled'
  byPerson: boolean
  executing: boolean
  lastEnabled: number
  modified: number
  /** By node: when Kapacitor dials next, and since when it does. */
  readonly dialing: Map<string, { next: number; since: number }>
  readonly connected: Set<string>
}

/** What a sidecar does next of a revival: each of these is a moment at which it may be killed. */
interface Work {
  step: Step
  at: 'disable' | 'enable-note' | 'enable'
}

export class World {
  now = 0
  readonly wrong: string[] = []
  revivals = 0
  readonly tasks = new Map<string, SimulatedTask>()
  readonly #random: () => number
  readonly #wallStart = Date.UTC(2026, 0, 1)
  /** What the disk has. */
  readonly #inits = new Map<string, InitNote>()
  readonly #begun = new Map<string, RevivalNote>()
  #revival: Revival | undefined
  #nextLook = 0
  #work: Work[] = []
  #kapacitorUp = true

  constructor(random: () => number) {
    this.#random = random
  }

  get sidecarIsUp(): boolean {
    return this.#revival !== undefined
  }

  get wall(): number {
    return this.#wallStart + this.now
  }

  startSidecar(): void {
    this.#revival ??= new Revival(this.#inits.values(), this.#begun.values())
    this.#nextLook = this.now
  }

  killSidecar(): void {
    this.#revival = undefined
    this.#work = []
    // Kapacitor does not notice at once, and never reconnects.
    for (const task of this.tasks.values()) task.connected.clear()
  }

  killKapacitor(): void {
    this.#kapacitorUp = false
    for (const work of this.#work) this.#finish(work, 'failed')
    for (const task of this.tasks.values()) {
      for (const node of task.connected) this.#ended(task, node)
      task.connected.clear()
      task.dialing.clear()
      task.executing = false
    }
  }

  /** It waits for the sidecar, which has to answer Info. */
  startKapacitor(): void {
    if (this.#kapacitorUp || !this.#revival) return
    this.#kapacitorUp = true
    this.#inits.clear()
    this.#revival.kapacitorStarted(this.#clocks())
    for (const task of this.tasks.values()) if (task.status === 'enabled') this.#begin(task)
  }

  add(id: string, nodes: number): void {
    if (this.tasks.has(id) || !this.#kapacitorUp) return
    const names = Array.from({ length: nodes }, (_, n) => `squadcast${n + 2}`)
    const task: SimulatedTask = {
      ...{ id, nodes: names, status: 'enabled', byPerson: true, executing: false },
      ...{ lastEnabled: this.wall, modified: this.wall, dialing: new Map(), connected: new Set() },
    }
    this.tasks.set(id, task)
    this.#begin(task)
  }

  remove(id: string): void {
    const task = this.tasks.get(id)
    if (!task || !this.#kapacitorUp || task.dialing.size > 0) return
    this.#end(task)
    this.tasks.delete(id)
  }

  /** What a person does; who touches a task that is being dialed for has only himself to blame. */
  person(id: string, status: 'enabled' | 'disabled'): void {
    const task = this.tasks.get(id)
    if (!task || !this.#kapacitorUp || task.dialing.size > 0) return
    // NOTE: the one thing that nobody can tell: who was it, in the seconds after a crash between the note and the
    // PATCH? A task that is left disabled would be worse than one that is enabled again.
    const note = this.#begun.get(id)
    if (note && note.disabled === undefined && this.wall - note.at < 12_500) return
    task.byPerson = true
    this.#patch(task, status)
  }

  breakConnections(id: string): void {
    const task = this.tasks.get(id)
    if (!task) return
    for (const node of task.connected) this.#ended(task, node)
    task.connected.clear()
  }

  tick(): void {
    this.now += TICK_MS
    if (this.#kapacitorUp) for (const task of this.tasks.values()) this.#dial(task)
    if (!this.#revival || !this.#kapacitorUp) return
    // Each tick a random one of what is under way takes its next step, so that they interleave.
    for (const work of [...this.#work]) if (this.#revival && this.#random() < 0.7) this.#go(work)
    // One of them may have been its last.
    if (!this.#revival) return
    if (this.now >= this.#nextLook) this.#look()
    this.#take()
  }

  /** Enabled, and without all of its connections. */
  get dead(): string[] {
    return [...this.tasks.values()]
      .filter(({ status, connected, nodes }) => status === 'enabled' && connected.size < nodes.length)
      .map(({ id }) => id)
  }

  /** Disabled, and not by a person. */
  get left(): string[] {
    return [...this.tasks.values()]
      .filter(({ status, byPerson }) => status === 'disabled' && !byPerson)
      .map(({ id }) => id)
  }

  #clocks() {
    return { monotonicMs: this.now, wallMs: this.wall }
  }

  #begin(task: SimulatedTask): void {
    task.executing = true
    for (const node of task.nodes) task.dialing.set(node, { next: this.now, since: this.now })
  }

  #end(task: SimulatedTask): void {
    for (const node of task.connected) this.#ended(task, node)
    task.connected.clear()
    task.dialing.clear()
    task.executing = false
  }

  #ended(task: SimulatedTask, node: string): void {
    this.#revival?.ended(task.id, node, this.#clocks())
  }

  #dial(task: SimulatedTask): void {
    for (const [node, dial] of task.dialing) {
      if (this.now < dial.next) continue
      if (this.#revival) {
        task.dialing.delete(node)
        task.connected.add(node)
        const note = this.#revival.started(task.id, node, this.#clocks())
        // What is written in the moment of a crash is lost at times.
        if (this.#random() < 0.9) this.#inits.set(`${task.id} ${node}`, note)
      } else if (this.now - dial.since > DIALS_FOR_MS) {
        task.dialing.clear()
        task.executing = false
      } else dial.next = this.now + 500 + this.#random() * 89_500
    }
  }

  #patch(task: SimulatedTask, status: 'enabled' | 'disabled'): void {
    // Kapacitor tells more digits than a number holds; no two changes are at the same time.
    task.modified = Math.max(this.wall, task.modified + 1)
    if (task.status === status) return
    task.status = status
    if (status === 'disabled') {
      this.#end(task)
      return
    }
    task.lastEnabled = task.modified
    this.#begin(task)
  }

  #look(): void {
    const revival = this.#revival!
    const { notes, over, gone } = revival.listed(
      [...this.tasks.values()].map(listed),
      this.now,
      this.#clocks(),
    )
    for (const note of notes) this.#inits.set(`${note.task} ${note.node}`, note)
    for (const task of over) this.#begun.delete(task)
    for (const task of gone)
      for (const key of this.#inits.keys()) if (key.startsWith(`${task} `)) this.#inits.delete(key)
    const dueIn = revival.nextDueIn(this.#clocks()) ?? Infinity
    this.#nextLook = this.now + Math.min(LOOK_EVERY_MS, dueIn + 50)
  }

  #take(): void {
    for (const step of this.#revival!.steps(this.#clocks()))
      this.#work.push({ step, at: step.do === 'disable' ? 'disable' : 'enable-note' })
    if (this.#work.length > 4) this.wrong.push(`${this.#work.length} revivals at once`)
  }

  #go(work: Work): void {
    const { task: id } = work.step
    const task = this.tasks.get(id)
    if (this.#random() < 0.02) this.#finish(work, 'failed')
    else if (work.step.do === 'disable') this.#disable(work, task)
    else if (work.at === 'enable') this.#enable(work.step.note, work, task)
    else {
      this.#begun.set(id, work.step.note)
      work.at = 'enable'
    }
  }

  #disable(work: Work, task: SimulatedTask | undefined): void {
    const { step } = work
    const wanted = step.do === 'disable' ? step.lastEnabled : ''
    const isSame = task?.status === 'enabled' && instant(task.lastEnabled) === wanted
    if (!task || !isSame || !this.#revival!.mayDisable(task.id)) {
      this.#finish(work, 'left')
      return
    }
    this.#begun.set(task.id, this.#revival!.begin(task.id, instant(task.modified), this.#clocks()))
    // The note and the PATCH are milliseconds apart, but a process can be killed there.
    if (this.#random() < 0.02) {
      this.killSidecar()
      return
    }
    if (task.dialing.size > 0) this.wrong.push(`${task.id} was disabled while it was dialed for`)
    task.byPerson = false
    this.#patch(task, 'disabled')
    // The answer may be lost.
    if (this.#random() < 0.05) {
      this.#finish(work, 'failed')
      return
    }
    work.step = this.#revival!.disabled(task.id, instant(task.modified))
    work.at = 'enable-note'
  }

  #enable(note: RevivalNote, work: Work, task: SimulatedTask | undefined): void {
    if (task?.status !== 'disabled' || instant(task.modified) !== note.disabled) {
      this.#finish(work, 'left')
      return
    }
    if (task.byPerson) this.wrong.push(`${task.id} was enabled, which a person had disabled`)
    this.#patch(task, 'enabled')
    this.revivals++
    this.#finish(work, this.#random() < 0.05 ? 'failed' : 'enabled')
  }

  #finish(work: Work, how: 'enabled' | 'left' | 'failed'): void {
    const { task } = work.step
    this.#work = this.#work.filter(other => other !== work)
    if (how === 'failed') {
      this.#revival!.failed(task, this.#clocks())
      return
    }
    this.#revival!.done(task, how, this.#clocks())
    this.#begun.delete(task)
  }
}

const instant = (ms: number): string => new Date(ms).toISOString()

const listed = ({ id, status, executing, lastEnabled, modified, nodes }: SimulatedTask): ListedTask => ({
  ...{ id, status, executing, error: '', uses: nodes.length },
  ...{ lastEnabled: instant(lastEnabled), modified: instant(modified) },
})
