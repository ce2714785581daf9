// Values of a TICKscript that are known before a task starts, as texts and back: as Kapacitor's string(), int(), float(),
// bool() and duration() have them, and as a script writes them. Pure.
import { formatFloat } from '../../incident/go-float.ts'
import { durationText } from '../duration-text.ts'

export type Constant =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  /** Nanoseconds. */
  | { readonly kind: 'duration'; readonly value: bigint }
  | { readonly kind: 'bool'; readonly value: boolean }

export type ConstantKind = Constant['kind']

export interface ConstantFunction {
  /** Each a list of types that it may be called with. */
  readonly takes: readonly (readonly ConstantKind[])[]
  /** Gets the values of the arguments, which have these types. */
  readonly gives: (...args: never[]) => Constant
}

/** Why something cannot be computed, to stand behind a colon. */
export class ConstantError extends Error {}

/** In 64 bits, as Go computes. */
export const int = (kind: 'int' | 'duration', value: bigint): Constant => ({
  kind,
  value: BigInt.asIntN(64, value),
})

/** As string() gives it. */
export function textOf({ kind, value }: Constant): string {
  if (kind === 'float') return formatFloat(value, 'f', undefined)
  return kind === 'duration' ? durationText(value) : String(value)
}

/** As a script would write it. */
export function literalOf(constant: Constant): string {
  const { kind, value } = constant
  if (kind === 'text') return `'${value.replaceAll("'", "\\'")}'`
  if (kind === 'bool') return value ? 'TRUE' : 'FALSE'
  const text = textOf(constant)
  return kind === 'float' && !text.includes('.') ? `${text}.0` : text
}
