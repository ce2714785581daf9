// What to write in place of a part of a condition that is not supported, spelled out for the very text of its author.
// Nothing here judges a condition.

/** Characters of a condition that is repeated whole in a sentence. */
const MOST_REPEATED = 120

/** As a TICKscript spells a text. */
const inScript = (text: string): string => `'${text.replaceAll("'", "\\'")}'`

/** A word that may be a variable of the script, or a field without its quotes. */
export function forWord(source: string, word: string, at: number): string {
  const before = source.slice(0, at)
  const after = source.slice(at + word.length)
  const asField = `a field or tag stands in double quotes, "${word}"`
  if (/[=!]~\s*$/.test(before)) return `write the regular expression itself, like /^web/; ${asField}`
  const isShort = source.length <= MOST_REPEATED
  const start = before.trim() === '' ? '' : `${isShort ? inScript(before) : "'… '"} + `
  const rest = after.trim() === '' ? '' : ` + ${isShort ? inScript(after) : "' …'"}`
  const asVariable = `a var of the script is written ${start}string(${word})${rest}`
  if (!/[=!<>+\-*/%]\s*$/.test(before)) return `${asField}; ${asVariable}`
  if (!/[=!]=\s*$/.test(before) || !isShort) return `${asVariable}; ${asField}`
  const quotedRest = after.trim() === '' ? "'\\''" : inScript(`'${after}`)
  return `${asVariable}, one that is a text ${inScript(`${before}'`)} + ${word} + ${quotedRest}; ${asField}`
}

/** The text of a call from its name to its closing parenthesis; undefined where that never comes. */
function callAt(source: string, at: number): string | undefined {
  let depth = 0
  let mark: string | undefined
  for (let index = at; index < source.length; index += 1) {
    const character = source[index]!
    if (mark !== undefined) {
      if (character === '\\') index += 1
      else if (character === mark) mark = undefined
    } else if (character === '"' || character === "'") mark = character
    else if (character === '(') depth += 1
    else if (character === ')') {
      depth -= 1
      if (depth === 0) return source.slice(at, index + 1)
    }
  }
  return undefined
}

const REFERENCE = '"(?:[^"\\\\]|\\\\.)*"'
const OF_ONE_FIELD = new RegExp(`^\\w+\\s*\\(\\s*(${REFERENCE})\\s*\\)$`)
const OF_FIELD_AND_TEXT = new RegExp(`^\\w+\\s*\\(\\s*(${REFERENCE})\\s*,\\s*'([^'\\\\]*)'\\s*\\)$`)

export function forFunction(source: string, name: string, at: number): string {
  const call = callAt(source, at)
  const [, field] = OF_ONE_FIELD.exec(call ?? '') ?? []
  if (field !== undefined) {
    if (name === 'isPresent' && isReadElsewhere(source, field, at))
      return `leave it out: while ${field} is missing, the condition does not hold anyway`
    if (name === 'float') return `leave it out, ints and floats mix: ${withoutFloats(source)}`
    if (name === 'int')
      return `leave it out, ints and floats mix: write ${field}, which keeps what is behind the point`
  }
  return matchOf(name, call) ?? computedBefore(name, call, field)
}

/** Not denied, and compared beside. */
function isReadElsewhere(source: string, field: string, at: number): boolean {
  if (/(?:!|NOT)\s*$/i.test(source.slice(0, at))) return false
  const others = source.replace(new RegExp(`isPresent\\s*\\(\\s*${REFERENCE}\\s*\\)`, 'g'), '')
  return others.includes(field) && !/\bOR\b/.test(source)
}

const FLOAT = new RegExp(`float\\s*\\(\\s*(${REFERENCE})\\s*\\)`, 'g')

/** Two ints divide to an int: one of the two must not be one. */
function withoutFloats(source: string): string {
  if (source.length > 2 * MOST_REPEATED) return NO_FLOATS
  const written = source.replace(FLOAT, (found, field: string, at: number) => {
    const before = source.slice(0, at)
    if (/\/\s*$/.test(before)) return /float\s*\([^()]*\)\s*\/\s*$/.test(before) ? field : `(1.0 * ${field})`
    return /^\s*\//.test(source.slice(at + found.length)) ? `1.0 * ${field}` : field
  })
  return written.length <= MOST_REPEATED && !written.includes('\n') ? `write ${written.trim()}` : NO_FLOATS
}

const NO_FLOATS = 'write the field alone, and 1.0 * "a" / "b" where two ints divide'

const MATCHES: ReadonlyMap<string, (text: string) => string> = new Map([
  ['strHasPrefix', text => `^${text}`],
  ['strHasSuffix', text => `${text}$`],
  ['strContains', text => text],
])

function matchOf(name: string, call: string | undefined): string | undefined {
  const pattern = MATCHES.get(name)
  const [, field, text] = OF_FIELD_AND_TEXT.exec(call ?? '') ?? []
  if (pattern === undefined || text === undefined) return undefined
  return `write ${field} =~ /${pattern(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))}/`
}

const MOST_OF_A_CALL = 60

function computedBefore(name: string, call: string | undefined, field: string | undefined): string {
  const whole =
    call !== undefined && call.length <= MOST_OF_A_CALL && !call.includes('\n') ? call : `${name}(...)`
  const word = field?.slice(1, -1) ?? ''
  const as = /^\w{1,30}$/.test(word) ? `${name}_${word}` : 'x'
  return `compute it before the node, as in |eval(lambda: ${whole}).as('${as}').keep(), and write "${as}" here`
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `5m` */
export function forDuration(text: string): string {
  const [, count = '', unit = ''] = /^(\d+)(.*)$/.exec(text) ?? []
  const seconds = SECONDS[unit]
  if (seconds === undefined) return 'compare a number with a number of the same unit'
  const whole = BigInt(count) * BigInt(seconds)
  return `write a number of the field's unit: ${whole} for seconds, ${whole * 1_000_000_000n} for nanoseconds`
}
