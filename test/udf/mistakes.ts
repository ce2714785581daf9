// What the author of a script can get wrong in the options of the node, and the sentence that is the answer.
// Where the sentence comes from the language of conditions or templates, its beginning and its place are enough.
import type { EdgeType } from '../../src/wire/messages.ts'
import { option } from '../fakes/peer.ts'
import { flag, type Message } from '../fakes/requests.ts'

export interface Mistake {
  readonly title: string
  readonly options: readonly Message[]
  readonly sentence: string | RegExp
  /** STREAM unless said. */
  readonly edge?: EdgeType
}

export const typed = (name: string, ...values: readonly Message[]): Message => ({ name, values })

const one = (title: string, given: Message, sentence: string | RegExp): Mistake => ({
  title,
  options: [given],
  sentence,
})

const TEXTS = [
  'endpoint',
  'levelField',
  'levelTag',
  'idField',
  'idTag',
  'messageField',
  'durationField',
  'id',
]
const MORE_TEXTS = ['message', 'minLevel', 'priority']

const EMPTY = [...TEXTS, ...MORE_TEXTS].map(name =>
  one(
    `an empty .${name}()`,
    option(name, ''),
    `.${name}(): the text is empty; write a name, or remove the option`,
  ),
)

const RESETS = [
  ['critReset', 'crit'],
  ['warnReset', 'warn'],
  ['infoReset', 'info'],
].map(([reset, condition]) => ({
  title: `.${reset}() without .${condition}()`,
  options: [option(reset!, '"usage" < 80'), option(condition === 'crit' ? 'warn' : 'crit', '"usage" > 90')],
  sentence: `.${reset}(): there is no .${condition}() that it could reset; add one, or remove it`,
}))

const CHANGING = ['ID', 'Level', 'Time', 'Duration', 'Message'].map(name =>
  one(
    `.${name} in an id`,
    option('id', `cpu/{{ .${name} }}`),
    new RegExp(`^\\.id\\(\\): .*\\.${name}.*character 8`),
  ),
)

const CONDITIONS = ['info', 'warn', 'crit'].flatMap(name => [
  one(
    `a .${name}() that ends too early`,
    option(name, '"usage" >'),
    new RegExp(`^\\.${name}\\(\\): .*character 10`),
  ),
  one(
    `a function in .${name}()`,
    option(name, 'abs("usage") > 1'),
    new RegExp(`^\\.${name}\\(\\): .*abs\\(\\).*character 1`),
  ),
])

const TEMPLATES = ['id', 'message', 'details'].map(name =>
  one(
    `a .${name}() that is not closed`,
    option(name, 'on {{ .Name'),
    new RegExp(`^\\.${name}\\(\\): .*character \\d+`),
  ),
)

export const MISTAKES: readonly Mistake[] = [
  one(
    'a misspelt option',
    option('levelFeild', 'x'),
    '.levelFeild(): no such option; did you mean "levelField"?',
  ),
  one('an unheard-of option', option('webhook', 'x'), '.webhook(): no such option'),
  one(
    'an option named as what every object has',
    option('constructor', 'x'),
    '.constructor(): no such option',
  ),
  one('an argument too few', option('tag', 'team'), '.tag(): takes STRING, STRING, got STRING'),
  one('an argument too many', option('id', 'a', 'b'), '.id(): takes STRING, got STRING, STRING'),
  one('no argument', flag('crit'), '.crit(): takes STRING, got no argument'),
  one(
    'an argument for a flag',
    option('passThrough', 'yes'),
    '.passThrough(): takes no argument, got STRING',
  ),
  one(
    'a number for a text',
    typed('crit', { type: 'INT', intValue: '90' }),
    '.crit(): takes STRING, got INT',
  ),
  one(
    'a type of which nothing is known',
    typed('crit', { type: 9, stringValue: '90' }),
    '.crit(): takes STRING, got 9',
  ),
  one('.all() on a stream', flag('all'), '.all(): is for batches; a stream has single points: remove it'),
  one(
    'a priority of nobody',
    option('priority', 'urgent'),
    ".priority(): 'urgent' is none of P1, P2, P3, P4, P5",
  ),
  one(
    'a priority in small letters',
    option('priority', 'p1'),
    `.priority(): 'p1' is none of P1, P2, P3, P4, P5; did you mean "P1"?`,
  ),
  one(
    'a level in small letters',
    option('minLevel', 'critical'),
    `.minLevel(): 'critical' is none of INFO, WARNING, CRITICAL; did you mean "CRITICAL"?`,
  ),
  one(
    'OK as the lowest level',
    option('minLevel', 'OK'),
    ".minLevel(): 'OK' is none of INFO, WARNING, CRITICAL",
  ),
  one(
    'a tag without a name',
    option('tag', '', 'core'),
    '.tag(): the name is empty; write .tag(name, value)',
  ),
  ...EMPTY,
  ...RESETS,
  ...CHANGING,
  ...CONDITIONS,
  ...TEMPLATES,
]
