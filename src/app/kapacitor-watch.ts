// Looks after Kapacitor's tasks: lists them every ten seconds, does what the state machine of revivals says, and
// writes down first what has to be known after a crash. What is decided is decided there.
import type { Advice } from '../kapacitor/advice.ts'
import type { TaskAnswer } from '../kapacitor/answers.ts'
import type { KapacitorClient } from '../kapacitor/client.ts'
import type { Revival, Step } from '../kapacitor/revive.ts'
import { readScript, type ScriptReading } from '../kapacitor/script.ts'
import type { ListedTask, Now } from '../kapacitor/task-record.ts'
import type { TaskStatus } from '../kapacitor/task-status.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { TaskNote } from '../outbox/task-notes.ts'
import type { KapacitorTelemetry } from '../telemetry/kapacitor-telemetry.ts'
import type { SystemClock } from './system-clock.ts'

export interface KapacitorWatchParts {
  readonly client: KapacitorClient
  readonly clock: SystemClock
  readonly outbox: Pick<Outbox, 'note'>
  readonly revival: Revival
  readonly functions: readonly string[]
  /** What of a script ends Kapacitor, the worst first. */
  readonly dangers: (task: TaskAnswer) => readonly Advice[]
  readonly telemetry: KapacitorTelemetry
  /** Before a task is disabled, which is the last moment to ask some of its topics. */
  readonly beforeRevival: (task: string) => Promise<void>
  /** After each list. */
  readonly listed: (tasks: ReadonlyMap<string, ScriptReading>) => void
}

export interface KapacitorStatus {
  /** Undefined: nobody has asked yet. */
  readonly isReachable: boolean | undefined
  /** Why not. */
  readonly problem?: string
  readonly tasks: readonly TaskStatus[]
  /** By task, of those that are listed: what of its script ends Kapacitor. */
  readonly dangers?: ReadonlyMap<string, Advice>
}

interface Read {
  readonly script: string
  /** JSON. */
  readonly vars: string | undefined
  readonly reading: ScriptReading
  readonly danger: Advice | undefined
}

const LOOK_EVERY_MS = 10_000
/** A revival goes by a list that is not older. */
const LIST_LASTS_MS = 30_000
const SOON_MS = 50
/** The sidecar starts before Kapacitor, so that for so long its absence is as it should be. */
const MAY_BE_ABSENT_MS = 60_000
const NOTE_WITHIN_MS = 2000

export class KapacitorWatch {
  readonly #parts: KapacitorWatchParts
  readonly #readings = new Map<string, Read>()
  readonly #underWay = new Set<Promise<void>>()
  #problem: Error | undefined
  #startedAt: number | undefined
  #isAwaited = false
  #listedAt: number | undefined
  #cancel: (() => void) | undefined
  #isStopped = false

  constructor(parts: KapacitorWatchParts) {
    this.#parts = parts
  }

  start(): void {
    this.#startedAt ??= this.#parts.clock.monotonicMs()
    void this.#look().finally(() => this.#lookLater())
  }

  /** Resolves when no revival is under way: none is left half done for want of a moment. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    await Promise.all(this.#underWay)
    await this.#parts.client.close()
  }

  status(): KapacitorStatus {
    return {
      isReachable: this.#problem ? false : this.#listedAt === undefined ? undefined : true,
      ...(this.#problem && { problem: this.#problem.message }),
      tasks: this.#parts.revival.status(this.#now()),
      dangers: new Map([...this.#readings].flatMap(([task, { danger }]) => (danger ? [[task, danger]] : []))),
    }
  }

  note(...notes: readonly TaskNote[]): void {
    // A failure is told and kept by the store itself.
    if (notes.length > 0) this.#parts.outbox.note(notes).catch(() => {})
  }

  #now(): Now {
    const { clock } = this.#parts
    return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() }
  }

  #lookLater(): void {
    if (this.#isStopped) return
    const dueIn = this.#problem || this.#isAwaited ? undefined : this.#parts.revival.nextDueIn(this.#now())
    const inMs = Math.min(LOOK_EVERY_MS, (dueIn ?? Infinity) + SOON_MS)
    this.#cancel = this.#parts.clock.after(inMs, () => this.start())
  }

  async #look(): Promise<void> {
    const { client, telemetry } = this.#parts
    const askedAt = this.#parts.clock.monotonicMs()
    try {
      const tasks = await client.tasks()
      // A connection that ended before Kapacitor answered is heard of first.
      await new Promise(resolve => setImmediate(resolve))
      if (this.#isStopped) return
      this.#take(tasks, askedAt)
      if (this.#problem || this.#isAwaited) telemetry.reachable()
      this.#problem = undefined
      this.#isAwaited = false
    } catch (error) {
      if (!this.#isStopped) this.#failed(error as Error)
    }
  }

  #failed(error: Error): void {
    const { telemetry } = this.#parts
    if (this.#mayBeAbsent(error)) {
      if (!this.#isAwaited) telemetry.awaited()
      this.#isAwaited = true
      return
    }
    if (!this.#problem) telemetry.unreachable(error)
    this.#problem = error
  }

  /** It has not answered yet, and there is nothing at its address. */
  #mayBeAbsent(error: Error): boolean {
    if (this.#listedAt !== undefined || this.#problem) return false
    const sinceMs = this.#parts.clock.monotonicMs() - (this.#startedAt ?? 0)
    return sinceMs < MAY_BE_ABSENT_MS && (error as { code?: unknown }).code === 'unreachable'
  }

