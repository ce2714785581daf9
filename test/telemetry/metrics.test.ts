// What stands in /metrics before anything has happened, and what promtool says of it.
import test from 'ava'
import { openTelemetry } from '../../src/app/open-telemetry.ts'
import { Metrics, type Observed } from '../../src/telemetry/metrics.ts'
import { samplesOf } from './samples.ts'

const OBSERVED: Observed = {
  openIncidents: () => 3,
  endpoints: () => [
    { name: 'default', pending: 0, oldestPendingSeconds: 0, isUp: true, state: 'limited' },
    { name: 'old', pending: 2, oldestPendingSeconds: 7.5, isUp: false, state: 'removed' },
  ],
  budget: () => ({ rate: 300, used: 12 }),
}

test('counters whose labels are known start from zero', async t => {
  const metrics = new Metrics()
  metrics.observe(OBSERVED)
  t.deepEqual(await samplesOf(metrics, 'events_total', 'kind', 'level'), {
    'trigger INFO': 0,
    'trigger WARNING': 0,
    'trigger CRITICAL': 0,
    'resolve OK': 0,
  })
  const deliveries = await samplesOf(metrics, 'deliveries_total', 'endpoint', 'outcome')
  t.is(Object.keys(deliveries).length, 12)
  t.is(deliveries['old dead'], 0)
  t.deepEqual(await samplesOf(metrics, 'reloads_total', 'outcome'), { done: 0, refused: 0 })
  t.deepEqual(await samplesOf(metrics, 'task_revivals_total'), { '': 0 })
})

test('what was counted before it is read is not lost by its start from zero', async t => {
  const metrics = new Metrics()
  metrics.deliveries.inc({ endpoint: 'default', outcome: 'delivered' }, 4)
  metrics.observe(OBSERVED)
  const deliveries = await samplesOf(metrics, 'deliveries_total', 'endpoint', 'outcome')
  t.is(deliveries['default delivered'], 4)
})

test('each endpoint is in one of its states', async t => {
  const metrics = new Metrics()
  metrics.observe(OBSERVED)
  const states = await samplesOf(metrics, 'endpoint_state', 'endpoint', 'state')
  t.deepEqual(
    Object.entries(states).filter(([, value]) => value === 1),
    [
      ['default limited', 1],
      ['old removed', 1],
    ],
  )
  t.deepEqual(await samplesOf(metrics, 'endpoint_up', 'endpoint'), { default: 1, old: 0 })
})

test('Kapacitor is neither up nor down before anybody has asked it', async t => {
  const metrics = new Metrics()
  let isReachable: boolean | undefined
  metrics.observeKapacitor({ isReachable: () => isReachable, tasks: () => new Map([['alive', 2]]) })
  t.deepEqual(await samplesOf(metrics, 'kapacitor_up'), {})
  isReachable = false
  t.deepEqual(await samplesOf(metrics, 'kapacitor_up'), { '': 0 })
  isReachable = true
  t.deepEqual(await samplesOf(metrics, 'kapacitor_up'), { '': 1 })
  t.deepEqual(await samplesOf(metrics, 'tasks', 'state'), { alive: 2 })
})

test('the process says what it is, and how busy, and nothing that promtool objects to', async t => {
  const { metrics } = openTelemetry({ level: 'silent', format: 'json' }, { isTerminal: false, colour: false })
  const text = await metrics.registry.metrics()
  t.regex(text, /^kapacitor_squadcast_build_info\{version="\d+\.\d+\.\d+[^"]*",node="v\d+[^"]*"\} 1$/m)
  t.regex(text, /^process_resident_memory_bytes [1-9]/m)
  t.regex(text, /^nodejs_eventloop_active_seconds_total (?!0\n)/m)
  t.regex(text, /^kapacitor_squadcast_malformed_messages_total\{code="frame-too-long"\} 0$/m)
  t.notRegex(text, /^# TYPE \S+_total gauge$/m)
  t.notRegex(text, /^nodejs_eventloop_lag/m)
})
