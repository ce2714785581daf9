// Kapacitor's alert JSON, as any version from 1.3 on posts it: text in, an alert out. Id and level are needed; what else
// cannot be read is left out and named, since a page must not be lost over something optional.
import { boundedDuration } from '../incident/duration.ts'
import { fromExactJson } from '../incident/event.ts'
import { capId } from '../incident/id.ts'
import { LEVEL_NAMES, type Level, levelFromName } from '../incident/level.ts'
import type { PostedAlert } from '../incident/posts.ts'
import { nanosecondsOf } from '../incident/rfc3339.ts'
import { type Body, tooLarge } from './body.ts'
import { isDefaultDetails } from './default-details.ts'
import { durationFromGo, timeFromGo } from './go-text.ts'
import { isObject, type Json, scalarText, shown } from './json-value.ts'
import { seriesOf } from './posted-series.ts'
import { Refusal } from './refusal.ts'
import { tolerantJson } from './tolerant-json.ts'

export type OptionalPart =
  | 'body'
  | 'time'
  | 'duration'
  | 'previousLevel'
  | 'recoverable'
  | 'message'
  | 'details'
  | 'data'

/** A part of an alert that could not be read. */
export interface PartProblem {
  readonly part: OptionalPart
  /** What it is, and what stands in its place: a sentence without its full stop. */
  readonly text: string
}

export interface ReadAlert {
  readonly alert: PostedAlert
  readonly problems: readonly PartProblem[]
}

// Kapacitor's times are an int64 of nanoseconds, and so are the store's.
const FIRST_TIME = -(2n ** 63n)
const LAST_TIME = 2n ** 63n - 1n

/** Throws Refusal. @param now nanoseconds since the epoch, for an alert without a time. */
export function alertFromJson({ text, isCut }: Body, now: bigint): ReadAlert {
  const problems: PartProblem[] = []
  const problem = (part: OptionalPart, sentence: string): undefined => {
    problems.push({ part, text: sentence })
  }
  const json = isCut ? beginningOf(text, problem) : objectFrom(text, problem)
  const [id, level] = [idOf(json), levelOf(json)]
  const [duration, previousLevel] = [durationOf(json, problem), previousLevelOf(json, problem)]
  const message = textOf(json, 'message', problem)
  const details = textOf(json, 'details', problem)
  const time = timeOf(json, problem)
  const alert: PostedAlert = {
    id,
    level,
    ...(message !== undefined && { message }),
    ...(details !== undefined && !isDefaultDetails(details) && { details }),
    ...(time === undefined ? { time: now, timedByArrival: true } : { time }),
    ...(duration !== undefined && { duration }),
    ...(previousLevel !== undefined && { previousLevel }),
    recoverable: recoverableOf(json, problem),
    series: seriesOf(json.data, sentence => problem('data', sentence)),
  }
  return { alert, problems }
}

type Report = (part: OptionalPart, sentence: string) => undefined

function objectFrom(text: string, report: Report): Json {
  // Some editors put a byte order mark before a template.
  const body = text.replace(/^\ufeff/, '')
  const value = exactJson(body)
  if (value === undefined) {
    const readable = tolerantJson(body)
    if (!readable) throw noJson('is not JSON')
    report(
      'body',
      'the body is not quite JSON: read as far as it can be (in an alert-template write {{ json .Message }})',
    )
    return readable
  }
  if (!isObject(value)) throw noJson('is no JSON object')
  return value
}

/** Kapacitor writes id and level in front of the points. */
function beginningOf(text: string, report: Report): Json {
  const beginning = tolerantJson(text.replace(/^\ufeff/, ''), true)
  if (beginning?.id === undefined || beginning.level === undefined) throw tooLarge()
  report('body', 'the body is over 1 MiB: what is behind that is left out (let fewer points into the alert)')
  return beginning
}

/** Of so many none needs its last digit, and to read all exactly would take a second of the process. */
const MAX_EXACT_VALUES = 50_000

function hasManyValues(json: string): boolean {
  let count = 0
  for (let at = json.indexOf(','); at >= 0; at = json.indexOf(',', at + 1)) count++
  return count > MAX_EXACT_VALUES
}

