// What a person can say to `replay`, as it comes from the command line.
import type { Precision } from '../replay/line-protocol.ts'

export interface ReplayOptions {
  readonly config?: string
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly task?: string
  /** Send without asking. */
  readonly yes?: boolean
  /** Its path. */
  readonly tickscript?: string
  /** Which of several nodes in it, from 1. */
  readonly node?: number
  readonly option?: readonly string[]
  readonly measurement?: string
  readonly groupBy?: readonly string[]
  readonly groupByMeasurement?: boolean
  readonly precision: Precision
  readonly query?: number
  /** Times as fast as the data's clock; absent: as fast as it goes. */
  readonly speed?: number
  readonly keepGoing?: boolean
  /** False: points are played in the order in which they come. */
  readonly sort: boolean
  /** Only the sum. */
  readonly summary?: boolean
  readonly top: number
  readonly flapping: number
}
