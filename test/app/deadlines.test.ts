// What happens by time alone, or only after a time, in the whole app and over its restarts: held resolves, silence,
// telling again. The rules themselves are tested with the book.
import test from 'ava'
import { lasting, option } from '../fakes/peer.ts'
import { flag } from '../fakes/requests.ts'
import { received, Sidecar } from './sidecar.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const LEVELS = [option('crit', '"usage" > 90'), option('warn', '"usage" > 70')]
const [CRITICAL, WARNING, OK] = [95, 75, 5]

const TRIGGER = 'trigger cpu:cpu:host=a CRITICAL'
const RESOLVE = 'resolve cpu:cpu:host=a OK'

const DELAYED = [...LEVELS, lasting('recoveryDelay', MINUTE)]

test('a resolve is held until it is due, and then arrives', async t => {
  const sidecar = await Sidecar.start(t)
  const node = await sidecar.node(DELAYED)
  await node.says('a', CRITICAL)
  await sidecar.pass(10 * SECOND)
  await node.says('a', OK)
  await sidecar.pass(MINUTE - 1)
  t.deepEqual(sidecar.told, [TRIGGER])
  t.is(sidecar.status.openIncidents, 1)
  await sidecar.pass(1)
  t.deepEqual(received(sidecar.receiver), [TRIGGER, RESOLVE])
  t.is(sidecar.status.openIncidents, 0)
})

test('back before the resolve is due: nothing is told, and its own recovery is held anew', async t => {
  const sidecar = await Sidecar.start(t)
  const node = await sidecar.node(DELAYED)
  await node.says('a', CRITICAL)
  await node.says('a', OK)
  await sidecar.pass(MINUTE - SECOND)
  await node.says('a', WARNING)
  await sidecar.pass(HOUR)
  t.deepEqual(sidecar.told, [TRIGGER])
  await node.says('a', OK)
  await sidecar.pass(MINUTE)
  t.deepEqual(received(sidecar.receiver), [TRIGGER, RESOLVE])
})

test('back before the resolve is due, above what was told: that is told', async t => {
  const sidecar = await Sidecar.start(t)
  const node = await sidecar.node(DELAYED)
  for (const usage of [WARNING, OK, CRITICAL]) await node.says('a', usage)
  await sidecar.pass(HOUR)
  t.deepEqual(received(sidecar.receiver), ['trigger cpu:cpu:host=a WARNING', TRIGGER])
})

test('a restart neither forgets a held resolve, nor tells it early, nor twice', async t => {
  const sidecar = await Sidecar.start(t)
  const node = await sidecar.node(DELAYED)
  await node.says('a', CRITICAL)
  await node.says('a', OK)
  await sidecar.pass(20 * SECOND)
  await sidecar.restart(20 * SECOND)
  await sidecar.pass(20 * SECOND - 1)
  t.deepEqual(sidecar.told, [TRIGGER])
  await sidecar.pass(SECOND)
  await sidecar.restart()
  await sidecar.pass(HOUR)
  t.deepEqual(received(sidecar.receiver), [TRIGGER, RESOLVE])
})

test('a resolve that fell due while the daemon was away is told when it is back, once', async t => {
  const sidecar = await Sidecar.start(t)
  const node = await sidecar.node(DELAYED)
  await node.says('a', CRITICAL)
  await node.says('a', OK)
  await sidecar.delivered()
  await sidecar.restart(HOUR)
  await sidecar.pass(HOUR)
  t.deepEqual(received(sidecar.receiver), [TRIGGER, RESOLVE])
})

test('an incident that is back after a restart takes the held resolve away, over the next restart too', async t => {
  const sidecar = await Sidecar.start(t)
  const before = await sidecar.node(DELAYED)
  await before.says('a', CRITICAL)
  await before.says('a', OK)
  await sidecar.delivered()
  await sidecar.restart(30 * SECOND)
  const after = await sidecar.node(DELAYED)
  await after.says('a', CRITICAL)
  await sidecar.restart(HOUR)
  await sidecar.pass(HOUR)
  t.deepEqual(received(sidecar.receiver), [TRIGGER])
  t.is(sidecar.status.openIncidents, 1)
})

const WATCHED = [...LEVELS, lasting('recoverWhenSilent', MINUTE)]

test('an incident closes when its node was silent for the time, and not a moment before', async t => {
  const sidecar = await Sidecar.start(t)
  const node = await sidecar.node(WATCHED)
  await sidecar.pass(300)
  await node.says('a', CRITICAL)
  await sidecar.pass(MINUTE - 1)
  t.deepEqual(sidecar.told, [TRIGGER])
  await node.says('a', WARNING)
  await sidecar.pass(MINUTE - 1)
  t.deepEqual(sidecar.told, [TRIGGER])
  await sidecar.pass(SECOND)
  t.deepEqual(received(sidecar.receiver), [TRIGGER, RESOLVE])
  await node.says('a', CRITICAL)
  t.deepEqual(sidecar.told, [TRIGGER, RESOLVE, TRIGGER])
})

test('silence does not count while the node is away, or the daemon', async t => {
  const sidecar = await Sidecar.start(t)
  const first = await sidecar.node(WATCHED)
  await first.says('a', CRITICAL)
  await sidecar.pass(40 * SECOND)
  await first.leave()
  await sidecar.pass(HOUR)
  await sidecar.restart(HOUR)
  await sidecar.pass(HOUR)
  t.deepEqual(sidecar.told, [TRIGGER])
  const second = await sidecar.node(WATCHED)
  await sidecar.pass(19 * SECOND)
  await second.says('a', WARNING)
  await sidecar.pass(59 * SECOND)
  t.deepEqual(sidecar.told, [TRIGGER])
  await sidecar.pass(2 * SECOND)
  t.deepEqual(received(sidecar.receiver), [TRIGGER, RESOLVE])
})