/** Undefined: it is no JSON. */
function exactJson(text: string): unknown {
  try {
    return hasManyValues(text) ? JSON.parse(text) : fromExactJson(text)
  } catch {
    // A RangeError too: brackets without end.
    return undefined
  }
}

const noJson = (what: string): Refusal =>
  new Refusal(400, `the body ${what}: correct the alert-template in [[httppost]], or remove it`)

const wrong = (sentence: string): Refusal => new Refusal(422, sentence)

function idOf({ id, series }: Json): string {
  if (id === '') throw wrong("the alert's id is empty: give its |alert() an .id('...') that never is")
  if (typeof id === 'string') return capId(id.toWellFormed())
  if (typeof id === 'number' || typeof id === 'bigint') return capId(String(id))
  if (Array.isArray(series))
    throw wrong('these are rows of |httpPost(), and no alert: send .post() of an |alert() here')
  throw wrong("the alert has no id: post Kapacitor's alert JSON, in which id is a text")
}

function levelOf({ level }: Json): Level {
  const known = anyCaseLevel(level)
  if (known !== undefined) return known
  const names = `${LEVEL_NAMES.slice(0, -1).join(', ')} or ${LEVEL_NAMES.at(-1)}`
  if (level === undefined) throw wrong(`the alert has no level: it must be ${names}`)
  throw wrong(`the alert's level is ${shown(level)}: it must be ${names}`)
}

const anyCaseLevel = (level: unknown): Level | undefined =>
  typeof level === 'string' ? levelFromName(level.trim().toUpperCase()) : undefined

function previousLevelOf({ previousLevel }: Json, report: Report): Level | undefined {
  if (previousLevel === undefined || previousLevel === null) return undefined
  const level = anyCaseLevel(previousLevel)
  if (level === undefined) return report('previousLevel', `previousLevel is ${shown(previousLevel)}: ignored`)
  return level
}

/** Undefined: it says none, or none that can be read. */
function timeOf({ time }: Json, report: Report): bigint | undefined {
  if (time === undefined || time === null) return undefined
  const parsed = typeof time === 'string' ? (nanosecondsOf(time) ?? timeFromGo(time)) : undefined
  if (parsed === undefined) {
    const expected = 'expected RFC 3339, such as 2026-05-28T20:26:55.5Z'
    return report('time', `time is ${shown(time)}: the current time is used (${expected})`)
  }
  // Go's zero time lies before the first: better a page with a strange time than none.
  return parsed < FIRST_TIME ? FIRST_TIME : parsed > LAST_TIME ? LAST_TIME : parsed
}

function durationOf({ duration }: Json, report: Report): bigint | undefined {
  if (duration === undefined || duration === null) return undefined
  const whole = nanosecondsIn(duration)
  if (whole === undefined) {
    const expected = 'expected nanoseconds, or a text such as 1m30s'
    return report('duration', `duration is ${shown(duration)}: ignored (${expected})`)
  }
  return boundedDuration(whole)
}

function nanosecondsIn(duration: unknown): bigint | undefined {
  if (typeof duration === 'bigint') return duration
  if (duration === Infinity) return LAST_TIME
  // A part of a nanosecond is of another unit.
  if (typeof duration === 'number') return Number.isInteger(duration) ? BigInt(duration) : undefined
  if (typeof duration !== 'string') return undefined
  const text = duration.trim()
  return /^-?\d{1,30}$/.test(text) ? BigInt(text) : durationFromGo(text)
}

function recoverableOf({ recoverable }: Json, report: Report): boolean {
  if (recoverable === undefined || recoverable === null) return true
  const text = String(recoverable).trim().toLowerCase()
  if (text !== 'true' && text !== 'false')
    report('recoverable', `recoverable is ${shown(recoverable)}: true is used (expected true or false)`)
  return text !== 'false'
}

/** Undefined where there is none, or nothing but white space: then the usual text stands in its place. */
function textOf(json: Json, part: 'message' | 'details', report: Report): string | undefined {
  const value = json[part]
  if (value === undefined || value === null) return undefined
  const text = scalarText(value)
  if (text === undefined) return report(part, `${part} is ${shown(value)}: ignored (expected a text)`)
  return text.trim() === '' ? undefined : text
}
