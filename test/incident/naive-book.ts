// The rules of incidents, once more and as plainly as can be: a list of everybody who ever spoke, from which all
// is computed anew at each point, at each look at the clock, and whenever a node is gone for good.

import type { Who } from '../../src/incident/contributors.ts'
import { Level } from '../../src/incident/level.ts'
import type { News, Observation } from '../../src/incident/observation.ts'
import type { OpenIncident } from '../../src/incident/state-change.ts'

type Contributor = Who & {
  level: Level
  noRecoveries: boolean
  silentAfterMs: number | undefined
  silentForMs: number
  spoke: boolean
}
type Told = { opening: number; task: string; level: Level; at: number }
type Opening = {
  opening: number
  endpoint: string
  id: string
  openedTime: bigint
  heldUntil?: number
  isMuted?: true
}

export interface NaiveDecision {
  readonly opening: number
  readonly news: News | undefined
  readonly heldUntil: number | undefined
}

export interface NaiveMute {
  readonly opening: number
  readonly isOver: boolean
}

export interface NaiveClosing {
  readonly opening: number
  readonly who: Who
  readonly previousLevel: Level
  readonly quietly: boolean
}

const isSame = (a: Who, b: Who): boolean =>
  (['endpoint', 'id', 'task', 'node', 'group'] as const).every(key => a[key] === b[key])

export class NaiveBook {
  readonly everybody: Contributor[] = []
  told: Told[] = []
  open: Opening[] = []
  #lastOpening = 0

  /** Undefined where the incident is as it was, and there is nothing to tell. */
  observe(seen: Observation): NaiveDecision | undefined {
    const ofTask = this.#highestOf(seen, seen.task)
    const isTaken = this.#take(seen)
    const posted = seen.level === Level.ok ? this.#clearPosts(seen) : Level.ok
    const previousLevel = Math.max(ofTask, posted) as Level
    const isChanged = isTaken || posted > Level.ok
    const wasOpen = this.#openingOf(seen)
    if (this.#highestOf(seen) === Level.ok)
      return isChanged && wasOpen ? this.#recover(seen, wasOpen, previousLevel) : undefined
    const opening = wasOpen ?? this.#openFor(seen)
    delete opening.heldUntil
    const level = this.#highestOf(seen, seen.task)
    if (this.#isNews(seen, opening, level)) {
      const told = Math.max(level, this.#toldOf(opening, seen.task)?.level ?? Level.ok) as Level
      this.untell(opening.opening, seen.task)
      this.told.push({ opening: opening.opening, task: seen.task, level: told, at: seen.at })
      return this.#decision(opening, { kind: 'trigger', level, previousLevel })
    }
    return isChanged ? this.#decision(opening) : undefined
  }

  untell(opening: number, task: string): void {
    this.told = this.told.filter(told => told.opening !== opening || told.task !== task)
  }

  /** Undefined where there is nothing to resolve by hand. A held resolve is sent at once, and the incident is over. */
  mute(endpoint: string, id: string): NaiveMute | undefined {
    const opening = this.open.find(one => one.endpoint === endpoint && one.id === id)
    if (!opening || opening.isMuted) return undefined
    const isOver = this.#contributorsTo(opening).length === 0
    if (isOver) this.#close(opening)
    else opening.isMuted = true
    return { opening: opening.opening, isOver }
  }

  /** The openings whose held resolve is sent. */
  release(at: number): number[] {
    const due = this.open.filter(({ heldUntil }) => heldUntil !== undefined && heldUntil <= at)
    for (const opening of due) this.#close(opening)
    return due.map(({ opening }) => opening)
  }

  passSilence(elapsedMs: number, isHeard: (task: string, node: string) => boolean): NaiveClosing[] {
    const heard = this.everybody.filter(
      one => one.level > Level.ok && !one.spoke && isHeard(one.task, one.node),
    )
    for (const one of heard) one.silentForMs += elapsedMs
    for (const one of this.everybody) one.spoke = false
    const silent = new Set(
      heard.filter(({ silentAfterMs, silentForMs }) => silentForMs >= (silentAfterMs ?? Infinity)),
    )
    const closed = this.open.filter(opening => {
      const contributors = this.#contributorsTo(opening)
      return contributors.length > 0 && contributors.every(one => silent.has(one))
    })
    return closed.map(opening => this.#closeWithout(opening, this.#contributorsTo(opening)))
  }

  forget(isGone: (who: Who) => boolean): NaiveClosing[] {
    const gone = this.everybody.filter(one => one.level > Level.ok && isGone(one))
    const closed: NaiveClosing[] = []
    for (const opening of [...this.open]) {
      const contributors = this.#contributorsTo(opening)
      const leaving = contributors.filter(one => gone.includes(one))
      if (leaving.length > 0 && leaving.length === contributors.length)
        closed.push(this.#closeWithout(opening, leaving))
      else for (const one of leaving) one.level = Level.ok
    }
    return closed
  }

  /** What a store should hold by now, in an order of its own; of silences the limit only. */
  stored(): (Omit<OpenIncident, 'held' | 'muted'> & {
    readonly heldUntil: number | undefined
    readonly muted: true | undefined
  })[] {
    return this.open.map(opening => ({
      opening: opening.opening,
      endpoint: opening.endpoint,
      id: opening.id,
      openedTime: opening.openedTime,
      contributors: this.#contributorsTo(opening).map(
        ({ task, node, group, level, silentAfterMs: afterMs, noRecoveries }) => ({
          ...{ task, node, group, level },
          ...(afterMs !== undefined && { silence: { afterMs, forMs: 0 } }),
          ...(noRecoveries && { quietly: true }),
        }),
      ),
      told: this.told.filter(told => told.opening === opening.opening),
      heldUntil: opening.heldUntil,
      muted: opening.isMuted,
    }))
  }

  /** The OK of anybody clears what was posted of the id. Returns what that was. */
  #clearPosts(seen: Observation): Level {
    const posts = this.#contributorsTo(seen).find(({ task }) => task === '')
    const level = posts?.level ?? Level.ok
    if (posts) posts.level = Level.ok
    return level
  }

  /** Whether anything of it is another than before; of one that is OK only that counts. */
  #take(seen: Observation): boolean {
    const { endpoint, id, task, node, group, level, noRecoveries, silentAfterMs } = seen
    const wishes = { noRecoveries, silentAfterMs, silentForMs: 0, spoke: true }
    const known = this.everybody.find(one => isSame(one, seen))
    const before = { ...known }
    if (known) Object.assign(known, { level, ...wishes })
    else this.everybody.push({ endpoint, id, task, node, group, level, ...wishes })
    if ((before.level ?? Level.ok) !== level) return true
    const hasOtherWishes = before.noRecoveries !== noRecoveries || before.silentAfterMs !== silentAfterMs
    return level > Level.ok && hasOtherWishes
  }

  #isNews(seen: Observation, opening: Opening, level: Level): boolean {
    if (opening.isMuted) return false
    if (!seen.retriggerOnRise && this.told.some(told => told.opening === opening.opening)) return false
    const told = this.#toldOf(opening, seen.task)
    if (level > (told?.level ?? Level.ok)) return true
    return (
      told !== undefined && seen.level > Level.ok && seen.at - told.at >= (seen.tellAgainAfterMs ?? Infinity)
    )
  }