test('a node that connects again and again was not silent meanwhile', async t => {
  const sidecar = await Sidecar.start(t)
  const options = [...LEVELS, lasting('recoverWhenSilent', 5 * SECOND)]
  const first = await sidecar.node(options)
  await first.says('a', CRITICAL)
  await first.leave()
  for (let time = 0; time < 10; time++) {
    await sidecar.pass(600)
    const again = await sidecar.node(options)
    await sidecar.pass(400)
    await again.leave()
  }
  t.deepEqual(sidecar.told, [TRIGGER])
})

test('a restart in a silence forgets less than ten seconds of it, and closes once', async t => {
  const sidecar = await Sidecar.start(t)
  const before = await sidecar.node(WATCHED)
  await before.says('a', CRITICAL)
  await sidecar.pass(49 * SECOND)
  await sidecar.restart(HOUR)
  await sidecar.node(WATCHED)
  await sidecar.pass(11 * SECOND - 1)
  t.deepEqual(sidecar.told, [TRIGGER])
  await sidecar.pass(10 * SECOND)
  t.deepEqual(sidecar.told, [TRIGGER, RESOLVE])
  await sidecar.restart(HOUR)
  await sidecar.node(WATCHED)
  await sidecar.pass(HOUR)
  t.deepEqual(received(sidecar.receiver), [TRIGGER, RESOLVE])
})

test('with noRecoveries silence closes without a word, and what comes then is a new incident', async t => {
  const sidecar = await Sidecar.start(t)
  const options = [...WATCHED, flag('noRecoveries')]
  const before = await sidecar.node(options)
  await before.says('a', CRITICAL)
  await sidecar.delivered()
  await sidecar.restart()
  const after = await sidecar.node(options)
  await sidecar.pass(MINUTE + SECOND)
  t.is(sidecar.status.openIncidents, 0)
  await after.says('a', CRITICAL)
  await sidecar.delivered()
  t.deepEqual(received(sidecar.receiver), [TRIGGER, TRIGGER])
})

test('with noRecoveries there is no delay, and nothing is told of a recovery', async t => {
  const sidecar = await Sidecar.start(t)
  const node = await sidecar.node([...DELAYED, flag('noRecoveries')])
  await node.says('a', CRITICAL)
  await node.says('a', OK)
  t.is(sidecar.status.openIncidents, 0)
  await sidecar.pass(HOUR)
  t.deepEqual(received(sidecar.receiver), [TRIGGER])
})

const AGAIN = [...LEVELS, lasting('stateChangesOnly', 10 * MINUTE)]

test('with stateChangesOnly, no time tells again but the first point after it that is not OK', async t => {
  const sidecar = await Sidecar.start(t)
  const node = await sidecar.node(AGAIN)
  await node.says('a', CRITICAL)
  await sidecar.pass(10 * MINUTE - 1)
  await node.says('a', CRITICAL)
  await sidecar.pass(HOUR)
  t.deepEqual(sidecar.told, [TRIGGER])
  await node.says('a', WARNING)
  await node.says('a', CRITICAL)
  await sidecar.delivered()
  t.deepEqual(received(sidecar.receiver), [TRIGGER, 'trigger cpu:cpu:host=a WARNING'])
})

test('the time of stateChangesOnly goes on while the daemon is away, and begins anew when it told', async t => {
  const sidecar = await Sidecar.start(t)
  const first = await sidecar.node(AGAIN)
  await first.says('a', CRITICAL)
  await sidecar.delivered()
  await sidecar.restart(9 * MINUTE)
  const second = await sidecar.node(AGAIN)
  await second.says('a', CRITICAL)
  t.deepEqual(sidecar.told, [TRIGGER])
  await sidecar.restart(MINUTE)
  const third = await sidecar.node(AGAIN)
  await third.says('a', CRITICAL)
  await sidecar.pass(9 * MINUTE)
  await sidecar.restart()
  const fourth = await sidecar.node(AGAIN)
  await fourth.says('a', CRITICAL)
  await sidecar.delivered()
  t.deepEqual(received(sidecar.receiver), [TRIGGER, TRIGGER])
})

const STORAGE = '[[endpoint]]\nname = "storage"\nurl = "URL"\nmin-level = "WARNING"'

for (const [who, options] of [
  ['the node', [option('minLevel', 'CRITICAL')]],
  ['the endpoint', [option('endpoint', 'strict')]],
  ['the node, above that of its endpoint', [option('endpoint', 'storage'), option('minLevel', 'CRITICAL')]],
  ['the endpoint, above that of the node', [option('endpoint', 'strict'), option('minLevel', 'WARNING')]],
] as const)
  test(`below the lowest level of ${who} there is no incident, and a fall below it recovers, held too`, async t => {
    const strict = '[[endpoint]]\nname = "strict"\nurl = "URL"\nmin-level = "CRITICAL"'
    const sidecar = await Sidecar.start(t, { more: `${STORAGE}\n${strict}` })
    const node = await sidecar.node([...DELAYED, ...options])
    await node.says('a', WARNING)
    t.is(sidecar.status.openIncidents, 0)
    await node.says('a', CRITICAL)
    await node.says('a', WARNING)
    await sidecar.pass(MINUTE - 1)
    t.deepEqual(sidecar.told, [TRIGGER])
    await sidecar.pass(1)
    t.deepEqual(received(sidecar.receiver), [TRIGGER, RESOLVE])
  })
