// What a key that nobody knows was probably meant to be: a key of another section, or the nearest known one.
import type { KeyPath } from './locate.ts'
import { nearestTo, slips } from './nearest.ts'
import { anyOf } from './problems.ts'
import { SECTIONS, type SectionName } from './schema.ts'

const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[]

/** The end of "unknown key; ...". `table` is the path of the table that the key stands in. */
export function suggestionFor(key: string, table: KeyPath): string {
  const home = SECTION_NAMES.filter(name => Object.hasOwn(SECTIONS[name].shape, key))
  if (home.length > 0) return `it belongs in ${anyOf(home.map(headingOf))}`
  const known = knownKeys(table)
  const nearest = nearestTo(key, known)
  const question = `did you mean "${nearest}"?`
  return isNear(key, nearest) ? question : `${question} Known here: ${known.join(', ')}`
}

function knownKeys(table: KeyPath): string[] {
  const section = table[0]
  return section === undefined ? SECTION_NAMES : Object.keys(SECTIONS[section as SectionName].shape)
}

// A swap of two letters counts as two slips.
const isNear = (key: string, known: string): boolean => slips(key, known) <= Math.max(2, known.length / 3)

const headingOf = (name: SectionName): string => (name === 'endpoint' ? '[[endpoint]]' : `[${name}]`)
