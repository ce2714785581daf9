// What is told about an incident, in a form that belongs to no destination. It is stored like this and
// rendered anew at each attempt. This file owns the form and its encoding; it never decides anything.
import type { LevelName } from './level.ts'

/** One value of a row. Integers of Kapacitor (int64) are bigint, floats are number; `NaN`, `+Inf` and `-Inf` are text. */
export type Cell = number | bigint | string | boolean | null

/** As in the `data` of Kapacitor's alert JSON: the first column is `time` (RFC 3339, nanoseconds). */
export interface Series {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly Cell[])[]
}

export const EVENT_KINDS = ['trigger', 'resolve'] as const
export type EventKind = (typeof EVENT_KINDS)[number]

export interface IncidentEvent {
  readonly kind: EventKind
  /** Id of the incident: Kapacitor's alert id, Squadcast's event_id. */
  readonly incident: string
  readonly level: LevelName
  readonly previousLevel: LevelName
  readonly message: string
  /** The author's text; absent when the script gives none. */
  readonly details?: string
  /**
   * Where in the details the author's own text stands: its start and end, in turn. The rest came from the point.
   * Absent: all of it did. Where details were cut, places may lie behind their end.
   */
  readonly ownText?: readonly number[]
  /** Nanoseconds since the epoch, by the points' clock. */
  readonly time: bigint
  /** Nanoseconds. */
  readonly duration: bigint
  readonly recoverable: boolean
  readonly task: string
  readonly node: string
  /** `host=a,region=eu`, or `nil`. */
  readonly group: string
  readonly groupTags: Readonly<Record<string, string>>
  readonly series: readonly Series[]
  /** Rows, columns or characters that were left out to keep the event small, in a person's words. */
  readonly cut?: string
  /** The text of the condition that decided the level, where the node has conditions. */
  readonly condition?: string
  /** P1 ... P5, from `.priority()`. */
  readonly priority?: string
  /** From `.tag()`, in order. */
  readonly labels?: readonly (readonly [name: string, value: string])[]
}

interface JsonWithSource {
  rawJSON(text: string): unknown
  parse(
    text: string,
    reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
}
// NOTE: raw JSON and source access are in Node >= 22 but not yet in TypeScript's library.
const json = JSON as unknown as JsonWithSource

const encodeBigInt = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? json.rawJSON(String(value)) : value

/** JSON text with integers exact to 64 bits. */
export const toExactJson = (value: unknown): string => JSON.stringify(value, encodeBigInt)

// An integer of 64 bits. Longer ones are floats that Kapacitor wrote without an exponent.
const LONG_INTEGER = /^-?\d{1,20}$/

/** Without so many digits in a row a double holds every integer. */
const MAYBE_LONG = /\d{16}/

/** Reads JSON text; an integer that a double cannot hold becomes a bigint. Throws SyntaxError. */
export function fromExactJson(text: string): unknown {
  // Asking about each value takes ten times as long.
  if (!MAYBE_LONG.test(text)) return JSON.parse(text)
  return json.parse(text, (_key, value, context) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
    const source = context.source ?? ''
    return LONG_INTEGER.test(source) ? BigInt(source) : value
  })
}

export const encodeEvent = (event: IncidentEvent): string => toExactJson(event)

export function decodeEvent(text: string): IncidentEvent {
  const raw = fromExactJson(text) as Omit<IncidentEvent, 'time' | 'duration'> & {
    time: number | bigint
    duration: number | bigint
  }
  return { ...raw, time: BigInt(raw.time), duration: BigInt(raw.duration) }
}
