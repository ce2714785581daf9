// From the options of an Init to the settings of a node. What is wrong in the script itself is refused with a
// sentence that its author understands; what depends on the configuration is none of this file's business.
import { compileCondition } from '../incident/condition/condition.ts'
import { type Place, UTC } from '../incident/go-zone.ts'
import { didYouMean, LanguageError } from '../incident/language-error.ts'
import { LEVEL_NAMES, Level, levelFromName } from '../incident/level.ts'
import type { FieldNames, NodeSettings, Threshold } from '../incident/node-settings.ts'
import { compileTemplate, type Template, type TemplateOptions } from '../incident/template/template.ts'
import type { EdgeType, InitRequest, NodeOption, OptionValue } from '../wire/messages.ts'
import { OPTION_TYPES, type OptionName } from './option-table.ts'

/** Characters of a refusal, which quotes what it refuses: a name or a value may have any length. */
const LONGEST_REFUSAL = 2000
const MAX_OPTIONS = 1000

/** A script that cannot be run. The message is for its author. */
export class InitRefusal extends Error {
  constructor(message: string) {
    super(message.length > LONGEST_REFUSAL ? `${message.slice(0, LONGEST_REFUSAL)}…`.toWellFormed() : message)
    this.name = 'InitRefusal'
  }
}

export class OptionError extends InitRefusal {
  constructor(option: string, problem: string) {
    super(`.${option}(): ${problem}`)
    this.name = 'OptionError'
  }
}

const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5']
const FIELD_NAMES = ['levelField', 'levelTag', 'idField', 'idTag', 'messageField', 'durationField'] as const

// What changes while an incident is open would split it in two.
const NOT_IN_AN_ID = ['ID', 'Level', 'Time', 'Duration', 'Message']

/** Throws OptionError. @param local whose clock `.Time.Local` of a template shows. */
export function nodeSettings(edge: EdgeType, init: InitRequest, local: Place = UTC): NodeSettings {
  const given = group(init.options)
  if (given.has('all') && edge === 'STREAM')
    throw new OptionError('all', 'is for batches; a stream has single points: remove it')
  const id = template(given, 'id', { refuse: NOT_IN_AN_ID })
  const message = template(given, 'message', {
    refuse: ['Message'],
    because: 'a message cannot hold itself',
    local,
  })
  const details = detailsTemplate(given, local)
  const priority = oneOf(given, 'priority', PRIORITIES)
  return {
    task: init.taskID,
    node: init.nodeID,
    endpoint: text(given, 'endpoint') ?? 'default',
    names: fieldNames(given),
    ...(id && { id }),
    ...(message && { message }),
    ...(details && { details }),
    thresholds: thresholds(given),
    minLevel: minLevel(given),
    noRecoveries: given.has('noRecoveries'),
    ...timings(given),
    passThrough: given.has('passThrough'),
    all: given.has('all'),
    ...(priority !== undefined && { priority }),
    labels: (given.get('tag') ?? []).map(([name, value]) => label(name!, value!)),
  }
}

/** Only where silence means something: after `|alert().stateChangesOnly()` it is the usual thing. */
const SPEAKS_OFTEN: readonly OptionName[] = ['info', 'warn', 'crit', 'levelField', 'levelTag']

function timings(given: Given): Pick<NodeSettings, 'tellAgainAfterMs' | 'recoveryDelayMs' | 'silentAfterMs'> {
  const tellAgainAfterMs = milliseconds(given, 'stateChangesOnly')
  const recoveryDelayMs = milliseconds(given, 'recoveryDelay')
  const silentAfterMs = milliseconds(given, 'recoverWhenSilent')
  if (silentAfterMs !== undefined && !SPEAKS_OFTEN.some(option => given.has(option)))
    throw new OptionError(
      'recoverWhenSilent',
      'needs thresholds such as .crit() in this node, or .levelField() or .levelTag(): otherwise silence is usual',
    )
  return {
    ...(tellAgainAfterMs !== undefined && { tellAgainAfterMs }),
    ...(recoveryDelayMs !== undefined && { recoveryDelayMs }),
    ...(silentAfterMs !== undefined && { silentAfterMs }),
  }
}

/** A duration, which must be more than nothing. */
function milliseconds(given: Given, option: OptionName): number | undefined {
  const nanoseconds = given.get(option)?.at(-1)?.[0]
  if (nanoseconds === undefined) return undefined
  if (BigInt(nanoseconds) <= 0n)
    throw new OptionError(option, 'the duration must be longer than nothing, such as 10m')
  return Math.max(1, Number(BigInt(nanoseconds) / 1_000_000n))
}