  #recover(seen: Observation, opening: Opening, previousLevel: Level): NaiveDecision {
    const news = { kind: 'resolve', level: Level.ok, previousLevel } as const
    const isTold = !seen.noRecoveries && !opening.isMuted
    if (seen.recoveryDelayMs !== undefined && isTold) {
      opening.heldUntil = seen.at + seen.recoveryDelayMs
      return this.#decision(opening, news)
    }
    this.#close(opening)
    return this.#decision(opening, isTold ? news : undefined)
  }

  #decision(opening: Opening, news?: Omit<News, 'openedTime'>): NaiveDecision {
    const { openedTime, heldUntil } = opening
    return { opening: opening.opening, news: news && { ...news, openedTime }, heldUntil }
  }

  /** The highest of those who leave speaks for them; of several the first by name. */
  #closeWithout(opening: Opening, leaving: readonly Contributor[]): NaiveClosing {
    const previousLevel = Math.max(...leaving.map(({ level }) => level)) as Level
    const name = (one: Who): string => [one.task, one.node, one.group].join('\0')
    const names = leaving.filter(({ level }) => level === previousLevel).map(name)
    const { endpoint, id, task, node, group } = leaving.find(one => name(one) === names.sort()[0])!
    for (const one of leaving) one.level = Level.ok
    this.#close(opening)
    return {
      opening: opening.opening,
      who: { endpoint, id, task, node, group },
      previousLevel,
      quietly: opening.isMuted === true || leaving.every(({ noRecoveries }) => noRecoveries),
    }
  }

  #close(opening: Opening): void {
    this.open = this.open.filter(one => one !== opening)
    this.told = this.told.filter(told => told.opening !== opening.opening)
  }

  #contributorsTo({ endpoint, id }: Pick<Who, 'endpoint' | 'id'>): Contributor[] {
    return this.everybody.filter(one => one.endpoint === endpoint && one.id === id && one.level > Level.ok)
  }

  #highestOf(who: Who, task?: string): Level {
    const found = this.#contributorsTo(who).filter(one => task === undefined || one.task === task)
    return Math.max(Level.ok, ...found.map(({ level }) => level)) as Level
  }

  #openingOf({ endpoint, id }: Who): Opening | undefined {
    return this.open.find(one => one.endpoint === endpoint && one.id === id)
  }

  #openFor({ endpoint, id, time }: Observation): Opening {
    const opening = { opening: ++this.#lastOpening, endpoint, id, openedTime: time }
    this.open.push(opening)
    return opening
  }

  #toldOf({ opening }: Opening, task: string): Told | undefined {
    return this.told.find(told => told.opening === opening && told.task === task)
  }
}
