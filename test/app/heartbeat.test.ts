// When the dead-man's switch is called, on a clock that only the test moves.
import test from 'ava'
import { Heartbeat } from '../../src/app/heartbeat.ts'
import { Secret } from '../../src/config/secret.ts'
import type { EndpointState } from '../../src/delivery/status.ts'
import { deliveryWorks } from '../../src/delivery/status.ts'
import { FakeClock } from '../fakes/clock.ts'

const settings = (url = 'https://heartbeat.test/1') => ({ url: new Secret(url), everyMs: 60_000 })

function scene() {
  const clock = new FakeClock()
  const around = { works: true, fails: false }
  const calls: string[] = []
  const told: string[] = []
  const heartbeat = new Heartbeat({
    clock,
    works: () => around.works,
    async call(url) {
      calls.push(url)
      if (around.fails) throw new Error('it was answered with 500')
    },
    told: {
      heartbeatFailed: error => told.push((error as Error).message),
      heartbeatSilent: isSilent => told.push(isSilent ? 'silent' : 'again'),
      heartbeatNoMore: () => told.push('no more'),
    },
  })
  return { clock, around, calls, told, heartbeat }
}

test('it is called at once and then as often as asked', async t => {
  const { clock, calls, told, heartbeat } = scene()
  heartbeat.configure(settings())
  await clock.advance(120_000)
  t.is(calls.length, 3)
  t.deepEqual(told, [])
})

test('it is silent while delivery does not work, and says so once', async t => {
  const { clock, around, calls, told, heartbeat } = scene()
  heartbeat.configure(settings())
  around.works = false
  await clock.advance(180_000)
  t.is(calls.length, 1)
  around.works = true
  await clock.advance(60_000)
  t.is(calls.length, 2)
  t.deepEqual(told, ['silent', 'again'])
})

test('a call that fails is told once, and made again', async t => {
  const { clock, around, calls, told, heartbeat } = scene()
  around.fails = true
  heartbeat.configure(settings())
  await clock.advance(120_000)
  t.is(calls.length, 3)
  t.deepEqual(told, ['it was answered with 500'])
})

test('one that is taken away while it is silent is silent no more', async t => {
  const { clock, around, told, heartbeat } = scene()
  around.works = false
  heartbeat.configure(settings())
  heartbeat.configure(undefined)
  t.deepEqual(told, ['silent', 'no more'])
  around.works = true
  heartbeat.configure(settings())
  await clock.advance(60_000)
  t.deepEqual(told, ['silent', 'no more'])
})

test('new settings hold at once, none end it, and no timer is left', async t => {
  const { clock, calls, heartbeat } = scene()
  heartbeat.configure(settings())
  heartbeat.configure(settings('https://heartbeat.test/2'))
  t.deepEqual(calls, ['https://heartbeat.test/1', 'https://heartbeat.test/2'])
  t.is(clock.waiting, 1)
  heartbeat.configure(undefined)
  t.is(clock.waiting, 0)
})

test('delivery works while each endpoint takes what it gets', t => {
  const works = (...states: [EndpointState, number?][]) =>
    deliveryWorks({
      endpoints: states.map(([state, pending = 0]) => ({ name: state, state, pending, inFlight: 0 })),
      budget: {} as never,
    })
  t.true(works(['up', 7], ['limited', 7], ['removed']))
  t.false(works(['up'], ['failing']))
  t.false(works(['blocked']))
  t.false(works(['removed', 1]), 'what waits for an endpoint that is not configured reaches nobody')
})
