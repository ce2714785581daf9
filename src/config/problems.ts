// What can be wrong with a configuration, and how a person is told: one line per problem, in the order of the
// file. A message never holds a secret; whoever writes one sees to that.
import type { KeyPath } from './locate.ts'

export const PROBLEM_CODES = [
  'file-missing',
  'file-unreadable',
  'syntax',
  'unknown-key',
  'wrong-type',
  'bad-value',
  'missing',
  'conflict',
  'unreadable',
  'plain-http',
  'placeholder',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

export interface Problem {
  readonly code: ProblemCode
  /** As in `endpoint[0].timeout`; empty when it is about the whole file. */
  readonly key: string
  /** Counted from 1, as is the column. Absent when nothing of it stands in the file. */
  readonly line?: number
  readonly column?: number
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
}

/** `['endpoint', 0, 'timeout']` as `endpoint[0].timeout`. */
export function keyText(path: KeyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? plainKey(step) : `${text}.${plainKey(step)}`
  }, '')
}

// A key that needs quotes may be a URL that went astray: it is not repeated.
const plainKey = (key: string): string => (/^[A-Za-z0-9_-]{1,64}$/.test(key) ? key : '"…"')

/** `config.toml:12: endpoint[0].tiemout: unknown key; did you mean "timeout"?` */
export function formatProblem(problem: Problem, file: string): string {
  const where = problem.line === undefined ? file : `${file}:${problem.line}`
  const what = problem.hint === undefined ? problem.message : `${problem.message}; ${problem.hint}`
  return [where, problem.key, what].filter(part => part !== '').join(': ')
}

/** One line each, in the order of the file; what has no line comes first. */
export const formatProblems = (problems: readonly Problem[], file: string): string[] =>
  inFileOrder(problems).map(problem => formatProblem(problem, file))

export const inFileOrder = (problems: readonly Problem[]): Problem[] =>
  problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))

const disjunction = new Intl.ListFormat('en-GB', { type: 'disjunction' })

/** `a, b or c`. */
export const anyOf = (words: readonly string[]): string => disjunction.format(words)
