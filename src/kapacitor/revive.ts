// Which task is to be revived now, from what is known of each: what Kapacitor lists, which nodes are connected, which
// Inits were seen. It asks nobody, reads no clock and remembers nothing on disk: who uses it does.
//
// Each task that uses one of our functions is in one of these states:
//
//   alive     all of its nodes are connected.
//               leaves: to waiting, when one is no longer
//   waiting   enabled, and not connected: Kapacitor may be dialing for it still, or it rests between two revivals.
//               leaves: to alive, when it connects; to queued, when its time has come
//   queued    to be revived as soon as fewer than four others are.
//               leaves: to reviving
//   reviving  it is being disabled, or enabled again. From before the first PATCH until after the second a note on
//             disk says so: a daemon that finds the note finishes what the last one began.
//               leaves: to waiting, when it is enabled, or the PATCH failed; to disabled, when somebody else acted
//   refused   its script was refused by us. A new Init, which only another script or a person brings about, ends it.
//   disabled  by a person. It is let be.
//   gone      Kapacitor does not list it any more.
//
// `#step` alone starts a revival, `done` and `failed` alone end one.
import { isOurs, isRecent, type RevivalNote } from './revival-note.ts'
import {
  dropOldRefusals,
  dueAt,
  type InitNote,
  isAlive,
  isDue,
  type ListedTask,
  MISSING_FOR_GOOD,
  type Now,
  newRecord,
  noteLife,
  refusalOf,
  rest,
  type TaskRecord,
} from './task-record.ts'
import { statusOf, type TaskStatus } from './task-status.ts'

/** What to do now. disable: only if it is still enabled, and `last-enabled` still this. */
export type Step =
  | { readonly do: 'disable'; readonly task: string; readonly lastEnabled: string }
  | { readonly do: 'enable'; readonly task: string; readonly note: RevivalNote }

const MOST_AT_ONCE = 4
/** How soon to look again at what is half done. */
const HALF_DONE_LOOK_MS = 2000

export class Revival {
  readonly #records = new Map<string, TaskRecord>()
  readonly #begun = new Map<string, RevivalNote>()
  /** Revivals under way: a step of them was given out and is not answered. */
  readonly #underWay = new Set<string>()
  readonly #revived = new Map<string, number>()

  /** @param notes @param begun what the last daemon left. */
  constructor(notes: Iterable<InitNote> = [], begun: Iterable<RevivalNote> = []) {
    for (const note of notes) this.#record(note.task).notes.set(note.node, note)
    for (const note of begun) this.#begun.set(note.task, note)
  }

  /** A node's Init was taken. Returns what to note. */
  started(task: string, node: string, now: Now): InitNote {
    const record = this.#record(task)
    record.live.set(node, now.monotonicMs)
    const note = { task, node, at: now.wallMs }
    record.notes.set(node, note)
    record.refusalTold = false
    noteLife(record, now.monotonicMs)
    return note
  }

  ended(task: string, node: string, now: Now): void {
    const record = this.#record(task)
    record.live.delete(node)
    noteLife(record, now.monotonicMs)
  }

  /** A node's Init was refused for its script. Returns what to note. */
  refused(task: string, node: string, reason: string, now: Now): InitNote {
    const note = { task, node, at: now.wallMs, refused: reason }
    this.#record(task).notes.set(node, note)
    return note
  }

  /** Kapacitor has started: it dials for every task anew, and what was heard before says nothing any more. */
  kapacitorStarted(now: Now): void {
    for (const record of this.#records.values()) {
      record.notes.clear()
      record.listed = undefined
      noteLife(record, now.monotonicMs)
    }
  }