  #take(tasks: readonly TaskAnswer[], askedAt: number): void {
    const { revival, telemetry } = this.#parts
    const now = this.#now()
    this.#listedAt = now.monotonicMs
    const readings = this.#read(tasks)
    const { notes, over, gone } = revival.listed(used(tasks, readings), askedAt, now)
    this.note(
      ...notes.map(note => ({ note: 'init' as const, ...note })),
      ...over.map(task => ({ note: 'over' as const, task })),
      ...gone.map(task => ({ note: 'gone' as const, task })),
    )
    for (const refused of revival.newlyRefused()) telemetry.notRevived(refused)
    this.#parts.listed(readings)
    this.#pump()
  }

  #read(tasks: readonly TaskAnswer[]): Map<string, ScriptReading> {
    const there = new Map<string, ScriptReading>()
    for (const task of tasks) {
      const { id } = task
      const read = this.#readTask(task)
      this.#readings.set(id, read)
      there.set(id, read.reading)
    }
    for (const id of this.#readings.keys()) if (!there.has(id)) this.#readings.delete(id)
    return there
  }

  /** Once for each script, with what its variables stand for. */
  #readTask(task: TaskAnswer): Read {
    const { id, script } = task
    const known = this.#readings.get(id)
    const vars = task.vars && JSON.stringify(task.vars)
    if (known?.script === script && known.vars === vars) return known
    const { functions, dangers } = this.#parts
    const reading = readScript(script, functions)
    return { script, vars, reading, danger: reading.uses > 0 ? dangers(task)[0] : undefined }
  }

  /** Begins what is due; each end makes room for the next. */
  #pump(): void {
    const now = this.#now()
    if (this.#isStopped || now.monotonicMs - (this.#listedAt ?? -Infinity) > LIST_LASTS_MS) return
    for (const step of this.#parts.revival.steps(now)) {
      const work = this.#do(step).finally(() => {
        this.#underWay.delete(work)
        this.#pump()
      })
      this.#underWay.add(work)
    }
  }

  async #do(step: Step): Promise<void> {
    const { revival, telemetry } = this.#parts
    const { task } = step
    try {
      const how = step.do === 'disable' ? await this.#disable(step) : await this.#enable(step)
      revival.done(task, how, this.#now())
      this.note({ note: 'over', task })
      if (how === 'enabled') telemetry.revived(task)
    } catch (error) {
      revival.failed(task, this.#now())
      telemetry.revivalFailed(task, error)
    }
  }

  async #disable(step: Extract<Step, { do: 'disable' }>): Promise<'enabled' | 'left'> {
    const { client, clock, outbox, revival, beforeRevival } = this.#parts
    const { task } = step
    await beforeRevival(task)
    const seen = await client.task(task)
    if (seen?.status !== 'enabled' || seen.lastEnabled !== step.lastEnabled) return 'left'
    const askedAt = clock.monotonicMs()
    await outbox.note([{ note: 'revival', ...revival.begin(task, seen.modified, this.#now()) }])
    // After a wait for the disk it would go by what was.
    const isOld = clock.monotonicMs() - askedAt > NOTE_WITHIN_MS
    if (this.#isStopped || isOld || !revival.mayDisable(task)) return 'left'
    const disabled = await client.setStatus(task, 'disabled')
    if (!disabled) return 'left'
    return this.#enable(revival.disabled(task, disabled.modified))
  }

  /** A task that somebody else has touched since is theirs. */
  async #enable({ task, note }: Extract<Step, { do: 'enable' }>): Promise<'enabled' | 'left'> {
    const { client, outbox } = this.#parts
    await outbox.note([{ note: 'revival', ...note }])
    const seen = await client.task(task)
    if (seen?.status !== 'disabled' || seen.modified !== note.disabled) return 'left'
    return (await client.setStatus(task, 'enabled')) ? 'enabled' : 'left'
  }
}

function used(tasks: readonly TaskAnswer[], readings: ReadonlyMap<string, ScriptReading>): ListedTask[] {
  return tasks.flatMap(({ script: _, vars: __, ...task }) => {
    const uses = readings.get(task.id)?.uses ?? 0
    return uses > 0 ? [{ ...task, uses }] : []
  })
}
