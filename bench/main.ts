// `npm run bench [-- NAME ...] [-- --json FILE]`: runs scenarios one after the other and prints what they found.
import { writeFileSync } from 'node:fs'
import { type Figure, isMet, machine, type Scenario, table } from './figures.ts'
import { intake } from './intake.ts'
import { latency } from './latency.ts'
import { memory } from './memory.ts'
import { perPoint } from './per-point.ts'
import { soak } from './soak.ts'
import { start } from './start.ts'
import { storm } from './storm.ts'

const SCENARIOS: readonly Scenario[] = [perPoint, memory, latency, storm, start, intake, soak]

const args = process.argv.slice(2)
const jsonAt = args.indexOf('--json')
const jsonFile = jsonAt < 0 ? undefined : args.splice(jsonAt, 2)[1]
const unknown = args.filter(name => !SCENARIOS.some(scenario => scenario.name === name))
if (unknown.length > 0 || (jsonAt >= 0 && !jsonFile)) {
  const known = SCENARIOS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')
  console.error(`usage: npm run bench -- [NAME ...] [--json FILE]\n\n${known}`)
  process.exit(2)
}

const figures: Figure[] = []
for (const scenario of SCENARIOS) {
  if (args.length > 0 && !args.includes(scenario.name)) continue
  console.error(`${scenario.name}: ${scenario.about}`)
  figures.push(...(await scenario.run()))
}
console.log(table(figures))
console.log(`\n${JSON.stringify(machine())}`)
if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify({ machine: machine(), figures }, null, 2)}\n`)
process.exitCode = figures.some(figure => isMet(figure) === false) ? 1 : 0
