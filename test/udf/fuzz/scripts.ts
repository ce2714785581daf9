// Inits: scripts that mean well, and scripts made of anything.

import { OPTION_TYPES, type OptionName } from '../../../src/udf/option-table.ts'
import type { EdgeType } from '../../../src/wire/messages.ts'
import type { Chance } from './chance.ts'
import { doubleMember, framed, intMember, member } from './encoding.ts'
import { unknownMember } from './points.ts'
import { double, name, noText, text } from './texts.ts'

export interface Script {
  readonly frame: Buffer
  /** By what is written here; a script made of anything may be accepted, and may not. */
  readonly accepted: boolean | undefined
  readonly passThrough: boolean
}

// Values of ValueType.
const STRING = 3
const strings = (...values: readonly string[]): Buffer[] =>
  values.map(value => Buffer.concat([intMember(1, STRING), member(5, value)]))
const option = (optionName: string | Buffer, values: readonly Buffer[]): Buffer =>
  member(1, Buffer.concat([member(1, optionName), ...values.map(value => member(2, value))]))
const called = (optionName: OptionName, ...values: readonly string[]): Buffer =>
  option(optionName, strings(...values))

const init = (task: string | Buffer, node: string | Buffer, options: readonly Buffer[]): Buffer =>
  framed('init', Buffer.concat([...options, member(2, task), member(3, node)]))

const THRESHOLDS = [
  called('crit', '"usage" > 80'),
  called('warn', '"usage" > 60 AND "host" != \'calm\''),
  called('info', '"usage" >= 40'),
  called('infoReset', '"usage" < 20'),
]
const TELLING = [
  called(
    'message',
    '{{ .ID }} {{ .Level }} {{ index .Tags "host" }} {{ printf "%v" (index .Fields "usage") }}',
  ),
  called('message', '{{ printf "%q %v" .Group .Time }}'),
  called('details', '{{ if eq .Level "OK" }}fine{{ else }}{{ .Name }} {{ index .Fields "level" }}{{ end }}'),
  called('id', '{{ .TaskName }}/{{ .Name }}/{{ index .Tags "host" }}'),
  called('id', '{{ .Group }}'),
]

/** As authors write them, and with names that make programs stumble. */
function meaningWell(chance: Chance, edge: EdgeType): Buffer[] {
  const named = ['levelField', 'levelTag', 'idField', 'idTag', 'messageField', 'durationField'] as const
  return [
    ...(chance.oneIn(2) ? chance.shuffled(THRESHOLDS) : []),
    ...chance.some(2, () => chance.pick(TELLING)),
    ...(chance.oneIn(3) ? chance.some(3, () => called(chance.pick(named), name(chance) || 'level')) : []),
    ...(chance.oneIn(4) ? [called('tag', text(chance) || 'team', text(chance))] : []),
    ...(chance.oneIn(6) ? [called('minLevel', 'WARNING')] : []),
    ...(chance.oneIn(8) ? [option('noRecoveries', [])] : []),
    ...(chance.oneIn(4) && edge === 'BATCH' ? [option('all', [])] : []),
  ]
}

const OPTION_NAMES = Object.keys(OPTION_TYPES) as OptionName[]
const PIECES = [
  '"usage"',
  ' > ',
  '90',
  ' AND ',
  '(',
  ')',
  '!',
  '=~ /a(b/',
  "'",
  '{{',
  '}}',
  '.ID',
  'if',
  'end',
  'index .Tags ',
  'printf "%',
  '%',
  '-',
  '1e999',
  '\\',
]
const patched = (chance: Chance): string =>
  chance.some(12, () => chance.pick([...PIECES, text(chance)])).join('')

const anyValue = (chance: Chance): Buffer => {
  const value = chance.pick([
    () => member(5, chance.oneIn(3) ? text(chance) : patched(chance)),
    () => member(5, noText(chance)),
    () => intMember(2, chance.int64()),
    () => intMember(3, chance.int64()),
    () => doubleMember(4, double(chance)),
    () => intMember(6, chance.int64()),
    () => unknownMember(chance, 7),
  ])()
  return Buffer.concat([intMember(1, chance.pick([0, 1, 2, 3, 3, 3, 4, 5, -1])), value])
}

function anything(chance: Chance): Buffer[] {
  const text2 = (): string => (chance.oneIn(3) ? text(chance) : patched(chance))
  const one = chance.pick([
    () => called(chance.pick(OPTION_NAMES), text2()),
    () => called('tag', text2(), text2()),
    () =>
      option(
        chance.pick(OPTION_NAMES),
        chance.some(3, () => anyValue(chance)),
      ),
    () =>
      option(
        text(chance),
        chance.some(3, () => anyValue(chance)),
      ),
    () => option(noText(chance), []),
  ])
  return chance.some(chance.oneIn(300) ? 2000 : 4, () => one())
}

/** `task` and `node` as they are to be, unless the script is made of anything. */
export function script(chance: Chance, edge: EdgeType, task: string): Script {
  if (chance.oneIn(6)) {
    const [taskID, nodeID] = [chance.pick([task, text(chance), noText(chance)]), text(chance)]
    return { frame: init(taskID, nodeID, anything(chance)), accepted: undefined, passThrough: false }
  }
  const passThrough = chance.oneIn(2)
  const options = [...meaningWell(chance, edge), ...(passThrough ? [option('passThrough', [])] : [])]
  return {
    frame: init(task, chance.pick(['squadcast2', 'squadcast9']), options),
    accepted: true,
    passThrough,
  }
}
