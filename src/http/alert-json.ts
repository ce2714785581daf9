// Kapacitor's alert JSON, as any version from 1.3 on posts it: text in, a checked alert out, or one sentence about
// the first thing that is wrong. What is no part of an incident is not looked at.
import { type Cell, fromExactJson, type Series } from '../incident/event.ts'
import { capId } from '../incident/id.ts'
import { LEVEL_NAMES, type Level, levelFromName } from '../incident/level.ts'
import type { PostedAlert } from '../incident/posts.ts'
import { nanosecondsOf } from '../incident/rfc3339.ts'
import { isDefaultDetails } from './default-details.ts'
import { Refusal } from './refusal.ts'

type Json = Readonly<Record<string, unknown>>

// Kapacitor's times are an int64 of nanoseconds, and so are the store's.
const FIRST_TIME = -(2n ** 63n)
const LAST_TIME = 2n ** 63n - 1n
const SHOWN_CHARACTERS = 40

/** Throws Refusal. @param now nanoseconds since the epoch, for an alert without a time. */
export function alertFromJson(text: string, now: bigint): PostedAlert {
  const alert = objectFrom(text)
  const { message, details, recoverable } = {
    message: optional(alert, 'message', 'string'),
    details: optional(alert, 'details', 'string'),
    recoverable: optional(alert, 'recoverable', 'boolean') ?? true,
  }
  const duration = durationOf(alert)
  return {
    id: idOf(alert),
    level: levelOf(alert),
    ...(message !== undefined && { message }),
    ...(details !== undefined && details.trim() !== '' && !isDefaultDetails(details) && { details }),
    time: timeOf(alert, now),
    ...(duration !== undefined && { duration }),
    recoverable,
    series: seriesOf(alert),
  }
}

function objectFrom(text: string): Json {
  let value: unknown
  try {
    value = fromExactJson(text)
  } catch {
    // A RangeError too: brackets without end.
    throw new Refusal(400, "the body is not JSON: post Kapacitor's alert JSON, without an alert-template")
  }
  if (!isObject(value))
    throw new Refusal(
      400,
      "the body is no JSON object: post Kapacitor's alert JSON, without an alert-template",
    )
  return value
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wrong = (sentence: string): Refusal => new Refusal(422, sentence)

function idOf({ id }: Json): string {
  if (typeof id === 'string' && id !== '') return capId(id.toWellFormed())
  if (id === '') throw wrong("the alert's id is empty: give its |alert() an .id('...') that never is")
  throw wrong("the alert has no id: post Kapacitor's alert JSON, in which id is a text")
}

function levelOf({ level }: Json): Level {
  const known = typeof level === 'string' ? levelFromName(level) : undefined
  if (known !== undefined) return known
  const names = `${LEVEL_NAMES.slice(0, -1).join(', ')} or ${LEVEL_NAMES.at(-1)}`
  if (level === undefined) throw wrong(`the alert has no level: it must be ${names}`)
  throw wrong(`the alert's level is ${shown(level)}: it must be ${names}`)
}

function timeOf({ time }: Json, now: bigint): bigint {
  if (time === undefined || time === null) return now
  const parsed = typeof time === 'string' ? nanosecondsOf(time) : undefined
  if (parsed === undefined)
    throw wrong(`the alert's time is ${shown(time)}: it must be RFC 3339, such as 2026-05-28T20:26:55.5Z`)
  // Go's zero time lies before the first: better a page with a strange time than none.
  return parsed < FIRST_TIME ? FIRST_TIME : parsed > LAST_TIME ? LAST_TIME : parsed
}

function durationOf({ duration }: Json): bigint | undefined {
  if (duration === undefined || duration === null) return undefined
  const isWhole = typeof duration === 'bigint' || Number.isSafeInteger(duration)
  if (!isWhole)
    throw wrong(`the alert's duration is ${shown(duration)}: it must be a whole number of nanoseconds`)
  const whole = BigInt(duration as number | bigint)
  return whole < 0n ? 0n : whole > LAST_TIME ? LAST_TIME : whole
}

function optional(json: Json, key: string, type: 'string'): string | undefined
function optional(json: Json, key: string, type: 'boolean'): boolean | undefined
function optional(json: Json, key: string, type: string): unknown {
  const value = json[key] ?? undefined
  if (value === undefined || typeof value === type) return value
  throw wrong(`the alert's ${key} is ${shown(value)}: it must be a ${type === 'string' ? 'text' : type}`)
}

function seriesOf({ data }: Json): Series[] {
  if (data === undefined || data === null) return []
  if (!isObject(data)) throw wrong("the alert's data is no object: it must hold series")
  const { series } = data
  if (series === undefined || series === null) return []
  if (!Array.isArray(series)) throw wrong("the alert's data.series is no list")
  return series.map(oneSeries)
}

function oneSeries(series: unknown, index: number): Series {
  const where = `the alert's data.series[${index}]`
  if (!isObject(series)) throw wrong(`${where} is no object`)
  const { name = '', tags, columns, values } = series
  if (typeof name !== 'string') throw wrong(`${where}.name is no text`)
  if (!isTags(tags ?? {})) throw wrong(`${where}.tags is no object of texts`)
  if (!isListOf(columns ?? [], isText)) throw wrong(`${where}.columns is no list of texts`)
  if (!isListOf(values ?? [], isRow)) throw wrong(`${where}.values is no list of rows`)
  return {
    name,
    tags: (tags ?? {}) as Series['tags'],
    columns: (columns ?? []) as Series['columns'],
    values: (values ?? []) as Series['values'],
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTags = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText)
const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem)
const isCell = (value: unknown): value is Cell => value === null || typeof value !== 'object'
const isRow = (value: unknown): boolean => isListOf(value, isCell)

/** A value as a sentence can bear it. */
function shown(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object'
  const text = String(value)
  return text.length > SHOWN_CHARACTERS ? `'${text.slice(0, SHOWN_CHARACTERS)}…'` : `'${text}'`
}
