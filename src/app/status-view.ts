// How the sidecar stands, as /status.json, the page and the commands have it: plain values, times in RFC 3339. Shapes
// alone. A field once published keeps its name and its meaning.
import type { EndpointState } from '../delivery/status.ts'
import type { TaskState } from '../kapacitor/task-status.ts'

export const PROBLEM_CODES = [
  'parked',
  'endpoint-blocked',
  'endpoint-failing',
  'endpoint-removed',
  'not-durable',
  'dead-letters',
  'task-refused',
  'task-without-levels',
  'task-ends-kapacitor',
  'task-waiting',
  'incident-stuck',
  'kapacitor-unreachable',
  'last-good-configuration',
  'budget-used-up',
  'fallback-failing',
  'heartbeat-failing',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

export interface Problem {
  /** critical: somebody may not be paged. warning: nothing is lost, and it wants to be looked at. */
  readonly severity: 'warning' | 'critical'
  readonly code: ProblemCode
  /** Name of the endpoint or the task. */
  readonly about?: string
  /** One sentence. */
  readonly text: string
  /** What to do, one sentence. */
  readonly cure: string
}

export interface NodeView {
  readonly node: string
  readonly endpoint: string
  readonly connectedAt: string
  readonly points: number
  readonly pointsPerSecond: number
  readonly lastPointAt?: string
  /** All of its points came without a level: nobody is paged by it. */
  readonly withoutLevels: boolean
  /** Open incidents whose points have no level, so that they cannot end: how many, and the first. */
  readonly stuck?: {
    readonly incidents: number
    readonly incident: string
    /** The rest of a sentence that begins with "its points". */
    readonly why: string
    /** What to do, without a full stop. */
    readonly fix: string
  }
}

export interface TaskView {
  readonly task: string
  readonly state: TaskState
  /** What it waits for, or why it was refused. */
  readonly why?: string
  /** How often it was revived since the sidecar started. */
  readonly revived: number
  /** A field of its script at which Kapacitor panics, with all of its tasks. */
  readonly endsKapacitor?: {
    /** Of the script, counted from 1. */
    readonly line: number
    readonly says: string
    readonly fix?: string
    /** false: it is so only with certain data. */
    readonly certain: boolean
  }
  /** Those that are connected. */
  readonly nodes: readonly NodeView[]
}

export interface EndpointView {
  readonly name: string
  readonly state: EndpointState
  readonly pending: number
  readonly inFlight: number
  readonly oldestPendingAt?: string
  readonly nextTryAt?: string
  readonly lastAnswer?: {
    readonly at: string
    readonly verdict: string
    readonly status?: number
    readonly text: string
  }
}

/** Incidents about the sidecar itself. */
export interface SelfView {
  /** Where they are told; absent: nowhere. */
  readonly endpoint?: string
  readonly open: number
  /** What is wrong, told or not yet. */
  readonly troubles: readonly {
    readonly cause: string
    /** Endpoint or task; empty where there is but one of its kind. */
    readonly name: string
    readonly told: boolean
    readonly text?: string
  }[]
}

export interface FallbackView {
  readonly way: 'command' | 'url'
  readonly afterSeconds: number
  /** CRITICAL incidents that are overdue and not told by it. */
  readonly untold: number
  readonly last?: {
    readonly at: string
    readonly outcome: 'told' | 'failed'
    readonly incidents: number
    readonly reason?: string
  }
}

export interface StatusView {
  readonly version: string
  readonly at: string
  readonly startedAt: string
  /** As monitoring plugins have it. */
  readonly state: 'fine' | 'warning' | 'critical'
  /** One line for a person: how it goes, or what is wrong. */
  readonly sentence: string
  /** Of it, what is open and what waits. */
  readonly standing: string
  readonly problems: readonly Problem[]
  /** Everything that is committed reaches Squadcast now. */
  readonly delivering: boolean
  /** Events are on the disk before they are acted on. */
  readonly durable: boolean
  readonly incidents: { readonly open: number; readonly byLevel: Readonly<Record<string, number>> }
  readonly pending: number
  readonly oldestPendingAt?: string
  /** Events that were refused for good, and that nobody has dealt with. */
  readonly deadLetters: number
  /** Requests of the last minute. */
  readonly budget: { readonly rate: number; readonly used: number; readonly reserved: number }
  /** After a 429: nobody sends before then. */
  readonly limitedUntil?: string
  readonly endpoints: readonly EndpointView[]
  /** Nodes that are connected. */
  readonly connections: number
  /** Absent: [kapacitor] url is "", and nobody looks after its tasks. */
  readonly kapacitor?: { readonly reachable: boolean | null; readonly problem?: string }
  readonly tasks: readonly TaskView[]
  readonly self: SelfView
  /** Absent: there is none. */
  readonly fallback?: FallbackView
  /** silent: delivery does not work. failing: the switch itself does not take it. Absent: there is none. */
  readonly heartbeat?: 'beating' | 'silent' | 'failing'
}
