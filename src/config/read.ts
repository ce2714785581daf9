// Holds a document against the schema, and tells each difference as a problem. What is wrong is then left
// out and the rest read again, so that checks across keys run as well and one look lists everything.
import type { z } from 'zod'
import type { Inquiry } from './inquiry.ts'
import { emptyTable, type KeyPath, type Table } from './locate.ts'
import { Configuration } from './schema.ts'
import { HIDDEN } from './secret.ts'
import { suggestionFor } from './unknown-key.ts'

type Issue = z.core.$ZodIssue

export function readConfiguration(inquiry: Inquiry): Configuration {
  const { root } = inquiry.document
  const result = Configuration.safeParse(root)
  if (result.success) return result.data
  for (const issue of result.error.issues) tell(issue, inquiry)
  const wrong = result.error.issues.flatMap(wrongPaths)
  return Configuration.parse(without(root, wrong))
}

function tell(issue: Issue, inquiry: Inquiry): void {
  const path = issue.path as KeyPath
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) {
        const hint = suggestionFor(key, path)
        inquiry.problem([...path, key], { code: 'unknown-key', message: 'unknown key', hint })
      }
      return
    case 'invalid_key': {
      const expected = issue.issues[0]?.message
      inquiry.problem(path, { code: 'unknown-key', message: `expected ${expected} as the key` })
      return
    }
    default: {
      // One key can miss what was expected in two ways, for which the words are the same.
      if (inquiry.isBroken(path)) return
      const code =
        issue.code === 'invalid_type' || issue.code === 'invalid_union' ? 'wrong-type' : 'bad-value'
      const message = `expected ${issue.message}, got ${shown(path, inquiry.document.at(path))}`
      inquiry.problem(path, { code, message })
    }
  }
}

// Keys whose value may be a secret, or hold one.
const SECRETIVE_KEYS: readonly unknown[] = ['url', 'proxy', 'headers', 'command']

function shown(path: KeyPath, value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Date) return 'a date or time'
  if (typeof value === 'object') return 'a table'
  if (path.some(step => SECRETIVE_KEYS.includes(step))) return HIDDEN
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value !== 'string') return String(value)
  // Wherever it stands: a URL may be the webhook's, and a long text may be its token.
  return value.includes('/') || value.length > 24 ? HIDDEN : JSON.stringify(value)
}

function wrongPaths(issue: Issue): KeyPath[] {
  const path = issue.path as KeyPath
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => [...path, key])
  // A list loses its meaning with one of its items, and the places of the others would move.
  return [typeof path.at(-1) === 'number' ? path.slice(0, -1) : path]
}

function without(value: unknown, wrong: readonly KeyPath[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => without(item, inside(wrong, index)))
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const rest = emptyTable()
  for (const [key, content] of Object.entries(value as Table)) {
    const deeper = inside(wrong, key)
    if (!deeper.some(path => path.length === 0)) rest[key] = without(content, deeper)
  }
  return rest
}

const inside = (paths: readonly KeyPath[], step: string | number): KeyPath[] =>
  paths.filter(path => path[0] === step).map(path => path.slice(1))
