// Writes a time by a layout of Go's: a text that shows how the moment `Mon Jan 2 15:04:05 MST 2006` would be
// written. What is none of its parts stands for itself. Pure.
import type { Civil, GoTime } from './go-time.ts'
import { GoNamed } from './go-values.ts'

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** As Go's own `String()` writes a time. */
export const GO_LAYOUT = '2006-01-02 15:04:05.999999999 -0700 MST'

/** The longest reading of each place comes first. */
const PART = new RegExp(
  [
    /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST/,
    /002|0[1-6]|15|1|2006|2|__2|_2(?!006)|[345]|PM|pm/,
    /[-Z]07(?:00(?:00)?|:00(?::00)?)?/,
    /[.,](?:0+|9+)(?!\d)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
)

export function formatTime(time: GoTime, layout: string): string {
  const civil = time.civil()
  return layout.replace(PART, part => WRITERS[part]?.(civil) ?? variable(part, civil))
}

export const monthOf = ({ month }: Civil): GoNamed => new GoNamed('time.Month', month, MONTHS[month - 1]!)

export const weekdayOf = ({ weekday }: Civil): GoNamed =>
  new GoNamed('time.Weekday', weekday, WEEKDAYS[weekday]!)

const two = (value: number): string => String(value).padStart(2, '0')
const hourOf12 = ({ hour }: Civil): number => hour % 12 || 12

const WRITERS: Readonly<Record<string, (civil: Civil) => string>> = {
  January: ({ month }) => MONTHS[month - 1]!,
  Jan: ({ month }) => MONTHS[month - 1]!.slice(0, 3),
  '1': ({ month }) => String(month),
  '01': ({ month }) => two(month),
  Monday: ({ weekday }) => WEEKDAYS[weekday]!,
  Mon: ({ weekday }) => WEEKDAYS[weekday]!.slice(0, 3),
  '2': ({ day }) => String(day),
  _2: ({ day }) => String(day).padStart(2),
  '02': ({ day }) => two(day),
  __2: ({ yearDay }) => String(yearDay).padStart(3),
  '002': ({ yearDay }) => String(yearDay).padStart(3, '0'),
  '15': ({ hour }) => two(hour),
  '3': civil => String(hourOf12(civil)),
  '03': civil => two(hourOf12(civil)),
  '4': ({ minute }) => String(minute),
  '04': ({ minute }) => two(minute),
  '5': ({ second }) => String(second),
  '05': ({ second }) => two(second),
  '2006': ({ year }) => String(year).padStart(4, '0'),
  '06': ({ year }) => two(year % 100),
  PM: ({ hour }) => (hour >= 12 ? 'PM' : 'AM'),
  pm: ({ hour }) => (hour >= 12 ? 'pm' : 'am'),
  MST: ({ zone }) => zone.name || offset('-0700', zone.offset),
}

/** What comes in many lengths: a fraction of a second, an offset. */
function variable(part: string, { nanosecond, zone }: Civil): string {
  const first = part[0]!
  return first === '-' || first === 'Z' ? offset(part, zone.offset) : fraction(part, nanosecond)
}

function fraction(part: string, nanosecond: number): string {
  const digits = String(nanosecond)
    .padStart(9, '0')
    .slice(0, Math.min(part.length - 1, 9))
  const kept = part[1] === '9' ? digits.replace(/0+$/, '') : digits
  return kept === '' ? '' : part[0]! + kept
}

function offset(part: string, seconds: number): string {
  if (part.startsWith('Z') && seconds === 0) return 'Z'
  const size = Math.abs(seconds)
  const wanted = [size / 3600, (size / 60) % 60, size % 60].map(each => two(Math.trunc(each)))
  const count = part.replace(/\D/g, '').length / 2
  return (seconds < 0 ? '-' : '+') + wanted.slice(0, count).join(part.includes(':') ? ':' : '')
}
