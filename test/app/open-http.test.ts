// The listener that cannot listen: the sidecar goes on, says so, and tries until it can.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'ava'
import { pino } from 'pino'
import { openHttp } from '../../src/app/open-http.ts'
import type { Overview } from '../../src/app/overview.ts'
import type { PostBox } from '../../src/app/post-box.ts'
import { StopSteps } from '../../src/app/stop-steps.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { Telemetry } from '../../src/telemetry/telemetry.ts'
import { FakeClock } from '../fakes/clock.ts'
import { ask } from '../http/listening.ts'

test('it is tried again every 10 s, until the address is free', async t => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const events: string[] = []
  const heard = Promise.withResolvers<void>()
  const log = pino({ base: null }, { write: line => void take(JSON.parse(line).event) })
  const take = (event: string): void => {
    events.push(event)
    if (event === 'http-listening') heard.resolve()
  }
  const clock = new FakeClock()
  const steps = new StopSteps(clock, (_, error) => t.fail(String(error)))
  t.teardown(() => steps.stop())
  const settings = { bindAddress: { host: '127.0.0.1', port }, token: undefined, hosts: [] }
  const around = { telemetry: new Telemetry(log, new Metrics(), () => 0), clock }
  const postBox = { take: async () => {} } as unknown as PostBox
  await openHttp({ settings, around, postBox, overview: {} as Overview, steps })
  t.deepEqual(events, ['http-cannot-listen'])

  other.close()
  await once(other, 'close')
  await clock.advance(9_999)
  t.deepEqual(events, ['http-cannot-listen'])
  await clock.advance(1)
  await heard.promise
  t.is((await ask(port, { method: 'GET', path: '/readyz' })).body, 'ready\n')
})