  /**
   * Takes all tasks that use our functions. `askedAt`: when the list was asked for, by the monotonic clock. Returns what
   * to note, which tasks' begun revivals are over (they are enabled, gone, or somebody else's by now), and which tasks
   * are gone for good.
   */
  listed(
    tasks: readonly ListedTask[],
    askedAt: number,
    now: Now,
  ): { notes: InitNote[]; over: string[]; gone: string[] } {
    const notes: InitNote[] = []
    const there = new Set<string>()
    for (const task of tasks) {
      there.add(task.id)
      const record = this.#record(task.id)
      record.missing = 0
      // Another enabling: the time in which it is dialed for begins anew.
      if (record.listed?.lastEnabled !== task.lastEnabled) record.deadSince = undefined
      record.listed = task
      dropOldRefusals(record)
      noteLife(record, now.monotonicMs)
      notes.push(...confirmed(record, askedAt))
    }
    const gone: string[] = []
    for (const record of this.#records.values())
      if (!there.has(record.id) && this.#missed(record)) gone.push(record.id)
    const over = [...this.#begun.values()].filter(note => this.#isOver(note, now)).map(({ task }) => task)
    for (const task of over) this.#begun.delete(task)
    return { notes, over, gone }
  }

  /** What to do now: each step is answered by `disabled`, `done` or `failed`. */
  steps(now: Now): Step[] {
    const steps: Step[] = []
    // Half done goes first: such a task gets no points.
    for (const note of this.#begun.values()) if (this.#canFinish(note, now)) steps.push(...this.#step(note))
    for (const record of this.#records.values()) {
      if (this.#isBegun(record.id) || !isDue(record, now)) continue
      const { id: task, listed } = record
      if (this.#underWay.size >= MOST_AT_ONCE) break
      this.#underWay.add(task)
      steps.push({ do: 'disable', task, lastEnabled: listed!.lastEnabled })
    }
    return steps
  }

  /** It is disabled next. Returns the note that has to be on disk before. @param before its `modified` now. */
  begin(task: string, before: string, now: Now): RevivalNote {
    const note = { task, at: now.wallMs, before }
    this.#begun.set(task, note)
    return note
  }

  /** Whether it may be disabled at this very moment: nothing was heard of it since the step was given out. */
  mayDisable(task: string): boolean {
    const record = this.#records.get(task)
    return record?.listed !== undefined && !isAlive(record) && refusalOf(record) === undefined
  }

  /** It is disabled. Returns the note to be kept before it is enabled, and the next step. */
  disabled(task: string, modified: string): Extract<Step, { do: 'enable' }> {
    const note = { ...this.#begun.get(task)!, disabled: modified }
    this.#begun.set(task, note)
    return { do: 'enable', task, note }
  }

  /** enabled: it is revived. left: it is not ours to revive after all. Either way nothing of it is half done. */
  done(task: string, how: 'enabled' | 'left', now: Now): void {
    this.#underWay.delete(task)
    this.#begun.delete(task)
    const record = this.#record(task)
    record.deadSince = undefined
    record.listed = undefined
    if (how === 'left') return
    rest(record, now.monotonicMs)
    this.#revived.set(task, (this.#revived.get(task) ?? 0) + 1)
  }

  /** The step failed. What is half done stays so, and is looked at again with the next list. */
  failed(task: string, now: Now): void {
    this.#underWay.delete(task)
    const record = this.#record(task)
    rest(record, now.monotonicMs)
    // What was listed may no longer be so.
    record.listed = undefined
  }

  /** Tasks whose refusal was not told yet; they count as told from now on. */
  newlyRefused(): { task: string; reason: string }[] {
    const found: { task: string; reason: string }[] = []
    for (const record of this.#records.values()) {
      const reason = refusalOf(record)
      if (reason === undefined || record.refusalTold || record.listed?.status !== 'enabled') continue
      record.refusalTold = true
      found.push({ task: record.id, reason })
    }
    return found
  }

  /** In how many ms something may be due that is not now; undefined: nothing is known of. */
  nextDueIn(now: Now): number | undefined {
    if (this.#begun.size > 0) return HALF_DONE_LOOK_MS
    const times = [...this.#records.values()]
      .map(record => dueAt(record, now.wallMs))
      .filter(at => at !== undefined && at > now.monotonicMs) as number[]
    return times.length === 0 ? undefined : Math.min(...times) - now.monotonicMs
  }

  /** Whether Kapacitor called it enabled when it was listed last. Undefined: it was not. */
  isEnabled(task: string): boolean | undefined {
    const status = this.#records.get(task)?.listed?.status
    return status === undefined ? undefined : status === 'enabled'
  }

  /** Whether it is known to execute and all of its nodes are connected. */
  isRunning(task: string): boolean {
    const record = this.#records.get(task)
    return record?.listed?.executing === true && isAlive(record)
  }

  status(now: Now): TaskStatus[] {
    return [...this.#records.values()]
      .filter(({ listed, live }) => listed !== undefined || live.size > 0)
      .map(record =>
        statusOf(record, now, {
          isBegun: this.#isBegun(record.id),
          revived: this.#revived.get(record.id) ?? 0,
        }),
      )
  }

  #isBegun(task: string): boolean {
    return this.#begun.has(task) || this.#underWay.has(task)
  }

  #record(task: string): TaskRecord {
    const known = this.#records.get(task)
    if (known) return known
    const record = newRecord(task)
    this.#records.set(task, record)
    return record
  }

  /** True when nothing has to be known of it any more. */
  #missed(record: TaskRecord): boolean {
    record.missing++
    if (record.missing < MISSING_FOR_GOOD) return false
    record.listed = undefined
    record.deadSince = undefined
    if (record.live.size > 0 || this.#begun.has(record.id)) return false
    return this.#records.delete(record.id)
  }

  /** What became of it between: whoever else touched it has the last word. */
  #isOver(note: RevivalNote, now: Now): boolean {
    if (this.#underWay.has(note.task)) return false
    const record = this.#record(note.task)
    if (record.missing > 0) return record.missing >= MISSING_FOR_GOOD
    const { listed } = record
    if (!listed) return false
    // A PATCH of ours may still be on its way.
    return listed.status === 'enabled' ? !isRecent(note, now.wallMs) : !isOurs(note, listed)
  }

  #canFinish(note: RevivalNote, now: Now): boolean {
    const record = this.#records.get(note.task)
    if (this.#underWay.has(note.task) || this.#underWay.size >= MOST_AT_ONCE) return false
    if (record?.listed?.status !== 'disabled' || record.restsUntil > now.monotonicMs) return false
    return isOurs(note, record.listed)
  }

  #step(note: RevivalNote): Step[] {
    const { listed } = this.#records.get(note.task)!
    this.#underWay.add(note.task)
    const known = { ...note, disabled: listed!.modified }
    this.#begun.set(note.task, known)
    return [{ do: 'enable', task: note.task, note: known }]
  }
}

/** Nodes that were connected before the list was asked for, and still are: this `last-enabled` is theirs. */
function confirmed({ live, notes, listed }: TaskRecord, askedAt: number): InitNote[] {
  if (listed?.status !== 'enabled') return []
  const enabled = listed.lastEnabled
  const fresh = [...notes.values()].filter(
    note =>
      note.enabled !== enabled && note.refused === undefined && (live.get(note.node) ?? Infinity) < askedAt,
  )
  const confirmedNotes = fresh.map(note => ({ ...note, enabled }))
  for (const note of confirmedNotes) notes.set(note.node, note)
  return confirmedNotes
}
