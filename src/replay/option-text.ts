// Options of the node as a person writes them in a shell: `crit="usage" > 90`, `recoveryDelay=30s`, `noRecoveries`,
// `tag=team=core`. Each has the types that it has in a script; whether its value makes sense is for udf/options.ts. Pure.
import { OPTION_TYPES, type OptionName } from '../udf/option-table.ts'
import type { NodeOption, OptionValue, ValueType } from '../wire/messages.ts'
import { durationOf } from './duration-text.ts'
import { PlanError } from './plan-error.ts'

/** Throws PlanError. */
export function readOption(text: string): NodeOption {
  const [name = '', value] = splitOnce(text)
  if (!/^\w+$/.test(name))
    throw new PlanError(`--option '${text}': write NAME=VALUE, such as 'crit="usage" > 90', or NAME alone`)
  const types: readonly ValueType[] =
    OPTION_TYPES[name as OptionName] ?? (value === undefined ? [] : ['STRING'])
  if (types.length === 0 && value !== undefined)
    throw new PlanError(`--option '${text}': ${name} takes no value; write --option ${name}`)
  if (types.length > 0 && value === undefined)
    throw new PlanError(`--option '${text}': ${name} takes ${wanted(name, types)}`)
  const texts = types.length > 1 ? splitOnce(value ?? '') : value === undefined ? [] : [value]
  if (texts.length !== types.length)
    throw new PlanError(`--option '${text}': ${name} takes ${wanted(name, types)}`)
  return { name, values: texts.map((one, at) => typedValue(name, types[at]!, one)) }
}

const wanted = (name: string, types: readonly ValueType[]): string =>
  types.length > 1
    ? `two texts: write ${name}=NAME=VALUE`
    : types[0] === 'DURATION'
      ? `a duration: write ${name}=30s`
      : `a text: write ${name}=TEXT`

function typedValue(name: string, type: ValueType, text: string): OptionValue {
  if (type !== 'DURATION') return { type: 'STRING', value: text }
  const value = durationOf(text)
  if (value !== undefined) return { type, value }
  throw new PlanError(
    `--option ${name}: '${text}' is no duration as TICKscript writes it, such as 30s, 10m or 2h`,
  )
}

/** At the first equals sign. */
function splitOnce(text: string): string[] {
  const at = text.indexOf('=')
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
