// `npm run bench [-- NAME ...] [--runs N] [--json FILE]`: runs scenarios one after the other and prints what they found.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { endAgents } from './agents.ts'
import { type Figure, type Found, isMet, machine, type Scenario } from './figures.ts'
import { intake } from './intake.ts'
import { kapacitor } from './kapacitor.ts'
import { latency } from './latency.ts'
import { memory } from './memory.ts'
import { perPoint } from './per-point.ts'
import { ofAllRuns } from './runs.ts'
import { soak } from './soak.ts'
import { start } from './start.ts'
import { storm } from './storm.ts'
import { table } from './table.ts'

const SCENARIOS: readonly Scenario[] = [perPoint, memory, latency, storm, start, intake, soak, kapacitor]

const USAGE = `usage: npm run bench -- [NAME ...] [--runs N] [--json FILE]

Measures the sidecar on this machine, on loopback alone. Without a name all
scenarios run, one after the other; it takes about four minutes.

${SCENARIOS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

  --runs N     run each N times, and show the median, and the least and the most
  --json FILE  write the figures and the machine as JSON too
  --help       print this

A ratio is how many times a bar was reached: 1 and more is met. The least of
several runs is shown for CPU, so nothing else should be busy. "kapacitor" needs
the variable KAPACITORD, the path of a kapacitord.

Exit codes: 0 every bar was met, 1 one was missed, or what was asked for by name
could not be run, 2 wrong usage.`

interface Wishes {
  readonly names: readonly string[]
  readonly runs: number
  readonly json: string | undefined
}

/** Undefined: nothing is to be measured, and the exit code is set. */
function wishes(args: string[]): Wishes | undefined {
  try {
    const options = {
      runs: { type: 'string', default: '1' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    if (values.help) console.log(USAGE)
    if (values.help) return undefined
    const unknown = positionals.filter(name => !SCENARIOS.some(scenario => scenario.name === name))
    if (unknown.length > 0) throw new Error(`there is no scenario '${unknown.join("', '")}'`)
    if (!/^[1-9][0-9]?$/.test(values.runs)) throw new Error('--runs takes a number from 1 to 99')
    return { names: positionals, runs: Number(values.runs), json: values.json }
  } catch (error) {
    console.error(`bench: ${(error as Error).message}\n\n${USAGE}`)
    process.exitCode = 2
    return undefined
  }
}

/** What fails has no figures, and those that come after it still have theirs. */
async function measured({ name, about, whyNot, run }: Scenario, times: number): Promise<Found[]> {
  const skipped = whyNot?.()
  console.error(skipped === undefined ? `${name}: ${about}` : `${name}: SKIPPED: ${skipped}`)
  if (skipped !== undefined) return [{ scenario: name, skipped }]
  try {
    const runs: Figure[][] = []
    while (runs.length < times) runs.push(await run())
    return ofAllRuns(runs)
  } catch (error) {
    console.error(`${name}: FAILED: ${(error as Error).message}`)
    return [{ scenario: name, failed: oneLine((error as Error).message) }]
  }
}

const REASON_CHARACTERS = 96

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, REASON_CHARACTERS)

async function bench({ names, runs, json }: Wishes): Promise<void> {
  const wanted = SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name))
  const found: Found[] = []
  for (const scenario of wanted) found.push(...(await measured(scenario, runs)))
  console.log(`${table(found)}\n\nmachine ${JSON.stringify(machine())}`)
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(record(found), null, 2)}\n`)
  process.exitCode = found.every(each => isFine(each, names)) ? 0 : 1
}

const record = (found: readonly Found[]): object => ({
  machine: machine(),
  figures: found.filter(each => 'figure' in each),
  skipped: found.filter(each => 'skipped' in each),
  failed: found.filter(each => 'failed' in each),
})

function isFine(found: Found, asked: readonly string[]): boolean {
  if ('skipped' in found) return !asked.includes(found.scenario)
  return 'figure' in found && isMet(found) !== false
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void endAgents().finally(() => process.exit(1)))

const asked = wishes(process.argv.slice(2))
if (asked) await bench(asked)
