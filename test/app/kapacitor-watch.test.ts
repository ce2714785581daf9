// When it is said that Kapacitor cannot be reached: not while it may still be starting.
import test from 'ava'
import { KapacitorWatch } from '../../src/app/kapacitor-watch.ts'
import { type KapacitorClient, KapacitorError } from '../../src/kapacitor/client.ts'
import { Revival } from '../../src/kapacitor/revive.ts'
import type { KapacitorTelemetry } from '../../src/telemetry/kapacitor-telemetry.ts'
import { FakeClock } from '../fakes/clock.ts'

const unreachable = () => new KapacitorError('unreachable', 'Kapacitor cannot be reached (ECONNREFUSED)')

function watching() {
  const clock = new FakeClock()
  const said: string[] = []
  const state = { answer: (): Error | undefined => unreachable() }
  const say = (what: string) => () => void said.push(`${clock.monotonicMs() / 1000}s ${what}`)
  const watch = new KapacitorWatch({
    client: {
      tasks: async () => {
        const error = state.answer()
        if (error) throw error
        return []
      },
      close: async () => {},
    } as unknown as KapacitorClient,
    clock,
    outbox: { note: async () => {} },
    revival: new Revival(),
    functions: [],
    dangers: () => [],
    telemetry: {
      ...{ awaited: say('awaited'), unreachable: say('unreachable'), reachable: say('reachable') },
    } as unknown as KapacitorTelemetry,
    beforeRevival: async () => {},
    listed: () => {},
  })
  return { clock, said, state, watch }
}

test('a Kapacitor that starts after the sidecar is no warning, and its absence is one after a minute', async t => {
  const { clock, said, watch } = watching()
  watch.start()
  await clock.advance(59_999)
  t.deepEqual(said, ['0s awaited'])
  t.is(watch.status().isReachable, undefined)
  await clock.advance(60_000)
  t.deepEqual(said, ['0s awaited', '60s unreachable'])
  t.is(watch.status().isReachable, false)
  await watch.stop()
})

test('once it was there its absence is said at once, and once', async t => {
  const { clock, said, state, watch } = watching()
  watch.start()
  await clock.advance(5000)
  state.answer = () => undefined
  await clock.advance(10_000)
  state.answer = unreachable
  await clock.advance(30_000)
  t.deepEqual(
    said.map(line => line.split(' ')[1]),
    ['awaited', 'reachable', 'unreachable'],
  )
  await watch.stop()
})

test('an answer that is none of its own, or a refusal, is said at once', async t => {
  const { clock, said, state, watch } = watching()
  state.answer = () => new KapacitorError('unauthorized', 'it refuses the login')
  watch.start()
  await clock.advance(15_000)
  t.deepEqual(said, ['0s unreachable'])
  await watch.stop()
})
