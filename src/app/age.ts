// How long it is from one RFC 3339 time to another, in words.
import { span } from '../squadcast/span.ts'

export const age = (from: string, until: string): string =>
  span(Math.max(0, Date.parse(until) - Date.parse(from)))
