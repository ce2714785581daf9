// What the process says of itself, by the names that Prometheus's users know: prom-client's own, without those that
// cost more than they tell, or that promtool objects to.
import { performance } from 'node:perf_hooks'
import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client'

/** Their histogram wakes an idle process a hundred times a second, and shows its own resolution as lag. */
const LAG = ['', '_min', '_max', '_mean', '_stddev', '_p50', '_p90', '_p99'].map(
  which => `nodejs_eventloop_lag${which}_seconds`,
)
/** By interfaces of Node's that are not public; some of the names are wrong. */
const ACTIVE = ['resources', 'handles', 'requests'].flatMap(what => [
  `nodejs_active_${what}`,
  `nodejs_active_${what}_total`,
])
/** Eight series each, which only somebody who works on V8 can read. */
const HEAP_SPACES = ['total', 'used', 'available'].map(which => `nodejs_heap_space_size_${which}_bytes`)

/** The histogram cannot be left out, but put off. */
const HARDLY_EVER_MS = 86_400_000

/** Once for each process. */
export function addProcessMetrics(
  registry: Registry,
  build: { readonly version: string; readonly node: string },
): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: HARDLY_EVER_MS })
  for (const name of [...LAG, ...ACTIVE, ...HEAP_SPACES]) registry.removeSingleMetric(name)
  addLoopTime(registry)
  new Gauge({
    name: 'kapacitor_squadcast_build_info',
    help: '1, with what runs as labels',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set(build, 1)
}

/** As a rate it is how busy the main thread is, from 0 to 1; it costs nothing until it is asked for. */
function addLoopTime(registry: Registry): void {
  new Counter({
    name: 'nodejs_eventloop_active_seconds_total',
    help: 'Time in which the main thread was at work.',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(performance.eventLoopUtilization().active / 1000)
    },
  })
}
