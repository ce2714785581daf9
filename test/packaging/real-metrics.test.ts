// /metrics of a real daemon: promtool has no objection, and all that the rules and the dashboard ask for is there.
import test, { type ExecutionContext } from 'ava'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { room } from '../fakes/room.ts'
import { ask } from '../http/listening.ts'
import { httpServer } from '../squadcast/servers.ts'
import { dashboardExpressions, readDashboard } from './dashboard.ts'
import { alerts, objection, withPromtool } from './promtool.ts'

/** The labels that Prometheus itself adds. */
const TARGET = ['job', 'instance']

/** A daemon that has delivered an event, with a task connected, and with something else in Kapacitor's place. */
async function scrapeReal(t: ExecutionContext): Promise<string> {
  const { port } = await httpServer(t, (_, response) => void response.end())
  const made = room(t, `http://127.0.0.1:${port}/webhook`, {
    http: 'bind-address = "127.0.0.1:0"',
    // What is there is no Kapacitor, which is said at once.
    kapacitor: `url = "http://127.0.0.1:${port}"`,
  })
  const daemon = await Daemon.ready(made.config)
  t.teardown(() => daemon.kill())
  const peer = await Peer.task(made.stream, 'cpu', [option('crit', '"usage" > 90')])
  peer.send(point('a', { fieldsDouble: { usage: 99 } }))
  await daemon.logged('delivered')
  await daemon.logged('kapacitor-unreachable')
  const [listening] = await daemon.logged('http-listening')
  return (await ask(listening!.port as number, { method: 'GET', path: '/metrics' })).body
}

let scrape: Promise<string> | undefined
/** Once for all tests of this file. */
const scraped = (t: ExecutionContext): Promise<string> => {
  scrape ??= scrapeReal(t)
  return scrape
}

/** Names of series with the labels that they have. Of a histogram, though nothing was observed yet. */
function seriesIn(exposed: string): Map<string, Set<string>> {
  const series = new Map<string, Set<string>>()
  for (const [, name] of exposed.matchAll(/^# TYPE (\w+) histogram$/gm))
    for (const part of ['bucket', 'sum', 'count']) series.set(`${name}_${part}`, new Set())
  for (const [, name, labels = ''] of exposed.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm))
    series.set(name!, new Set([...labels.matchAll(/(\w+)="/g)].map(([, label]) => label!)))
  return series
}

interface Asked {
  readonly name: string
  readonly labels: readonly string[]
}

const seriesOf = (expr: string): Asked[] =>
  [...expr.matchAll(/\b((?:kapacitor_squadcast|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name, matchers = '']) => ({
      name: name!,
      labels: [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)/g)].map(([, label]) => label!),
    }),
  )

test('all that the rules and the dashboard ask for is in /metrics of a real daemon, with its labels', async t => {
  const series = seriesIn(await scraped(t))
  const asked = [...alerts.map(({ expr }) => expr), ...dashboardExpressions(readDashboard())].flatMap(
    seriesOf,
  )
  t.true(asked.length > 60)
  const missing = asked.filter(({ name, labels }) => {
    const known = series.get(name)
    return !known || labels.some(label => !known.has(label) && !TARGET.includes(label))
  })
  t.deepEqual(missing, [])
})

withPromtool('promtool has no objection to /metrics of a real daemon', async t => {
  t.is(objection(['check', 'metrics'], await scraped(t)), undefined)
})

test('what a daemon has done is in its metrics', async t => {
  const text = await scraped(t)
  const value = (series: string) =>
    Number(
      text
        .split('\n')
        .find(line => line.startsWith(`${series} `))
        ?.split(' ')[1],
    )
  t.is(value('kapacitor_squadcast_events_total{kind="trigger",level="CRITICAL"}'), 1)
  t.is(value('kapacitor_squadcast_deliveries_total{endpoint="default",outcome="delivered"}'), 1)
  t.is(value('kapacitor_squadcast_points_total{task="cpu"}'), 1)
  t.is(value('kapacitor_squadcast_connections{task="cpu"}'), 1)
  t.is(value('kapacitor_squadcast_event_latency_seconds_count'), 1)
  t.true(value('kapacitor_squadcast_event_latency_seconds_sum') > 0)
  t.true(value('kapacitor_squadcast_event_latency_seconds_sum') < 20)
  t.is(value('kapacitor_squadcast_kapacitor_up'), 0)
  t.is(value('kapacitor_squadcast_dead_letters'), 0)
  t.is(value('kapacitor_squadcast_budget_used_requests'), 1)
})
