// The values that a task of a template gives to variables of its script, as Kapacitor's API lists them: they stand above
// what the script says. One that is not understood is a value that is not known. Pure.
import type { Value } from './pipeline.ts'
import { parseScript, ScriptError } from './tickscript.ts'

export type TaskVars = ReadonlyMap<string, Value>

/** From `vars` of a task: `{ "NAME": { "type": "string", "value": "x" } }`. */
export function taskVars(vars: unknown): TaskVars {
  return new Map(isObject(vars) ? Object.entries(vars).map(([name, one]) => [name, variableFrom(one)]) : [])
}

function variableFrom(one: unknown): Value {
  if (!isObject(one)) return { kind: 'unknown' }
  const { type, value } = one
  switch (type) {
    case 'string':
      return typeof value === 'string' ? { kind: 'text', text: value } : { kind: 'unknown' }
    case 'bool':
      return typeof value === 'boolean' ? { kind: 'bool', value } : { kind: 'unknown', type }
    case 'int':
    case 'float':
      return typeof value === 'number' ? numberOf(type, value) : { kind: 'unknown', type }
    case 'duration':
      // In nanoseconds.
      return typeof value === 'number'
        ? { kind: 'duration', text: `${Math.round(value / 1000)}u` }
        : { kind: 'unknown', type }
    case 'star':
      return { kind: 'star' }
    case 'list':
      return Array.isArray(value)
        ? { kind: 'list', items: value.map(variableFrom) }
        : { kind: 'unknown', type }
    case 'lambda':
      return (typeof value === 'string' && lambdaOf(value)) || { kind: 'unknown', type }
    default:
      return { kind: 'unknown', ...(typeof type === 'string' && { type }) }
  }
}

function numberOf(type: 'int' | 'float', value: number): Value {
  const text = String(value)
  // A float is known by its point.
  return { kind: 'number', text: type === 'float' && Number.isInteger(value) ? `${text}.0` : text }
}

function lambdaOf(text: string): Value | undefined {
  try {
    const [statement] = parseScript(`var x = lambda: ${text}`)
    return statement?.value.kind === 'lambda' ? statement.value : undefined
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
