// What the app is given by its process, and the times that its parts are given to stop.
import type { Worker } from 'node:worker_threads'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { SystemClock } from './system-clock.ts'

export interface Surroundings {
  readonly telemetry: Telemetry
  readonly clock: SystemClock
  readonly random: () => number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
  /** Why it runs by the last good configuration; absent: it does not. */
  readonly configurationProblems?: readonly string[]
  /** The store's thread, where it was started already. */
  readonly storeThread?: Worker
  /** Of the machine: sidecars on different ones speak of themselves by it. */
  readonly host: string
  /** Something ended without which nothing can go on. */
  readonly failed: (error: unknown) => void
}

/** What attempts in flight are given at the end. */
export const GRACE_MS = 5000
export const STEP_WITHIN_MS = 2000
