// Texts that have broken programs before, and bytes that are no text at all.
import type { Chance } from './chance.ts'

const NASTY = [
  '',
  '\0',
  'a\0b',
  '\n',
  'cpu\nhost=a',
  'host=a,region=b',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '\ufeffbom',
  '\u2028\u2029',
  '\u202eright to left',
  '🔥',
  'e\u0301',
  '\u{10ffff}',
  '{{ .ID }}',
  '"',
  '\\',
  "'; --",
  '%s%n',
  '</script>',
  '`|[x](y)',
  '-0',
  'NaN',
]
/** Names that mean something here. */
const OURS = ['level', 'id', 'alertID', 'message', 'duration', 'host', 'usage', 'time', 'region']
const LEVELS = ['OK', 'INFO', 'WARNING', 'CRITICAL', 'critical', 'Warning', ' OK']
const UNITS = ['x', '\0', '\n', '"', 'é', '中', '🔥', '\\', 'ab,c=d ']

/** Always valid UTF-8; seldom long, once in a while megabytes. */
export function text(chance: Chance): string {
  if (chance.oneIn(25_000)) return chance.pick(UNITS).repeat(1 << 20)
  if (chance.oneIn(1500)) return chance.pick(UNITS).repeat(20_000 + chance.below(30_000))
  if (chance.oneIn(60)) return chance.pick(UNITS).repeat(chance.below(2000))
  if (chance.oneIn(3)) return chance.pick(NASTY)
  if (chance.oneIn(2)) return chance.pick(OURS)
  return `${chance.pick(OURS)}${chance.below(50)}`
}

/** Of a tag or a field. */
export const name = (chance: Chance): string => (chance.oneIn(4) ? text(chance) : chance.pick(OURS))

export const levelText = (chance: Chance): string => (chance.oneIn(8) ? text(chance) : chance.pick(LEVELS))

const NOT_UTF8 = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xe2, 0x82],
  [0x80],
  [0xf0, 0x9f, 0x94],
  [0xfe, 0xff],
]

/** Bytes with something in them that is not UTF-8: at the start, the end, or after a long way. */
export function noText(chance: Chance): Buffer {
  const before = Buffer.from(chance.oneIn(4) ? text(chance) : chance.pick(NASTY))
  const after = Buffer.from(chance.oneIn(2) ? '' : chance.pick(OURS))
  return Buffer.concat([before, Buffer.from(chance.pick(NOT_UTF8)), after])
}

export const double = (chance: Chance): number =>
  chance.pick([0, -0, 1, 95, 95.5, Number.NaN, Number.POSITIVE_INFINITY, -1e308, 5e-324, chance.below(100)])
