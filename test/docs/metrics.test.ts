// docs/metrics.md has a row for each metric, as the registry itself tells of it.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { openTelemetry } from '../../src/app/open-telemetry.ts'

const text = readFileSync(fileURLToPath(new URL('../../docs/metrics.md', import.meta.url)), 'utf8')

/** All that a daemon registers. */
async function rows(): Promise<string[]> {
  const { metrics } = openTelemetry({ level: 'silent', format: 'json' }, { isTerminal: false, colour: false })
  metrics.observe({ openIncidents: () => 0, endpoints: () => [], budget: () => ({ rate: 0, used: 0 }) })
  metrics.observeKapacitor({ isReachable: () => true, tasks: () => new Map() })
  await metrics.registry.metrics()
  return metrics.registry.getMetricsAsArray().map(metric => {
    const { name, help, type, labelNames } = metric as unknown as {
      name: string
      help: string
      type: string
      labelNames: readonly string[]
    }
    const labels = labelNames.map(label => `\`${label}\``).join(' ')
    return `| \`${name}\` | ${type} | ${labels} | ${help.replace(/\.$/, '')} |`.replaceAll(/ {2,}/g, ' ')
  })
}

test('every metric has its row, and no row is without its metric', async t => {
  const documented = text.split('\n').filter(line => line.startsWith('| `'))
  t.deepEqual([...documented].sort(), (await rows()).sort())
})
