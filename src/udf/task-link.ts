// What a session needs of the rest of the house once its node has started. The app makes one for each node.
import type { NodeJudge } from '../incident/judge.ts'
import type { Change } from '../incident/judgement.ts'
import type { NodeSettings } from '../incident/node-settings.ts'

/** Why a connection ended. */
export type Ending = 'closed' | 'refused' | 'malformed' | 'reset' | 'stopped'

export interface Counts {
  points: number
  /** Of these, points that carry no level. */
  unlevelled: number
}

export interface TaskLink {
  readonly judge: NodeJudge
  /** What comes is history: nothing of it is stored or told. */
  readonly isReplay?: boolean
  /**
   * Takes changes in order. Resolves when they, and their events, are durable; rejects when they never will be.
   * @param readAt monotonic clock, ms: when the input was read that they come of.
   */
  commit(changes: readonly Change[], readAt: number): Promise<unknown>
  /** After each chunk of input. */
  counted(counts: Readonly<Counts>): void
  /** Data that is not handed back to Kapacitor, and why. */
  notReturned(bytes: number, reason: 'too-long' | 'not-committed-in-time' | 'store-too-slow'): void
  /** The input ended: the node is no longer live. Called once. */
  ended(how: Ending): void
}

/** Starts a node for an Init that was accepted. */
export type StartNode = (settings: NodeSettings, isReplay: boolean) => TaskLink

/** Whether what the node will send is history, and no news: known at once, or asked for. Never rejects. */
export type AskReplay = (settings: NodeSettings) => boolean | Promise<boolean>
