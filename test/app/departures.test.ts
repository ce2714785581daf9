// Nodes that can never speak again: gone from their script, or telling another endpoint now. What they held open
// closes, and nothing else does.
import test, { type ExecutionContext } from 'ava'
import { lasting, option } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import { flag } from '../fakes/requests.ts'
import { received, Sidecar } from './sidecar.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const CRIT = [option('crit', '"usage" > 90')]
const [CRITICAL, OK] = [95, 5]

const trigger = (host: string): string => `trigger cpu:cpu:host=${host} CRITICAL`
const resolve = (host: string): string => `resolve cpu:cpu:host=${host} OK`

const [STAYS, GOES] = ['squadcast2', 'squadcast4']

test('what a node held open that is gone from its script resolves, and the resolve says why', async t => {
  const sidecar = await Sidecar.start(t)
  const stays = await sidecar.node(CRIT, STAYS)
  const goes = await sidecar.node(CRIT, GOES)
  await stays.says('a', CRITICAL)
  await goes.says('b', CRITICAL)
  await sidecar.pass(HOUR)
  await goes.leave()
  await sidecar.pass(6 * MINUTE - SECOND)
  t.deepEqual(sidecar.told, [trigger('a'), trigger('b')])
  await sidecar.pass(2 * SECOND)
  t.deepEqual(sidecar.told, [trigger('a'), trigger('b'), resolve('b')])
  t.is(
    sidecar.receiver.bodies[2]?.message,
    'cpu:cpu:host=b is OK: its node is no longer in the script of its task',
  )
  await sidecar.pass(HOUR)
  t.is(sidecar.status.openIncidents, 1)
})

test('a node that vanished while the daemon was away is missed once its task has run for six minutes', async t => {
  const sidecar = await Sidecar.start(t)
  const goes = await sidecar.node(CRIT, GOES)
  await goes.says('b', CRITICAL)
  await sidecar.delivered()
  await sidecar.restart(HOUR)
  await sidecar.node(CRIT, STAYS)
  await sidecar.pass(6 * MINUTE - SECOND)
  t.deepEqual(sidecar.told, [trigger('b')])
  await sidecar.pass(2 * SECOND)
  await sidecar.restart()
  await sidecar.node(CRIT, STAYS)
  await sidecar.pass(HOUR)
  t.deepEqual(received(sidecar.receiver), [trigger('b'), resolve('b')])
})

test('nothing closes while the whole task is away, or while a node is back before it is missed', async t => {
  const sidecar = await Sidecar.start(t)
  const nodes = [await sidecar.node(CRIT, STAYS), await sidecar.node(CRIT, GOES)]
  await nodes[0]!.says('a', CRITICAL)
  await nodes[1]!.says('b', CRITICAL)
  await sidecar.pass(HOUR)
  for (const node of nodes) await node.leave()
  await sidecar.pass(HOUR)
  await sidecar.node(CRIT, STAYS)
  await sidecar.pass(6 * MINUTE - SECOND)
  await sidecar.node(CRIT, GOES)
  await sidecar.pass(HOUR)
  t.deepEqual(sidecar.told, [trigger('a'), trigger('b')])
})

test('an incident that another task holds up too stays open without the node that is gone', async t => {
  const sidecar = await Sidecar.start(t)
  const shared = [...CRIT, option('id', 'shared')]
  await sidecar.node(CRIT, STAYS)
  const goes = await sidecar.node(shared, GOES)
  const other = await sidecar.node(shared, STAYS, 'memory')
  await goes.says('b', CRITICAL)
  await other.says('b', CRITICAL)
  await goes.leave()
  await sidecar.pass(HOUR)
  t.deepEqual(sidecar.told, ['trigger shared CRITICAL', 'trigger shared CRITICAL'])
  await other.says('b', OK)
  await sidecar.delivered()
  t.is(sidecar.told[2], 'resolve shared OK')
})

test('with noRecoveries what is gone closes without a word', async t => {
  const sidecar = await Sidecar.start(t)
  await sidecar.node(CRIT, STAYS)
  const goes = await sidecar.node([...CRIT, flag('noRecoveries')], GOES)
  await goes.says('b', CRITICAL)
  await goes.leave()
  await sidecar.pass(6 * MINUTE + SECOND)
  t.is(sidecar.status.openIncidents, 0)
  t.deepEqual(received(sidecar.receiver), [trigger('b')])
})

/** A sidecar with a second endpoint, and what receives there. */
async function withStorage(t: ExecutionContext): Promise<{ sidecar: Sidecar; storage: Receiver }> {
  const storage = await Receiver.listen()
  t.teardown(() => storage.close())
  const more = `[[endpoint]]\nname = "storage"\nurl = "${storage.url}"\ncoalesce = false`
  return { sidecar: await Sidecar.start(t, { more }), storage }
}

test('a node that tells another endpoint than before leaves nothing open at the old one', async t => {
  const { sidecar, storage } = await withStorage(t)
  const before = await sidecar.node(CRIT)
  await before.says('a', CRITICAL)
  await sidecar.delivered()
  await sidecar.restart(HOUR)
  const after = await sidecar.node([...CRIT, option('endpoint', 'storage')])
  await after.says('a', CRITICAL)
  await sidecar.delivered()
  t.deepEqual(received(sidecar.receiver), [trigger('a'), resolve('a')])
  t.is(sidecar.receiver.bodies[1]?.message, 'cpu:cpu:host=a is OK: its task now tells another endpoint')
  await after.says('a', OK)
  await sidecar.delivered()
  t.deepEqual(received(storage), [trigger('a'), resolve('a')])
  t.is(sidecar.status.openIncidents, 0)
})

test('a resolve that is held for the old endpoint is told there when it is due', async t => {
  const { sidecar, storage } = await withStorage(t)
  const delayed = [...CRIT, lasting('recoveryDelay', MINUTE)]
  const before = await sidecar.node(delayed)
  await before.says('a', CRITICAL)
  await before.says('a', OK)
  await before.leave()
  const after = await sidecar.node([...delayed, option('endpoint', 'storage')])
  await after.says('a', CRITICAL)
  await sidecar.pass(MINUTE)
  t.deepEqual(received(sidecar.receiver), [trigger('a'), resolve('a')])
  t.deepEqual(received(storage), [trigger('a')])
})
