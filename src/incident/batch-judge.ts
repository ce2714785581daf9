// The level of one batch, and what it shows. By the rule of Kapacitor's alert node: the batch has the level of
// its highest point, or of its lowest with `.all()`, each judged against the level before the batch.

import type { Sighting } from './compose.ts'
import type { Judgement } from './judgement.ts'
import { Level } from './level.ts'
import type { NodeSettings } from './node-settings.ts'
import { compareText } from './order.ts'
import type { Point, PointData } from './point.ts'
import {
  type Group,
  groupOf,
  levelFromOutside,
  NOTHING_CONSUMED,
  type OutsideReading,
  readOutside,
} from './reading.ts'
import { type BatchHead, batchColumns, seriesOfBatch } from './rows.ts'
import { levelByThresholds } from './thresholds.ts'

/** What a batch asks of its node. */
interface BatchHost {
  /** Whether an OK can change anything. */
  canRecover(): boolean
  currentLevel(sighting: Sighting): Level
  /** A batch came that has no level. */
  withoutLevel(sighting: () => Sighting): Judgement
  observe(level: Level, sighting: Sighting): Judgement
}

/** The points of a batch that are still at hand at its end. */
export interface BatchPoints {
  /** Of the whole batch. */
  readonly count: number
  readonly first: Point
  readonly deciding: Point
  /** The newest points, oldest first: as many as are kept, and not more than asked for. */
  rows(atMost: number): Iterable<Point>
}

/** More cells than an event can hold: a wide first point must not make a wide row of each small one. */
const MAX_CELLS = 64 * 1024

const rowsOf = (columns: number): number => Math.max(1, Math.floor(MAX_CELLS / (columns + 1)))

export class BatchJudge {
  readonly #settings: NodeSettings
  readonly #head: BatchHead
  readonly #host: BatchHost
  readonly #byThresholds: boolean
  /** The contributor's level before the batch. */
  #current: Level | undefined
  #lowest: Level | undefined
  #highest: Level | undefined

  constructor(settings: NodeSettings, head: BatchHead, host: BatchHost) {
    this.#settings = settings
    this.#head = head
    this.#host = host
    this.#byThresholds = settings.thresholds.length > 0
  }

  /** Takes one point. True: it is the one that decides so far, so keep its bytes. */
  point(point: Point): boolean {
    const level = this.#levelOf(point)
    if (level === undefined) return false
    if (this.#lowest === undefined || level < this.#lowest) this.#lowest = level
    const isHigher = this.#highest === undefined || level > this.#highest
    if (isHigher) this.#highest = level
    return isHigher || !this.#byThresholds
  }

  /** @param tmax time of the batch, nanoseconds. */
  end(tmax: bigint, points: BatchPoints): Judgement {
    const level = this.#settings.all ? this.#lowest : this.#highest
    if (level === undefined) return this.#host.withoutLevel(() => this.#sighting(points.deciding, tmax))
    if (level === Level.ok && !this.#host.canRecover()) return 'unchanged'
    const atEnd = level === Level.ok || (this.#byThresholds && this.#settings.all)
    const time = atEnd ? tmax : points.deciding.time
    return this.#host.observe(level, this.#sighting(points.deciding, time, points))
  }

  #levelOf(point: Point): Level | undefined {
    const scope = this.#scope(point)
    if (!this.#byThresholds) return levelFromOutside(this.#settings.names, scope)
    this.#current ??= this.#host.canRecover()
      ? this.#host.currentLevel(this.#sighting(point, point.time))
      : Level.ok
    return levelByThresholds(this.#settings.thresholds, scope, this.#current)
  }

  /** Tags are the batch's, as in Kapacitor's templates; else the point's own. */
  #scope(point: Point): PointData {
    const { tags } = this.#head
    return {
      field: name => point.field(name),
      tag: name => tags.get(name) ?? point.tag(name),
      fields: () => point.fields(),
      tags: () => new Map([...point.tags(), ...tags]),
    }
  }

  #sighting(deciding: Point, time: bigint, points?: BatchPoints): Sighting {
    const scope = this.#scope(deciding)
    const outside = this.#byThresholds ? undefined : readOutside(this.#settings.names, scope)
    const consumed = outside?.consumed ?? NOTHING_CONSUMED
    const head = this.#head
    return {
      name: head.name,
      group: this.#group(outside),
      scope,
      time,
      ...(outside && { outside }),
      ...(points && { rows: points.count }),
      series: () => {
        const columns = points ? batchColumns(head, points.first, consumed) : []
        return seriesOfBatch(head, columns, points?.rows(rowsOf(columns.length)) ?? [], consumed)
      },
    }
  }

  #group(outside: OutsideReading | undefined): Group {
    const { name, byName } = this.#head
    const tags = [...this.#head.tags].sort(([a], [b]) => compareText(a, b))
    return groupOf({ name, byName, tags }, outside?.consumed ?? NOTHING_CONSUMED)
  }
}
