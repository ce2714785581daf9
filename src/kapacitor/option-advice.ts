// The options of one of our nodes, as they stand in a script: whether there are such, with such arguments, and what the
// sidecar would say of them. What a variable of a template holds is not known, and not guessed at.
import { didYouMean } from '../incident/language-error.ts'
import type { Advice, AdviceSetting, GivenOption, OptionArgument } from './advice.ts'
import type { PipelineNode, Property, Value } from './pipeline.ts'

const has = (node: PipelineNode, names: readonly string[]): boolean =>
  node.properties.some(({ name }) => names.includes(name))

export const nodeOptions = {
  hasThresholds: (node: PipelineNode): boolean => has(node, ['info', 'warn', 'crit']),
  namesLevel: (node: PipelineNode): boolean => has(node, ['levelField', 'levelTag']),
}

/** These are nothing without another one, so they are not judged where one is not known. */
const DEPENDENT = ['infoReset', 'warnReset', 'critReset', 'recoverWhenSilent']
/** Every node of Kapacitor has it. */
const KAPACITORS_OWN = new Set(['quiet'])

export function optionAdvice(node: PipelineNode, setting: AdviceSetting): Advice[] {
  const { types } = setting.options
  const findings: Advice[] = []
  const given: { readonly property: Property; readonly option: GivenOption }[] = []
  let unknown = false
  for (const property of node.properties) {
    if (KAPACITORS_OWN.has(property.name)) continue
    const finding = unlike(property, types)
    if (finding) findings.push(finding)
    const option = finding ? undefined : optionOf(property)
    if (option) given.push({ property, option })
    else unknown = true
  }
  const judged = unknown ? given.filter(({ option }) => !DEPENDENT.includes(option.name)) : given
  const refused = refusal(node, judged, setting)
  return refused ? [...findings, refused] : findings
}

/** What Kapacitor itself refuses, when the script is defined. */
function unlike(
  { name, args, line }: Property,
  types: AdviceSetting['options']['types'],
): Advice | undefined {
  if (!Object.hasOwn(types, name)) {
    const says = `there is no option .${name}(): Kapacitor refuses the script`
    const hint = didYouMean(name, Object.keys(types))
    return { code: 'unknown-option', severity: 'problem', line, says, ...(hint && { fix: hint }) }
  }
  const wanted = types[name]!
  const got = args.map(typeOf)
  const fits =
    wanted.length === got.length && wanted.every((type, i) => got[i] === undefined || got[i] === type)
  if (fits) return undefined
  const says = `.${name}() takes ${listed(wanted)}, and gets ${listed(got.map(type => type ?? '?'))} here`
  const isLambda = args[0]?.kind === 'lambda'
  const fix = isLambda ? `write the condition as a text: .${name}('"usage" > 90')` : undefined
  return { code: 'option-arguments', severity: 'problem', line, says, ...(fix && { fix }) }
}

const listed = (types: readonly string[]): string => types.join(', ') || 'no argument'

function typeOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'text':
      return 'STRING'
    case 'duration':
      return 'DURATION'
    case 'bool':
      return 'BOOL'
    case 'number':
      return value.text.includes('.') ? 'DOUBLE' : 'INT'
    case 'unknown':
      return undefined
    default:
      return value.kind.toUpperCase()
  }
}

/** Undefined where an argument is not known. */
function optionOf({ name, args }: Property): GivenOption | undefined {
  const values = args.flatMap((arg): OptionArgument[] => {
    if (arg.kind === 'text') return [{ type: 'STRING', value: arg.text }]
    return arg.kind === 'duration' ? [{ type: 'DURATION', value: nanoseconds(arg.text) }] : []
  })
  return values.length === args.length ? { name, values } : undefined
}

const SECOND = 1_000_000_000n
const UNITS: Readonly<Record<string, bigint>> = {
  u: 1000n,
  µ: 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
  d: 86_400n * SECOND,
  w: 604_800n * SECOND,
}

function nanoseconds(text: string): bigint {
  const [, amount = '0', unit = 's'] = /^(-?\d+)(.+)$/.exec(text) ?? []
  return BigInt(amount) * (UNITS[unit] ?? SECOND)
}

/** The sidecar names the first thing that it would refuse. */
function refusal(
  node: PipelineNode,
  given: readonly { readonly property: Property; readonly option: GivenOption }[],
  { functions, options }: AdviceSetting,
): Advice | undefined {
  const edge = functions.get(node.name)!
  const says = options.refusal(
    edge,
    given.map(({ option }) => option),
  )
  if (says === undefined) return undefined
  const named = given.filter(({ option }) => says.startsWith(`.${option.name}()`))
  const culprit =
    named.find(({ option }) => options.refusal(edge, [option]) === says) ?? named.at(-1) ?? undefined
  const line = culprit?.property.line ?? node.line
  return { code: 'option-refused', severity: 'problem', line, says }
}
