// What is known of a value before there is a point: enough to refuse what no point could make right, such as a
// part of a text. Nothing here judges a value.
import type { FunctionName, TemplateName } from './tree.ts'

/** `plain` has no parts; `any` may be anything. */
export type Kind = 'root' | 'tags' | 'fields' | 'time' | 'duration' | 'word' | 'plain' | 'any'

interface Method {
  readonly takes: number
  readonly gives: Kind
}

const gives = (kind: Kind, takes = 0): Method => ({ takes, gives: kind })

/** What Go's values have behind a dot, as far as a template can use it. */
export const METHODS = {
  time: {
    Local: gives('time'),
    UTC: gives('time'),
    Format: gives('plain', 1),
    String: gives('plain'),
    Unix: gives('plain'),
    UnixMilli: gives('plain'),
    UnixMicro: gives('plain'),
    UnixNano: gives('plain'),
    Year: gives('plain'),
    Month: gives('word'),
    Day: gives('plain'),
    Hour: gives('plain'),
    Minute: gives('plain'),
    Second: gives('plain'),
    Nanosecond: gives('plain'),
    Weekday: gives('word'),
    YearDay: gives('plain'),
    Add: gives('time', 1),
    Round: gives('time', 1),
    Truncate: gives('time', 1),
  },
  duration: {
    Hours: gives('plain'),
    Minutes: gives('plain'),
    Seconds: gives('plain'),
    Milliseconds: gives('plain'),
    Microseconds: gives('plain'),
    Nanoseconds: gives('plain'),
    String: gives('plain'),
    Round: gives('duration', 1),
    Truncate: gives('duration', 1),
    Abs: gives('duration'),
  },
  /** A month, a day of the week. */
  word: { String: gives('plain') },
} as const satisfies Partial<Record<Kind, Readonly<Record<string, Method>>>>

export type WithMethods = keyof typeof METHODS
export type MethodName<Of extends WithMethods> = keyof (typeof METHODS)[Of] & string

/** Undefined: there is none of that name. */
export function methodOf(kind: WithMethods, name: string): Method | undefined {
  const methods: Readonly<Record<string, Method>> = METHODS[kind]
  return Object.hasOwn(methods, name) ? methods[name] : undefined
}

export const hasMethods = (kind: Kind): kind is WithMethods => Object.hasOwn(METHODS, kind)

export function kindOfName(name: TemplateName): Kind {
  switch (name) {
    case 'Tags':
      return 'tags'
    case 'Fields':
      return 'fields'
    case 'Time':
      return 'time'
    case 'Duration':
      return 'duration'
    default:
      return 'plain'
  }
}

/** Of what a function gives back. */
export const kindOfCall = (name: FunctionName): Kind => (name === 'and' || name === 'or' ? 'any' : 'plain')
