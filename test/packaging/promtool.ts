// promtool, which comes with Prometheus; and what Prometheus's users get from this package.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'

export const packaging = fileURLToPath(new URL('../../packaging/', import.meta.url))
export const rulesText = readFileSync(`${packaging}prometheus/kapacitor-squadcast.rules.yml`, 'utf8')

const isThere = spawnSync('promtool', ['--version']).status === 0
if (!isThere) console.warn('SKIPPED: no promtool here, so PromQL, rules and /metrics are not checked by it')

/** A test that needs it: skipped, and loudly so, where there is none. */
export const withPromtool = isThere ? test : test.skip

/** Undefined: it has no objection. */
export function objection(args: readonly string[], input = ''): string | undefined {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    ...{ cwd: `${packaging}prometheus`, input, encoding: 'utf8' },
  })
  // Of metrics it finds fault on standard error, and leaves with 3.
  return status === 0 ? undefined : `${stdout}${stderr}`
}

export interface Alert {
  readonly name: string
  readonly expr: string
  readonly severity: string | undefined
  readonly annotations: Readonly<Record<string, string>>
}

/** The rules as they stand in the file: one alert after the other, each key on a line of its own. */
export const alerts: readonly Alert[] = rulesText
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map(text => ({
    name: /^\w+/.exec(text)![0],
    expr: /^ {8}expr: (?:>-\n)?((?:.+)(?:\n {10,}.+)*)/m.exec(text)![1]!.replaceAll(/\s+/g, ' '),
    severity: /^ {10}severity: (\w+)$/m.exec(text)?.[1],
    annotations: Object.fromEntries(
      [...text.matchAll(/^ {10}(summary|description|runbook_url): (.+)$/gm)].map(([, key, value]) => [
        key,
        value,
      ]),
    ),
  }))
