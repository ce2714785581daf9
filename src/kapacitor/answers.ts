// What Kapacitor's HTTP API answers, read with care: what is not as expected throws, and nothing is guessed.
import { type Level, levelFromName } from '../incident/level.ts'
import { nanosecondsOf } from '../incident/rfc3339.ts'

type Json = Readonly<Record<string, unknown>>

/** A task as it is listed. */
export interface TaskAnswer {
  readonly id: string
  readonly status: 'enabled' | 'disabled'
  readonly executing: boolean
  /** Why it no longer executes; empty where it does. */
  readonly error: string
  readonly script: string
  /** As Kapacitor writes them; absent: there are none. See task-vars.ts. */
  readonly vars?: Json
  /** By Kapacitor's clock, as it was written: compared for equality first of all. */
  readonly lastEnabled: string
  readonly modified: string
}

/** What an alert's topic knows of one id. */
export interface TopicEvent {
  readonly id: string
  readonly level: Level
  /** Nanoseconds, by the points' clock. */
  readonly time: bigint
  readonly message: string
}

export interface Topic {
  readonly events: readonly TopicEvent[]
  /** Events that came since the topic was opened: those of before were read back from disk. */
  readonly collected: number
  /** It was read from the disk itself. */
  readonly isStored?: true
}

export function taskFrom(value: unknown): TaskAnswer {
  const task = objectFrom(value)
  const status = textOf(task, 'status')
  if (status !== 'enabled' && status !== 'disabled') throw new TypeError(`a task is '${status}'`)
  return {
    id: textOf(task, 'id'),
    status,
    executing: task.executing === true,
    error: typeof task.error === 'string' ? task.error : '',
    script: typeof task.script === 'string' ? task.script : '',
    ...varsFrom(task.vars),
    lastEnabled: textOf(task, 'last-enabled'),
    modified: textOf(task, 'modified'),
  }
}

const varsFrom = (vars: unknown): Pick<TaskAnswer, 'vars'> =>
  typeof vars === 'object' && vars !== null && Object.keys(vars).length > 0 ? { vars: vars as Json } : {}

export function listFrom<Item>(value: unknown, name: string, read: (item: unknown) => Item): Item[] {
  const list = objectFrom(value)[name]
  // Go writes an empty list as null, at times.
  if (list === null) return []
  if (!Array.isArray(list)) throw new TypeError(`no list of ${name}`)
  return list.map(read)
}

export function topicEventFrom(value: unknown): TopicEvent {
  const event = objectFrom(value)
  const state = objectFrom(event.state)
  const level = levelFromName(textOf(state, 'level'))
  if (level === undefined) throw new TypeError('an event of an unknown level')
  const message = typeof state.message === 'string' ? state.message : ''
  return { id: textOf(event, 'id'), level, time: timeOf(state, 'time'), message }
}

/** Of a list of topics, what each has collected. */
export const collectedByTopic = (value: unknown): Map<string, number> =>
  new Map(listFrom(value, 'topics', head => [textFrom(head, 'id'), collectedFrom(head)] as const))

export function collectedFrom(value: unknown): number {
  const { collected } = objectFrom(value)
  if (typeof collected !== 'number') throw new TypeError('a topic that counts nothing')
  return collected
}

export const textFrom = (value: unknown, name: string): string => textOf(objectFrom(value), name)

function objectFrom(value: unknown): Json {
  if (typeof value === 'object' && value !== null) return value as Json
  throw new TypeError('no JSON object')
}

function textOf(object: Json, name: string): string {
  const value = object[name]
  if (typeof value === 'string') return value
  throw new TypeError(`no ${name}`)
}

function timeOf(object: Json, name: string): bigint {
  const text = textOf(object, name)
  const time = nanosecondsOf(text)
  if (time === undefined) throw new TypeError(`'${text}' is no time`)
  return time
}
