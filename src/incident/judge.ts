// One node's way from a point, or a batch of points, to a change of an incident: reads the level, finds the
// contributor, asks the book, and composes the event. It holds no state of its own.
import { BatchJudge } from './batch-judge.ts'
import type { Book } from './book.ts'
import { composeEvent, type Sighting } from './compose.ts'
import type { Who } from './contributors.ts'
import { SlotFinder } from './group-sieve.ts'
import { capId } from './id.ts'
import type { EndpointPolicy, Judgement } from './judgement.ts'
import { higher, Level } from './level.ts'
import { whyNoLevel } from './no-level.ts'
import type { NodeSettings } from './node-settings.ts'
import type { Point } from './point.ts'
import {
  groupOf,
  incidentId,
  levelFromOutside,
  NOTHING_CONSUMED,
  plainGroup,
  readOutside,
  tagsThatMayBeConsumed,
} from './reading.ts'
import { type BatchHead, seriesOfPoint } from './rows.ts'
import { levelByThresholds } from './thresholds.ts'

export class NodeJudge {
  readonly #settings: NodeSettings
  readonly #book: Book
  readonly #policy: () => EndpointPolicy
  readonly #now: () => number
  /** Tags that may be no part of the group. */
  readonly #mayBeConsumed: ReadonlySet<string>
  readonly #slots: SlotFinder
  readonly #timings: ReturnType<typeof timingsOf>

  /**
   * @param policy asked at each event, since a reload may change it.
   * @param now wall clock, ms.
   */
  constructor(settings: NodeSettings, book: Book, policy: () => EndpointPolicy, now: () => number) {
    this.#settings = settings
    this.#book = book
    this.#policy = policy
    this.#now = now
    this.#timings = timingsOf(settings)
    this.#mayBeConsumed =
      settings.thresholds.length > 0 ? NOTHING_CONSUMED.tags : tagsThatMayBeConsumed(settings.names)
    this.#slots = new SlotFinder(this.#mayBeConsumed)
  }

  /** Takes one point of a stream. */
  point(point: Point): Judgement {
    const { thresholds, names } = this.#settings
    if (thresholds.length > 0) return this.#pointByThresholds(point)
    const level = levelFromOutside(names, point)
    if (level === Level.ok && !this.#canRecover(point)) return 'unchanged'
    return this.#judged(level, point)
  }

  #pointByThresholds(point: Point): Judgement {
    const canRecover = this.#canRecover(point)
    const current = canRecover ? this.#currentLevel(this.#sightingOfPoint(point)) : Level.ok
    const level = levelByThresholds(this.#settings.thresholds, point, current)
    if (level === Level.ok && !canRecover) return 'unchanged'
    return this.#judged(level, point)
  }

  #judged(level: Level | undefined, point: Point): Judgement {
    if (level !== undefined) return this.#observe(level, this.#sightingOfPoint(point))
    return this.#canRecover(point) ? this.#withoutLevel(this.#sightingOfPoint(point)) : 'unlevelled'
  }

  /** Starts a batch. */
  batch(head: BatchHead): BatchJudge {
    const { task, node } = this.#settings
    return new BatchJudge(this.#settings, head, {
      canRecover: () => this.#book.canRecover(task, node),
      currentLevel: sighting => this.#currentLevel(sighting),
      withoutLevel: sighting =>
        this.#book.canRecover(task, node) ? this.#withoutLevel(sighting()) : 'unlevelled',
      observe: (level, sighting) => this.#observe(level, sighting),
    })
  }

  /** Whether an OK of this point could change anything: mostly not, and that is soon seen. */
  #canRecover(point: Point): boolean {
    const { task, node } = this.#settings
    if (!this.#book.canRecover(task, node)) return false
    const slot = this.#slots.find(point)
    if (slot !== undefined && !this.#book.canSlotRecover(task, node, slot)) return false
    const group = plainGroup(point, this.#mayBeConsumed)
    return group === undefined || this.#book.canGroupRecover(task, node, group)
  }

  #sightingOfPoint(point: Point): Sighting {
    const { thresholds, names } = this.#settings
    const outside = thresholds.length > 0 ? undefined : readOutside(names, point)
    const consumed = outside?.consumed ?? NOTHING_CONSUMED
    return {
      name: point.name,
      group: groupOf({ name: point.name, byName: point.byName, tags: groupTags(point) }, consumed),
      scope: point,
      time: point.time,
      ...(outside && { outside }),
      series: () => seriesOfPoint(point, consumed),
    }
  }

  #who(sighting: Sighting): Who {
    const { task, node } = this.#settings
    const { name, scope, group } = sighting
    const id = incidentId(this.#settings, sighting.outside?.id, { name, group: group.text, scope })
    return { endpoint: this.#policy().endpoint, id, task, node, group: capId(group.text) }
  }

  #currentLevel(sighting: Sighting): Level {
    return this.#book.levelOf(this.#who(sighting))
  }

  /** A point without a level is no silence all the same, and an incident that gets no others never ends. */
  #withoutLevel(sighting: Sighting): Judgement {
    const who = this.#who(sighting)
    const change = this.#book.withoutLevel(who, () => whyNoLevel(this.#settings, sighting.scope))
    if (!change) return 'unlevelled'
    const { opening } = change
    return {
      changes: [change],
      opening,
      endpoint: who.endpoint,
      level: this.#book.levelOf(who),
      hasNoLevel: true,
    }
  }

  #observe(level: Level, sighting: Sighting): Judgement {
    const settings = this.#settings
    const { minLevel, retriggerOnRise } = this.#policy()
    const who = this.#who(sighting)
    const counts = level >= higher(minLevel, settings.minLevel)
    const decision = this.#book.observe({
      ...who,
      ...this.#timings,
      level: counts ? level : Level.ok,
      time: sighting.time,
      at: this.#now(),
      noRecoveries: settings.noRecoveries,
      retriggerOnRise,
    })
    if (!decision) return 'unchanged'
    const { opening, news, heldUntil } = decision
    const change = { changes: decision.changes, opening, endpoint: who.endpoint, level }
    if (!news) return change
    const event = composeEvent(settings, who.id, news, sighting)
    if (heldUntil === undefined) return { ...change, event }
    return { ...change, changes: [...decision.changes, this.#book.hold(who, event)] }
  }
}

function timingsOf({ tellAgainAfterMs, recoveryDelayMs, silentAfterMs }: NodeSettings) {
  return {
    ...(tellAgainAfterMs !== undefined && { tellAgainAfterMs }),
    ...(recoveryDelayMs !== undefined && { recoveryDelayMs }),
    ...(silentAfterMs !== undefined && { silentAfterMs }),
  }
}

/** From this many on it takes less time to read all tags once than to look for each. */
const MANY_DIMENSIONS = 16

function groupTags(point: Point): (readonly [name: string, value: string])[] {
  const { dimensions } = point
  const all = dimensions.length < MANY_DIMENSIONS ? undefined : point.tags()
  return dimensions.map(name => [name, (all ? all.get(name) : point.tag(name)) ?? ''] as const)
}
