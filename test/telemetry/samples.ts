// What a registry would answer, for tests that look at one metric.
import type { Metrics } from '../../src/telemetry/metrics.ts'

/** Values by what the label says; without a label by ''. */
export async function samplesOf(
  { registry }: Metrics,
  name: string,
  ...labels: readonly string[]
): Promise<Record<string, number>> {
  const metric = await registry.getSingleMetric(`kapacitor_squadcast_${name}`)!.get()
  return Object.fromEntries(
    metric.values.map(({ labels: given, value }) => [
      labels.map(label => (given as Record<string, unknown>)[label]).join(' '),
      value,
    ]),
  )
}
