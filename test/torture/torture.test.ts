// The short form of `npm run torture`: a dozen crashes, one at each named step among them, and what came of them.
import test from 'ava'
import { FAULT_POINTS } from '../../src/outbox/fault-point.ts'
import { Daemon } from '../fakes/daemon.ts'
import { room } from '../fakes/room.ts'
import { wrongs } from './audit.ts'
import { torture } from './torture.ts'

for (const coalesce of [false, true]) {
  const how = coalesce ? 'with' : 'without'
  test.serial(
    `killed at every step and at any moment, ${how} coalescing: nothing is lost or out of order`,
    async t => {
      t.timeout(300_000)
      const { audit, deaths, troubles } = await torture(t, { kills: 12, seed: coalesce ? 2 : 1, coalesce })
      t.log(deaths, {
        promised: audit.promised,
        accepted: audit.accepted,
        duplicated: audit.duplicated,
        coalesced: audit.coalesced,
      })
      t.deepEqual([...wrongs(audit), ...troubles], [])
      t.deepEqual(
        FAULT_POINTS.filter(point => !deaths[point]),
        [],
        'each step was reached',
      )
      t.true(audit.promised > 100 && audit.coalesced > 0 === coalesce)
    },
  )
}

test('a fault that nobody knows keeps the daemon from starting, so that no proof passes for want of it', async t => {
  const { config } = room(t, 'http://127.0.0.1:1/hook')
  const daemon = new Daemon(config, { KAPACITOR_SQUADCAST_FAULT: 'before-lunch:3' })
  t.teardown(() => daemon.kill())
  t.is((await daemon.exited).code, 1)
  const [line] = daemon.lines('start-failed')
  t.is(line?.code, 'no-such-fault')
  t.true(line?.msg?.includes('before-commit'))
})
