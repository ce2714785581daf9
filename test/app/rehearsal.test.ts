// A rehearsal: what an unlucky week would have told, with its own clock. Real sockets, and nothing sent to anybody.
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { openTelemetry } from '../../src/app/open-telemetry.ts'
import { Rehearsal } from '../../src/app/rehearsal.ts'
import { systemClock } from '../../src/app/system-clock.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { Level } from '../../src/incident/level.ts'
import { lasting, option, Peer, point } from '../fakes/peer.ts'
import { batchPoint, begin, end, flag, type Message } from '../fakes/requests.ts'

const CRIT = option('crit', '"usage" > 90')
const START_S = 1_780_000_000n

/** `trigger a CRITICAL @5`: kind, host, level, second of the data. */
const plain = ({ kind, group, level, time }: IncidentEvent): string =>
  `${kind} ${group.replace('host=', '')} ${level} @${Number((time - START_S * 10n ** 9n) / 10n ** 6n) / 1000}`

async function rehearse(
  t: ExecutionContext,
  options: readonly Message[],
  points: readonly Message[],
  { isBatch = false, minLevel = Level.info as Level } = {},
) {
  const told: string[] = []
  const rehearsal = await Rehearsal.open({
    told: event => told.push(plain(event)),
    endpointRules: () => ({ minLevel, retriggerOnRise: true }),
    telemetry: openTelemetry({ level: 'silent', format: 'json' }, { isTerminal: false, colour: false }),
    ...{ clock: systemClock, maxMessageBytes: 1 << 24, pid: process.pid },
  })
  t.teardown(() => rehearsal.close())
  const peer = await Peer.task(isBatch ? rehearsal.batchSocket : rehearsal.streamSocket, 'cpu', options)
  peer.send(...points)
  await peer.end()
  return { told, rehearsal }
}

const usage = (host: string, value: number, second: number): Message =>
  point(host, { fieldsDouble: { usage: value } }, second)

test('what is told comes in order; what is open at the end is known, and nothing is left behind', async t => {
  const { told, rehearsal } = await rehearse(
    t,
    [CRIT, option('warn', '"usage" > 70')],
    [usage('a', 80, 0), usage('b', 95, 1), usage('a', 95, 2), usage('b', 5, 3), point('c', {}, 4)],
  )
  t.deepEqual(told, [
    'trigger a WARNING @0',
    'trigger b CRITICAL @1',
    'trigger a CRITICAL @2',
    'resolve b OK @3',
  ])
  t.like(rehearsal.open(), [{ level: 'CRITICAL', since: START_S * 10n ** 9n, isHeld: false }])
  t.deepEqual(rehearsal.counts, { points: 5, unlevelled: 1 })
  const folder = dirname(rehearsal.streamSocket)
  t.true(existsSync(folder))
  await rehearsal.close()
  t.false(existsSync(folder))
})

test('a recovery is delayed by the points’ clock: too short a pause is none, a long one resolves in its time', async t => {
  const { told, rehearsal } = await rehearse(
    t,
    [CRIT, lasting('recoveryDelay', 60_000)],
    [
      ...[usage('a', 95, 0), usage('a', 5, 10), usage('a', 95, 50)],
      ...[usage('a', 5, 100), usage('b', 5, 159), usage('b', 95, 200)],
      usage('b', 5, 210),
    ],
  )
  t.deepEqual(told, ['trigger a CRITICAL @0', 'resolve a OK @100', 'trigger b CRITICAL @200'])
  t.like(rehearsal.open(), [{ level: 'OK', isHeld: true }])
})

test('silence is counted by the points’ clock', async t => {
  const { told } = await rehearse(
    t,
    [CRIT, lasting('recoverWhenSilent', 30_000)],
    [usage('a', 95, 0), usage('b', 5, 10), usage('b', 5, 25), usage('a', 95, 28), usage('b', 5, 100)],
  )
  t.is(told.length, 2)
  t.is(told[0], 'trigger a CRITICAL @0')
  t.regex(told[1]!, /^resolve a OK @(58|59|60)$/)
})

test('it is told again when the points say that so much time has passed', async t => {
  const { told } = await rehearse(
    t,
    [CRIT, lasting('stateChangesOnly', 60_000)],
    [usage('a', 95, 0), usage('a', 95, 59), usage('a', 95, 60), usage('a', 95, 119), usage('a', 95, 120)],
  )
  t.deepEqual(told, ['trigger a CRITICAL @0', 'trigger a CRITICAL @60', 'trigger a CRITICAL @120'])
})

test('years without an incident pass at once', async t => {
  const year = 31_536_000
  const { told } = await rehearse(
    t,
    [CRIT, lasting('recoveryDelay', 1_000)],
    [usage('a', 5, 0), usage('a', 95, 2 * year), usage('a', 5, 2 * year + 1), usage('a', 5, 2 * year + 10)],
  )
  t.deepEqual(told, [`trigger a CRITICAL @${2 * year}`, `resolve a OK @${2 * year + 1}`])
})

test('years with something open pass as soon: what falls due does, and what stays open stays', async t => {
  const year = 31_536_000
  const { told, rehearsal } = await rehearse(
    t,
    [CRIT, lasting('recoverWhenSilent', 30_000)],
    [usage('a', 95, 0), usage('a', 95, 20), usage('b', 95, 50 * year)],
  )
  t.deepEqual([told[0], told[2]], ['trigger a CRITICAL @0', `trigger b CRITICAL @${50 * year}`])
  t.regex(told[1]!, /^resolve a OK @5\d/)
  t.is(rehearsal.open().length, 1)
  const again = await rehearse(
    t,
    [CRIT, lasting('stateChangesOnly', 60_000)],
    [usage('a', 95, 0), usage('b', 5, 50 * year), usage('a', 95, 50 * year + 1)],
  )
  t.deepEqual(again.told, ['trigger a CRITICAL @0', `trigger a CRITICAL @${50 * year + 1}`])
})

test('batches are judged whole, and their time is their end’s', async t => {
  const { told } = await rehearse(
    t,
    [CRIT, flag('all')],
    [
      ...[begin('a'), batchPoint('a', { fieldsDouble: { usage: 95 } }, 1), end('a')],
      ...[
        begin('b'),
        batchPoint('b', { fieldsDouble: { usage: 95 } }),
        batchPoint('b', { fieldsDouble: { usage: 5 } }, 1),
        end('b'),
      ],
    ],
    { isBatch: true },
  )
  t.deepEqual(told, ['trigger a CRITICAL @10'])
})

test('the endpoint’s rules hold', async t => {
  const { told } = await rehearse(
    t,
    [CRIT, option('warn', '"usage" > 70')],
    [usage('a', 80, 0), usage('a', 95, 1), usage('a', 80, 2)],
    { minLevel: Level.critical },
  )
  t.deepEqual(told, ['trigger a CRITICAL @1', 'resolve a OK @2'])
})
