// What a value of posted JSON is, and how a sentence shows it.

export type Json = Readonly<Record<string, unknown>>

const MAX_SHOWN_CHARACTERS = 40

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text, a number or a boolean as text. Undefined for null, objects and lists. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return value === undefined || typeof value === 'object' ? undefined : String(value)
}

/** A value as a sentence can bear it. */
export function shown(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object'
  const text = String(value)
  return text.length > MAX_SHOWN_CHARACTERS ? `'${text.slice(0, MAX_SHOWN_CHARACTERS)}…'` : `'${text}'`
}
