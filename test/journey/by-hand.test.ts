// `incidents resolve` and `explain` beside a daemon and without one, as processes.
import test from 'ava'
import type { Explanation } from '../../src/app/explanation.ts'
import type { IncidentView } from '../../src/app/store-view.ts'
import { command, jsonOf } from '../fakes/command.ts'
import { day, incidentOf, levelsAt } from './daily.ts'

const A = incidentOf('a')

test('resolved by hand beside a daemon: told once, and no more until it has recovered; the next opening is news', async t => {
  const { config, receiver, start, task } = await day(t)
  const daemon = await start()
  const cpu = await task()
  cpu.says('a', 95, 1)
  await receiver.accepted(1)
  const said = await command(config, 'incidents', 'resolve', A)
  t.deepEqual(said, {
    code: 0,
    stdout: `resolved '${A}' at default; told no more until all have recovered\n`,
    stderr: '',
  })
  await receiver.accepted(2)
  t.is(receiver.ledger.open().length, 0)
  const [muted] = await jsonOf<IncidentView>(config, 'incidents')
  t.like(muted, { id: A, state: 'muted', level: 'CRITICAL' })

  // Told no more over a crash, either.
  await daemon.kill()
  await start()
  const again = await task()
  again.says('a', 99, 2)
  again.says('a', 5, 3)
  again.says('a', 97, 4)
  await receiver.accepted(3)
  t.deepEqual(levelsAt(receiver, A), ['CRITICAL', 'OK', 'CRITICAL'])
  const [open, ...others] = await jsonOf<IncidentView>(config, 'incidents')
  t.like(open, { opening: 2, state: 'open' })
  t.deepEqual(others, [])
})

test('resolved by hand while no daemon runs: the next start does it, once', async t => {
  const { config, receiver, start, task } = await day(t)
  const daemon = await start()
  const cpu = await task()
  cpu.says('a', 95, 1)
  await receiver.accepted(1)
  await daemon.logged('delivered')
  await daemon.stop()
  const said = await command(config, 'incidents', 'resolve', A)
  t.is(said.code, 0)
  t.is(said.stdout, `no sidecar runs: '${A}' will be resolved at its next start\n`)
  const next = await start()
  await receiver.accepted(2)
  await next.kill()
  const last = await start()
  await last.stop()
  t.is(last.lines('instructed').length, 0)
  // The same event may be sent twice over a kill; there is one.
  t.deepEqual([...new Set(levelsAt(receiver, A))], ['CRITICAL', 'OK'])
  const [story] = await jsonOf<Explanation>(config, 'explain', A)
  t.is(story!.steps.filter(({ event }) => event?.kind === 'resolve').length, 1)
})

test('what is not open cannot be resolved, and without a store there is nothing to show', async t => {
  const { config, start } = await day(t)
  const early = await command(config, 'incidents')
  t.is(early.code, 1)
  t.regex(early.stderr, /there is no store .* yet/)
  await start()
  const said = await command(config, 'incidents', 'resolve', A)
  t.is(said.code, 1)
  t.regex(said.stderr, /no incident .* is open/)
})

test('explain tells the whole story of an outage: points, decisions, attempts, and what it waits for', async t => {
  const { config, receiver, start, task } = await day(t)
  receiver.faults.whenever(() => ({ kind: 'answer', status: 503 }))
  const daemon = await start()
  const cpu = await task()
  cpu.says('a', 95, 1)
  await daemon.logged('retrying', {}, 2)
  const [during] = await jsonOf<Explanation>(config, 'explain', A)
  const told = during!.steps.find(({ what }) => what === 'event')!
  t.is(told.event?.state, 'pending')
  t.true(told.event!.attempts.length >= 2)
  t.like(told.event!.attempts[0], { outcome: 'retry', status: 503 })
  t.regex(told.event!.waits!, /^waits (until|for its endpoint|for the answer)/)

  receiver.faults.repair()
  await receiver.accepted(1)
  cpu.says('a', 96, 2)
  cpu.says('a', 5, 3)
  await receiver.accepted(2)
  await daemon.logged('delivered', { kind: 'resolve' })
  const { stdout, code } = await command(config, 'explain', A)
  t.is(code, 0)
  const order = [
    'opened',
    'CRITICAL: group host=a of task cpu',
    'told: event 1, trigger CRITICAL',
    'retry: 503 Service Unavailable',
    'delivered: 202 Accepted',
    'OK: group host=a',
    'told: event 2, resolve',
    'Z  closed',
  ].map(words => stdout.indexOf(words))
  t.false(order.includes(-1), stdout)
  t.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
    stdout,
  )
  t.true(
    stdout.split('\n').every(line => line.length <= 80),
    stdout,
  )
})

test('explain says that nothing is sent while no daemon runs, and 1 for what it does not know', async t => {
  const { config, receiver, start, task } = await day(t)
  receiver.faults.whenever(() => ({ kind: 'answer', status: 503 }))
  const daemon = await start()
  const cpu = await task()
  cpu.says('a', 95, 1)
  await daemon.logged('retrying')
  await daemon.kill()
  const { stdout } = await command(config, 'explain', A)
  t.regex(stdout, /no sidecar runs:\s+it\s+is\s+tried\s+after\s+the\s+next\s+start/)
  t.is((await command(config, 'explain', 'nobody')).code, 1)
})
