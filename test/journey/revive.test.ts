// The sidecar as a process beside a scripted Kapacitor: whichever starts first, and whichever is restarted, its tasks
// are alive again soon, and nothing is told twice.
import test, { type ExecutionContext } from 'ava'
import { Daemon } from '../fakes/daemon.ts'
import { ScriptedKapacitor } from '../fakes/kapacitor-api.ts'
import { option, type Peer } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import { room } from '../fakes/room.ts'
import { deadPort } from '../squadcast/servers.ts'

const CRITICAL = 95
const OK = 10
const LEVELS = [option('crit', '"usage" > 90')]
const ALIVE_WITHIN_MS = 15_000

async function scene(t: ExecutionContext, keys = '') {
  t.timeout(90_000)
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const port = await deadPort()
  const folder = room(t, receiver.url, {
    endpoint: 'coalesce = false',
    kapacitor: `url = "http://127.0.0.1:${port}"\n${keys}`,
  })
  const kapacitor = new ScriptedKapacitor(folder.stream, port)
  t.teardown(() => kapacitor.stop())
  const startSidecar = async (): Promise<Daemon> => {
    const daemon = await Daemon.ready(folder.config)
    t.teardown(() => daemon.kill())
    return daemon
  }
  const told = (): string[] => receiver.bodies.map(({ id, level }) => `${id} ${level}`)
  return { kapacitor, receiver, startSidecar, told }
}

/** Resolves once a daemon has on disk that it heard the task: what came later is. */
async function heard(daemon: Daemon, kapacitor: ScriptedKapacitor, task: string): Promise<Peer> {
  const peer = await kapacitor.connected(task)
  await kapacitor.write(task, 'heard', CRITICAL)
  await daemon.logged('delivered', { incident: `${task}:cpu:host=heard` })
  return peer
}

for (const first of ['sidecar', 'Kapacitor', 'both'] as const)
  test(`tasks connect by themselves and none is touched: ${first} first`, async t => {
    const { kapacitor, startSidecar, receiver, told } = await scene(t)
    kapacitor.define('cpu', LEVELS)
    kapacitor.define('mem', LEVELS)
    const sidecar = first === 'sidecar' ? await startSidecar() : undefined
    const started = kapacitor.start()
    // Kapacitor waits for Info, and dials again and again.
    if (first === 'Kapacitor') await kapacitor.until('its dialing', () => kapacitor.dials > 2)
    const daemon = sidecar ?? (await startSidecar())
    await started
    await kapacitor.connected('cpu')
    await kapacitor.connected('mem')
    await kapacitor.write('cpu', 'a', CRITICAL)
    await receiver.received(({ level }) => level === 'CRITICAL')
    t.deepEqual(told(), ['cpu:cpu:host=a CRITICAL'])
    t.is(daemon.lines('task-revived').length, 0)
    t.deepEqual(kapacitor.patches, [])
  })

test('a sidecar that is killed finds its tasks alive again, under load, and tells nothing twice', async t => {
  const { kapacitor, startSidecar, told } = await scene(t)
  for (let n = 0; n < 12; n++) kapacitor.define(`t${n}`, LEVELS)
  kapacitor.define('off', LEVELS, 'disabled')
  const first = await startSidecar()
  await kapacitor.start()
  const peers = new Map([...kapacitor.tasks.values()].map(({ id, peer }) => [id, peer]))
  for (let n = 0; n < 12; n++) peers.set(`t${n}`, await kapacitor.connected(`t${n}`))
  for (let n = 0; n < 12; n++) await kapacitor.write(`t${n}`, 'a', CRITICAL)
  await first.logged('delivered', {}, 12)
  await first.kill()
  const sidecar = await startSidecar()
  const ready = performance.now()
  // What is busy goes on as soon as it can, what is idle says nothing.
  for (let n = 0; n < 12; n++) {
    await kapacitor.connected(`t${n}`, peers.get(`t${n}`))
    if (n % 2 === 0) for (let more = 0; more < 20; more++) await kapacitor.write(`t${n}`, 'a', CRITICAL)
  }
  const took = Math.round(performance.now() - ready)
  t.log(`all alive ${took} ms after ready`)
  t.true(took < ALIVE_WITHIN_MS)
  for (let n = 0; n < 12; n++) await kapacitor.write(`t${n}`, 'a', OK)
  await sidecar.logged('delivered', { kind: 'resolve' }, 12)
  for (let n = 0; n < 12; n++) {
    const id = `t${n}:cpu:host=a`
    t.deepEqual([...new Set(told().filter(text => text.startsWith(id)))], [`${id} CRITICAL`, `${id} OK`])
    t.is(kapacitor.patches.filter(patch => patch === `t${n} enabled`).length, 1)
  }
  t.is(sidecar.lines('trigger').length, 0)
  t.is(sidecar.lines('task-revived').length, 12)
  t.deepEqual(kapacitor.panics, [])
  t.is(kapacitor.patches.filter(patch => patch.startsWith('off')).length, 0)
})

