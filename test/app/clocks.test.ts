// Clocks that are wrong, from the points of a task to the receiver: those of the points, and the machine's.
import test from 'ava'
import { option } from '../fakes/peer.ts'
import { received, Sidecar } from './sidecar.ts'

const CRIT = option('crit', '"usage" > 90')
const YEAR = 31_536_000
const DAY_MS = 86_400_000

test('points out of order or years off are told in the order they came, and last no less than nothing', async t => {
  const sidecar = await Sidecar.start(t)
  const node = await sidecar.node([CRIT])
  const seconds = [0, -40 * YEAR, 200 * YEAR, 1, -1, 10 * YEAR, 5, -10 * YEAR]
  for (const [index, second] of seconds.entries()) await node.says('a', index % 2 ? 5 : 95, second)
  await sidecar.delivered()
  const pair = ['trigger cpu:cpu:host=a CRITICAL', 'resolve cpu:cpu:host=a OK']
  t.deepEqual(received(sidecar.receiver), [...pair, ...pair, ...pair, ...pair])
  t.true(sidecar.receiver.bodies.every(({ duration }) => BigInt(duration as number | bigint) >= 0n))
})

test('a wall clock that jumps between points changes nothing of what is told, and nothing waits for it', async t => {
  const sidecar = await Sidecar.start(t)
  const node = await sidecar.node([CRIT])
  for (const jump of [DAY_MS, -3_650 * DAY_MS, 7_300 * DAY_MS, -DAY_MS]) {
    await node.says('a', 95)
    sidecar.clock.jumpWall(jump)
    await node.says('a', 5)
    await sidecar.delivered()
  }
  t.is(received(sidecar.receiver).length, 8)
  await sidecar.restart()
  t.is(sidecar.status.delivery.endpoints[0]?.pending ?? 0, 0)
  t.is(sidecar.status.openIncidents, 0)
})
