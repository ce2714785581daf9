// `dead-letters` beside a daemon: shown, exported, sent again, refused where a page would stay open, discarded.
import test, { type ExecutionContext } from 'ava'
import type { DeadLetterView } from '../../src/app/dead-letters.ts'
import { command, jsonOf } from '../fakes/command.ts'
import type { Daemon } from '../fakes/daemon.ts'
import { type Day, day, incidentOf, levelsAt } from './daily.ts'

const A = incidentOf('a')
const REFUSED = { kind: 'answer', status: 400, body: 'no such thing' } as const

/** A trigger of host a that was refused, full and bare. */
async function refused(
  t: ExecutionContext,
): Promise<Day & { daemon: Daemon; cpu: Awaited<ReturnType<Day['task']>> }> {
  const made = await day(t)
  made.receiver.faults.next(REFUSED, 2)
  const daemon = await made.start()
  const cpu = await made.task()
  cpu.says('a', 95, 1)
  await daemon.logged('dead-letter')
  return { ...made, daemon, cpu }
}

test('a dead letter is listed with its cause, shown with what it said, and exported with its attempts', async t => {
  const { config } = await refused(t)
  const [letter, ...others] = await jsonOf<DeadLetterView>(config, 'dead-letters')
  t.deepEqual(others, [])
  t.like(letter, { seq: 1, incident: A, kind: 'trigger', level: 'CRITICAL', fault: 'receiver' })
  t.deepEqual(
    letter!.attempts.map(({ outcome, status }) => [outcome, status]),
    [
      ['bare', 400],
      ['dead', 400],
    ],
  )
  const { stdout } = await command(config, 'dead-letters', 'list')
  t.regex(
    stdout,
    /^1 +20.*Z {2}trigger CRITICAL {2}cpu:cpu:host=a\n.*refused: 400 Bad Request: no such\s+thing/,
  )
  t.regex((await command(config, 'dead-letters', 'show', '1')).stdout, /cpu:cpu:host=a is CRITICAL/)
  const exported = JSON.parse((await command(config, 'dead-letters', 'export')).stdout)
  t.like(exported, { seq: 1, event: { kind: 'trigger', incident: A, time: 1_780_000_001_000_000_000 } })
  t.is(exported.attempts.length, 2)
  t.deepEqual(await jsonOf(config, 'dead-letters', 'list', '--fault', 'own'), [])
  t.is((await command(config, 'dead-letters', 'show', '2')).code, 1)
})

test('a dead letter of an incident that is still open is sent again', async t => {
  const { config, receiver } = await refused(t)
  const rehearsed = await command(config, 'dead-letters', 'retry', '1', '--dry-run')
  t.is(rehearsed.stderr, 'dry run: 1 dead letter would be sent again\n')
  t.is((await jsonOf(config, 'dead-letters')).length, 1)
  const said = await command(config, 'dead-letters', 'retry', '--since', '1h')
  t.deepEqual(said, { code: 0, stdout: '1 dead letter sent again\n', stderr: '' })
  await receiver.accepted(1)
  t.deepEqual(levelsAt(receiver, A), ['CRITICAL'])
  t.deepEqual(await jsonOf(config, 'dead-letters'), [])
})

test('a trigger whose incident is over would page for ever: it is refused with the reason, unless forced', async t => {
  const { config, receiver, cpu, daemon } = await refused(t)
  cpu.says('a', 5, 2)
  await receiver.accepted(1)
  await daemon.logged('delivered', { kind: 'resolve' })
  const said = await command(config, 'dead-letters', 'retry', '--all')
  t.is(said.code, 1)
  t.regex(said.stderr, /event 1 of cpu:cpu:host=a not sent again: a newer event/)
  const forced = await command(config, 'dead-letters', 'retry', '--all', '--force')
  t.is(forced.code, 0, forced.stderr)
  await receiver.accepted(2)
  t.deepEqual(levelsAt(receiver, A), ['OK', 'CRITICAL'])
})

test('a dead letter that is discarded stays in the history, and only there', async t => {
  const { config, receiver, daemon, start } = await refused(t)
  const said = await command(config, 'dead-letters', 'discard', '1')
  t.deepEqual(said, { code: 0, stdout: '1 dead letter discarded\n', stderr: '' })
  t.deepEqual(await jsonOf(config, 'dead-letters'), [])
  t.regex((await command(config, 'explain', A)).stdout, /event 1 was discarded, by hand/)
  await daemon.kill()
  t.is((await command(config, 'dead-letters', 'retry', '1', '--force')).code, 0)
  // Which is asked for while nobody is there, and does nothing, since it is no dead letter any more.
  const next = await start()
  await next.logged('instructed', { kind: 'retry' })
  await next.stop()
  t.is(receiver.requests.filter(({ accepted }) => accepted).length, 0)
})

test('nothing means all by accident: what changes something has to be told which', async t => {
  const { config } = await refused(t)
  t.is((await command(config, 'dead-letters', 'discard')).code, 2)
  t.is((await command(config, 'dead-letters', 'discard', '1', '--all')).code, 2)
  const unknown = await command(config, 'dead-letters', 'discard', '99')
  t.is(unknown.code, 1)
  t.regex(unknown.stderr, /no dead letter is meant/)
})

test('retried while no daemon runs: sent again after the next start, and once', async t => {
  const { config, receiver, daemon, start } = await refused(t)
  await daemon.kill()
  const said = await command(config, 'dead-letters', 'retry', '1')
  t.is(said.stdout, 'no sidecar runs: they will be sent again at its next start\n')
  const next = await start()
  await receiver.accepted(1)
  await next.stop()
  const last = await start()
  await last.stop()
  t.deepEqual(levelsAt(receiver, A), ['CRITICAL'])
})