for (const [moment, when] of [
  ['before the first PATCH arrives', 'before'],
  ['after the first PATCH, before its answer', 'after'],
] as const)
  test(`killed ${moment}, the next daemon leaves no task disabled`, async t => {
    const { kapacitor, startSidecar } = await scene(t)
    kapacitor.define('cpu', LEVELS)
    const first = await startSidecar()
    await kapacitor.start()
    const peer = await heard(first, kapacitor, 'cpu')
    await first.kill()
    const second = await startSidecar()
    const killed = new Promise<void>(resolve => {
      kapacitor.onPatch = (at, patch) => {
        if (at !== when || patch !== 'cpu disabled') return
        kapacitor.onPatch = () => {}
        resolve(second.kill().then(() => {}))
      }
    })
    await killed
    const third = await startSidecar()
    await kapacitor.connected('cpu', peer)
    t.is(kapacitor.tasks.get('cpu')!.status, 'enabled')
    await third.logged('task-revived', { task: 'cpu' })
    t.deepEqual(kapacitor.panics, [])
  })

test('killed between the PATCHes, and a person has disabled the task since: it stays so', async t => {
  const { kapacitor, startSidecar } = await scene(t)
  kapacitor.define('cpu', LEVELS)
  const first = await startSidecar()
  await kapacitor.start()
  await heard(first, kapacitor, 'cpu')
  await first.kill()
  const second = await startSidecar()
  await new Promise<void>(resolve => {
    kapacitor.onPatch = (at, patch) => {
      if (at !== 'before' || patch !== 'cpu enabled') return
      kapacitor.onPatch = () => {}
      // The PATCH that is on its way is lost with the sidecar, as far as Kapacitor is concerned.
      kapacitor.tasks.get('cpu')!.status = 'enabled'
      resolve(second.kill().then(() => {}))
    }
  })
  await kapacitor.patch('cpu', 'disabled')
  const third = await startSidecar()
  // Once this one is revived, the other was looked at more than once.
  kapacitor.define('mem', LEVELS)
  const mem = await heard(third, kapacitor, 'mem')
  await mem.vanish()
  await third.logged('task-revived', { task: 'mem' })
  await kapacitor.connected('mem', mem)
  t.is(kapacitor.tasks.get('cpu')!.status, 'disabled')
  t.is(third.lines('task-revived', { task: 'cpu' }).length, 0)
  t.deepEqual(kapacitor.panics, [])
})

test('a Kapacitor that is restarted brings its tasks back itself; while it is away that is said once', async t => {
  const { kapacitor, startSidecar, receiver } = await scene(t)
  kapacitor.define('cpu', LEVELS)
  const sidecar = await startSidecar()
  await kapacitor.start()
  const before = await kapacitor.connected('cpu')
  await kapacitor.write('cpu', 'a', CRITICAL)
  await sidecar.logged('kapacitor-reachable')
  await kapacitor.stop()
  await sidecar.logged('kapacitor-unreachable', { level: 'warn' })
  await sidecar.logged('delivered')
  await kapacitor.start()
  await kapacitor.connected('cpu', before)
  await kapacitor.write('cpu', 'a', OK)
  await receiver.received(({ level }) => level === 'OK')
  await sidecar.logged('kapacitor-reachable', {}, 2)
  t.is(sidecar.lines('kapacitor-unreachable').length, 1)
  t.deepEqual(kapacitor.patches, [])
})

test('a task whose script is refused is not revived, which is said once', async t => {
  const { kapacitor, startSidecar } = await scene(t)
  kapacitor.define('wrong', [option('crit', '"usage" >')])
  kapacitor.define('cpu', LEVELS)
  const first = await startSidecar()
  await kapacitor.start()
  await first.logged('init-refused', { task: 'wrong' })
  const peer = await heard(first, kapacitor, 'cpu')
  await first.kill()
  const second = await startSidecar()
  await kapacitor.connected('cpu', peer)
  await second.logged('task-not-revived', { task: 'wrong' })
  await second.logged('task-revived', { task: 'cpu' })
  t.is(second.lines('task-not-revived').length, 1)
  t.is(kapacitor.patches.filter(patch => patch.startsWith('wrong')).length, 0)
})

test('what a deleted task held open is dropped after orphan-after, and its story says why', async t => {
  const { kapacitor, startSidecar, receiver } = await scene(t, 'orphan-after = "1s"')
  kapacitor.define('cpu', LEVELS)
  kapacitor.define('off', LEVELS)
  const sidecar = await startSidecar()
  await kapacitor.start()
  await kapacitor.connected('cpu')
  await kapacitor.write('cpu', 'a', CRITICAL)
  await kapacitor.write('off', 'a', CRITICAL)
  await kapacitor.patch('cpu', 'disabled')
  await kapacitor.patch('off', 'disabled')
  kapacitor.tasks.delete('cpu')
  await sidecar.logged('orphaned', { task: 'cpu' })
  const { id, message } = await receiver.received(({ level }) => level === 'OK')
  t.is(id, 'cpu:cpu:host=a')
  t.regex(String(message), /its task is no longer in Kapacitor/)
  t.is(sidecar.lines('resolve').length, 1)
})
