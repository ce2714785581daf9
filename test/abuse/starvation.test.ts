// More to send than the rate allows, for ever: what is urgent and fresh goes first, and nothing waits for ever.
import test, { type ExecutionContext } from 'ava'
import { Level } from '../../src/incident/level.ts'
import { pending } from '../delivery/pending.ts'
import { accepted, broken, ScriptedDestination } from '../delivery/scripted-destination.ts'
import { endpoint, stage } from '../delivery/stage.ts'
import { mostInOneMinute } from '../delivery/windows.ts'
import { flappingFleet, inOrder, storm, stream, type Waits } from './storm.ts'

const MINUTE = 60_000

function log(t: ExecutionContext, waits: Waits): void {
  for (const sort of waits.sorts()) {
    const [p50, p99, worst] = [0.5, 0.99, 1].map(share => (waits.quantile(share, sort) / 1000).toFixed(0))
    t.log(`${sort}: ${waits.count(sort)} waits, p50 ${p50} s, p99 ${p99} s, worst ${worst} s`)
  }
}

test('behind two new CRITICAL ids a second at a rate of 60, a page waits no longer than promised', async t => {
  const page = { at: 59_000, incident: 'page', what: 'critical', sort: 'page' } as const
  const { waits, left } = await storm({
    rate: 60,
    happenings: inOrder([page], stream('new', 'critical', 500, 10 * MINUTE)),
    until: 30 * MINUTE,
  })
  log(t, waits)
  t.true(waits.overdue <= 0, `${waits.overdue} ms longer`)
  t.true(waits.worst('page') < 240_000)
  t.is(left, 0)
})

for (const rate of [300, 60]) {
  test(`of a fleet of 5,000 flapping ids at a rate of ${rate}, and beside it, nothing waits longer than promised`, async t => {
    const until = 60 * MINUTE
    const { waits, sentAt } = await storm({
      rate,
      happenings: inOrder(
        flappingFleet(5_000, 10 * MINUTE, until),
        stream('fresh', 'critical', 30_000, until, 10 * MINUTE + 7),
        stream('info', 'info', MINUTE, until, 10 * MINUTE + 11),
      ),
      until,
    })
    log(t, waits)
    t.true(waits.overdue <= 0, `${waits.overdue} ms longer`)
    // At 60 the fleet alone has four times more CRITICAL triggers than may be sent.
    if (rate === 300) t.true(waits.worst('fresh') <= 5_000)
    t.true(mostInOneMinute(sentAt) <= rate)
  })
}

test('resolves and INFO go out behind CRITICAL triggers without end, though they use the whole rate', async t => {
  const { waits } = await storm({
    rate: 60,
    happenings: inOrder(
      stream('critical', 'critical', 400, 30 * MINUTE),
      stream('info', 'info', 30_000, 25 * MINUTE, 5 * MINUTE),
      stream('resolve', 'resolve', 30_000, 25 * MINUTE, 5 * MINUTE),
    ),
    until: 30 * MINUTE,
  })
  log(t, waits)
  t.true(waits.overdue <= 0, `${waits.overdue} ms longer`)
})

test('incidents whose events always fail hold back nothing', async t => {
  const { waits } = await storm({
    rate: 60,
    happenings: inOrder(
      stream('poisoned', 'critical', 5_000, 5 * MINUTE),
      stream('critical', 'critical', 1_000, 40 * MINUTE),
      stream('info', 'info', 30_000, 30 * MINUTE, 5 * MINUTE),
    ),
    until: 40 * MINUTE,
    answer: ({ incident }) => (incident.startsWith('poisoned') ? broken : accepted),
  })
  log(t, waits)
  t.true(waits.worst('info') < 20 * MINUTE)
})

test('a shut endpoint is probed with what waits longest, too, while new CRITICAL triggers fail without end', async t => {
  const destination = new ScriptedDestination(t, { healthy: accepted, '*': broken })
  const { clock, offer } = stage([endpoint(destination)])
  await offer(pending({ seq: 0, incident: 'poisoned 0' }), pending({ seq: 1, incident: 'poisoned 1' }))
  await offer(pending({ seq: 2, incident: 'healthy', level: Level.info }))
  for (let seq = 3; seq < 400 && !destination.order.includes('healthy'); seq += 1) {
    await offer(pending({ seq, incident: `poisoned ${seq}` }))
    await clock.advance(500)
  }
  t.true(destination.order.includes('healthy'))
})

test('an endpoint is not held back by CRITICAL triggers without end of another', async t => {
  const busy = new ScriptedDestination(t, { '*': accepted })
  const quiet = new ScriptedDestination(t, { '*': accepted })
  const { clock, offer } = stage([endpoint(busy, { name: 'busy' }), endpoint(quiet, { name: 'quiet' })], {
    rate: 60,
  })
  for (let second = 0; second < 600; second += 1) {
    const seq = second * 10
    await offer(...[1, 2].map(n => pending({ seq: seq + n, endpoint: 'busy', incident: `new ${seq + n}` })))
    const level = Level.info
    if (second % 60 === 0) await offer(pending({ seq, endpoint: 'quiet', incident: `info ${second}`, level }))
    await clock.advance(1_000)
  }
  t.true(quiet.sent.length >= 8, `${quiet.sent.length} of 10`)
})

test('an incident whose events give way to newer ones keeps its place in line', async t => {
  const destination = new ScriptedDestination(t, { '*': accepted })
  const { clock, offer } = stage([endpoint(destination)], { rate: 60 })
  const level = Level.info
  for (let second = 0; second < 600 && !destination.order.includes('changing'); second += 1) {
    const seq = second * 10
    await offer(...[1, 2].map(n => pending({ seq: seq + n, incident: `new ${seq + n}` })))
    if (second >= 60) await offer(pending({ seq, incident: 'changing', level }))
    await clock.advance(1_000)
  }
  t.true(destination.order.includes('changing'))
})
