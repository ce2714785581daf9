// A held resolve in the life of a real process: killed while it waits, started again, told when it is due.
import test from 'ava'
import { systemClock } from '../../src/app/system-clock.ts'
import { startStandIn } from '../../src/demo/stand-in.ts'
import { Daemon } from '../fakes/daemon.ts'
import { lasting, option, Peer, point } from '../fakes/peer.ts'
import type { Post } from '../fakes/posts.ts'
import { flag } from '../fakes/requests.ts'
import { room } from '../fakes/room.ts'

/** Longer than a daemon takes to start, on most machines: so it is due in the life of the second. */
const DELAY_MS = 3000
// What is passed through comes back after its commit: so it shows that the resolve is held, on the disk.
const OPTIONS = [option('crit', '"usage" > 90'), lasting('recoveryDelay', DELAY_MS), flag('passThrough')]
const usage = (value: number) => ({ fieldsDouble: { usage: value } })

test('killed while a resolve is held, started again: it is told once, and not before it is due', async t => {
  const standIn = await startStandIn({ clock: systemClock })
  t.teardown(() => standIn.close())
  const { config, stream } = room(t, standIn.url('kapacitor'), { endpoint: 'coalesce = false' })
  const daemon = async (): Promise<Daemon> => {
    const started = await Daemon.ready(config)
    t.teardown(() => started.kill())
    return started
  }
  const resolves = () => standIn.requests.filter(({ body }) => (body as Post).level === 'OK')

  const first = await daemon()
  const before = await Peer.task(stream, 'cpu', OPTIONS)
  before.send(point('a', usage(95)))
  await first.logged('delivered')
  const recoveredAt = systemClock.wallMs()
  before.send(point('a', usage(5), 1))
  await before.answered('point', 2)
  await first.kill()
  t.is(resolves().length, 0)

  const second = await daemon()
  t.is(second.lines('loaded', { incidents: 1, pending: 0 }).length, 1)
  await second.logged('delivered', { incident: 'cpu:cpu:host=a' })
  t.true(resolves()[0]!.at >= recoveredAt + DELAY_MS)
  t.like(resolves()[0]!.body, { id: 'cpu:cpu:host=a', duration: 1_000_000_000 })
  t.is(standIn.ledger.open().length, 0)
  await second.stop()

  const third = await daemon()
  t.is(third.lines('loaded', { incidents: 0, pending: 0 }).length, 1)
  const after = await Peer.task(stream, 'cpu', OPTIONS)
  after.send(point('b', usage(95), 2))
  await third.logged('delivered', { incident: 'cpu:cpu:host=b' })
  t.is(resolves().length, 1)
})
