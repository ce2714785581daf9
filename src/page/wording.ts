// How the page says times, counts and what waits. Pure; times come in as texts of RFC 3339, and now with them.

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** `3d4h`, `1h12m`, `45s`: as the sentences of the sidecar have it. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const first = UNITS.findIndex(([, length]) => whole >= length)
  if (first < 0) return '0s'
  const [unit, length] = UNITS[first]!
  const next = UNITS[first + 1]
  const rest = next ? Math.floor((whole % length) / next[1]) : 0
  return `${Math.floor(whole / length)}${unit}${next && rest > 0 ? `${rest}${next[0]}` : ''}`
}

const secondsFrom = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000

/** `3m ago`, of something that was. */
export const ago = (at: string, now: string): string => {
  const seconds = secondsFrom(at, now)
  return seconds < 1 ? 'now' : `${duration(seconds)} ago`
}

/** How long ago, without a word around it. */
export const since = (at: string, now: string): string => duration(secondsFrom(at, now))

/** `in 12s`, of something that will be. */
export const until = (at: string, now: string): string => {
  const seconds = Math.ceil(secondsFrom(now, at))
  return seconds <= 0 ? 'now' : `in ${duration(seconds)}`
}

const two = (number: number): string => String(number).padStart(2, '0')

/** `16:04:59`, in the time zone of whoever looks. */
export const timeOfDay = (at: string): string => {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
}

/** `16:04`, of seconds since the epoch. */
export const hourAndMinute = (seconds: number): string =>
  timeOfDay(new Date(seconds * 1000).toISOString()).slice(0, 5)

/** The whole of it, for those who point at it. */
export const moment = (at: string): string => new Date(at).toLocaleString()

/** 12,345 */
export const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 })

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`

/** `a, b and 3 more` */
export function some(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${number(names.length - most)} more` : shown
}
