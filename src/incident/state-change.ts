// How the state of incidents changes, in the words in which a store keeps it; and what is read back at start.
import type { IncidentEvent } from './event.ts'
import type { Level } from './level.ts'

/** For `.recoverWhenSilent()`: how long a contributor may be silent, and how long it has been. Milliseconds. */
export interface Silence {
  readonly afterMs: number
  /** Counted while its node is connected: silence that could not be heard does not count. */
  readonly forMs: number
}

/** How one group of one node holds an incident up. */
export interface Contribution {
  readonly task: string
  readonly node: string
  readonly group: string
  readonly level: Level
  readonly silence?: Silence
  /** Its node never tells recoveries. */
  readonly quietly?: true
  /** Of posts: the time of the newest alert that changed something, nanoseconds by Kapacitor's clock. */
  readonly alertTime?: bigint
}

/**
 * Why a contributor left without a point: none came for the time that was set, its node is no longer in its script, or
 * its task no longer in Kapacitor. recurred: a post began another occurrence, and the recovery between was never posted.
 */
export type Departure = 'silent' | 'forgotten' | 'orphaned' | 'recurred'

/** A change of state, to be made durable in the order given and together with its event. */
export type StateChange =
  | {
      readonly change: 'open'
      readonly opening: number
      readonly endpoint: string
      readonly id: string
      readonly openedTime: bigint
    }
  /** Level OK takes the contributor away. `gone`: not by a point of its own; with another level, it has recurred. */
  | ({
      readonly change: 'contributor'
      readonly opening: number
      readonly gone?: Departure
    } & Contribution)
  /** How long a contributor has been silent. */
  | {
      readonly change: 'silent'
      readonly opening: number
      readonly task: string
      readonly node: string
      readonly group: string
      readonly forMs: number
    }
  /** A repeat was posted: until then its occurrence lasts. */
  | {
      readonly change: 'repeated'
      readonly opening: number
      /** Nanoseconds by Kapacitor's clock. */
      readonly alertTime: bigint
    }
  /** Points of an open contributor come without a level: it keeps its own. For the story alone. */
  | {
      readonly change: 'without-level'
      readonly opening: number
      readonly id: string
      readonly task: string
      readonly node: string
      readonly group: string
      /** The rest of a sentence that begins with "its points". */
      readonly why: string
    }
  /** Level OK forgets what was told. */
  | {
      readonly change: 'told'
      readonly opening: number
      readonly task: string
      readonly level: Level
      /** Wall clock, ms. */
      readonly at: number
    }
  /** All have recovered; the resolve waits until `dueAt` (wall clock, ms). */
  | {
      readonly change: 'hold'
      readonly opening: number
      readonly dueAt: number
      readonly event: IncidentEvent
    }
  /** One is back before that. */
  | { readonly change: 'unhold'; readonly opening: number }
  /** Resolved by hand while contributors are open: from now on nothing of it is news. */
  | { readonly change: 'mute'; readonly opening: number }
  | { readonly change: 'close'; readonly opening: number }

/** An open incident as it is read back at start. */
export interface OpenIncident {
  readonly opening: number
  readonly endpoint: string
  readonly id: string
  /** Nanoseconds, by the points' clock. */
  readonly openedTime: bigint
  readonly contributors: readonly Contribution[]
  readonly told: readonly { readonly task: string; readonly level: Level; readonly at: number }[]
  readonly held?: { readonly dueAt: number; readonly event: IncidentEvent }
  readonly muted?: true
}