/** The arguments of each call of an option, in the order of the script. */
type Given = ReadonlyMap<OptionName, readonly (readonly string[])[]>

function group(options: readonly NodeOption[]): Given {
  const given = new Map<OptionName, (readonly string[])[]>()
  for (const [index, { name, values }] of options.entries()) {
    if (!isOption(name)) throw unknownOption(name)
    if (index === MAX_OPTIONS)
      throw new OptionError(name, `a node has at most ${MAX_OPTIONS} options, and this one is beyond them`)
    const types = OPTION_TYPES[name]
    const matches = values.length === types.length && values.every((value, i) => value.type === types[i])
    if (!matches)
      throw new OptionError(name, `takes ${listed(types)}, got ${listed(values.map(v => v.type))}`)
    const calls = given.get(name)
    if (calls) calls.push(values.map(argument))
    else given.set(name, [values.map(argument)])
  }
  return given
}

const isOption = (name: string): name is OptionName => Object.hasOwn(OPTION_TYPES, name)

function unknownOption(name: string): OptionError {
  const hint = didYouMean(name, Object.keys(OPTION_TYPES))
  return new OptionError(name, `no such option${hint ? `; ${hint}` : ''}`)
}

const listed = (types: readonly string[]): string => types.join(', ') || 'no argument'

const argument = (value: OptionValue): string => String(value.value)

/** Of an option that may stand only once the last counts, as for a property of any Kapacitor node. */
function text(given: Given, option: OptionName): string | undefined {
  const value = given.get(option)?.at(-1)?.[0]
  if (value === '') throw new OptionError(option, 'the text is empty; write a name, or remove the option')
  return value
}

function fieldNames(given: Given): FieldNames {
  const named = FIELD_NAMES.map(option => [option, text(given, option)] as const)
  return Object.fromEntries(named.filter(([, name]) => name !== undefined))
}

function template(given: Given, option: OptionName, options: TemplateOptions = {}): Template | undefined {
  const source = text(given, option)
  return source === undefined ? undefined : explained(option, source, () => compileTemplate(source, options))
}

/** Empty details are asked for by whoever wants none. */
function detailsTemplate(given: Given, local: Place): Template | undefined {
  return given.get('details')?.at(-1)?.[0] === ''
    ? compileTemplate('')
    : template(given, 'details', { local })
}

function explained<Result>(option: OptionName, source: string, compile: () => Result): Result {
  try {
    return compile()
  } catch (error) {
    if (error instanceof LanguageError) throw new OptionError(option, error.explain(source))
    throw error
  }
}

function oneOf(given: Given, option: OptionName, allowed: readonly string[]): string | undefined {
  const value = text(given, option)
  if (value === undefined || allowed.includes(value)) return value
  const hint = didYouMean(value, allowed)
  throw new OptionError(option, `'${value}' is none of ${allowed.join(', ')}${hint ? `; ${hint}` : ''}`)
}

function minLevel(given: Given): Level {
  const name = oneOf(given, 'minLevel', LEVEL_NAMES.slice(1))
  return name === undefined ? Level.info : levelFromName(name)!
}

function label(name: string, value: string): readonly [string, string] {
  if (name === '') throw new OptionError('tag', 'the name is empty; write .tag(name, value)')
  return [name, value]
}

const LEVEL_OPTIONS = [
  { level: Level.critical, condition: 'crit', reset: 'critReset' },
  { level: Level.warning, condition: 'warn', reset: 'warnReset' },
  { level: Level.info, condition: 'info', reset: 'infoReset' },
] as const

function thresholds(given: Given): Threshold[] {
  const found: Threshold[] = []
  for (const { level, condition, reset } of LEVEL_OPTIONS) {
    const conditions = conditionsOf(given, condition)
    const resets = conditionsOf(given, reset)
    if (conditions.length === 0 && resets.length > 0)
      throw new OptionError(reset, `there is no .${condition}() that it could reset; add one, or remove it`)
    if (conditions.length > 0) found.push({ level, conditions, resets })
  }
  return found
}

const conditionsOf = (given: Given, option: OptionName) =>
  (given.get(option) ?? []).map(([source]) => explained(option, source!, () => compileCondition(source!)))
