// An outage as an operator sees it afterwards: one line in the log, one row in the history.
import test from 'ava'
import { systemClock } from '../../src/app/system-clock.ts'
import { startStandIn } from '../../src/demo/stand-in.ts'
import { Daemon } from '../fakes/daemon.ts'
import { eventually } from '../fakes/kapacitor.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { room } from '../fakes/room.ts'
import { rows } from '../outbox/stored.ts'

const usage = (value: number) => ({ fieldsDouble: { usage: value } })

test('after an outage one line says from when to when, what came late and what nobody saw', async t => {
  const before = await startStandIn({ clock: systemClock })
  const url = before.url('kapacitor')
  await before.close()
  const { config, stream, store } = room(t, url)
  const first = await Daemon.ready(config)
  t.teardown(() => first.kill())
  const peer = await Peer.task(stream, 'cpu', [option('crit', '"usage" > 90')])
  peer.send(point('a', usage(95), 1))
  await first.logged('endpoint-down', { cause: 'failing' })
  peer.send(point('b', usage(99), 2), point('c', usage(95), 3), point('b', usage(5), 4))
  await peer.answered('point', 4)
  await first.logged('coalesced', { kind: 'resolve' })
  await eventually('the store to know of it', async () => {
    const [outage] = rows(store, 'SELECT unseen FROM outage')
    return outage?.unseen === 1 ? true : undefined
  })
  // A power cut in the middle of it is no end of it.
  await first.kill()

  const standIn = await startStandIn({ clock: systemClock, port: Number(new URL(url).port) })
  t.teardown(() => standIn.close())
  const second = await Daemon.ready(config)
  t.teardown(() => second.kill())
  const [line] = await second.logged('outage-over', { endpoint: 'default' })
  t.like(line, { level: 'warn', cause: 'failing', deliveredLate: 2, unseen: 1, dead: 0 })
  t.is((await second.stop()).code, 0)
  const [row, ...more] = rows(store, 'SELECT * FROM outage')
  t.deepEqual(more, [])
  t.like(row, { endpoint: 'default', cause: 'failing', delivered_late: 2, unseen: 1, dead: 0 })
  t.true((row!.over_at as number) >= (row!.began_at as number))
  t.is(line?.from, new Date(row!.began_at as number).toISOString())
})
