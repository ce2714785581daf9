// What the fallback is told of an incident, and why Squadcast has not taken it.
import test from 'ava'
import {
  reportAll,
  reportOne,
  reportVariables,
  type UntakenIncident,
  whyUntaken,
} from '../../src/watch/fallback-report.ts'
import { incidentEvent } from '../outbox/stored.ts'
import { endpoint } from './facts.ts'

const SINCE = Date.UTC(2026, 0, 1)
const UNTAKEN: UntakenIncident = {
  ...{ incident: 'cpu:a', endpoint: 'ops', task: 'cpu_alert', since: SINCE },
  ...{ event: incidentEvent({ details: 'see the runbook' }), isDead: false, answer: null },
}
const AROUND = { host: 'here', now: SINCE + 312_400, endpoint: () => endpoint('blocked') }
const WHY = 'endpoint ops is blocked; the last answer was: 404 Not Found'

test('one incident is told whole: what it is, since when, and why', t => {
  t.deepEqual(reportOne(UNTAKEN, AROUND), {
    ...{
      kind: 'incident',
      host: 'here',
      level: 'CRITICAL',
      message: 'cpu:1 is CRITICAL',
      why: WHY,
      count: 1,
    },
    incidents: [
      {
        ...{ id: 'cpu:a', endpoint: 'ops', message: 'cpu:1 is CRITICAL', details: 'see the runbook' },
        ...{ task: 'cpu_alert', group: 'host=a', tags: { host: 'a' } },
        ...{ since: '2026-01-01T00:00:00.000Z', waitedSeconds: 312, why: WHY },
      },
    ],
  })
})

test('one whose event cannot be read is told all the same', t => {
  const { message, incidents } = reportOne({ ...UNTAKEN, event: undefined }, AROUND)
  t.is(message, 'cpu:a is CRITICAL')
  t.deepEqual(Object.keys(incidents[0]!), [
    'id',
    'endpoint',
    'message',
    'task',
    'since',
    'waitedSeconds',
    'why',
  ])
})

test('a summary counts all and names the first, without their details', t => {
  const report = reportAll([UNTAKEN, UNTAKEN], 9990, AROUND)
  t.like(report, { kind: 'summary', count: 9990, why: WHY })
  t.is(report.message, '9990 more CRITICAL incidents were not taken by Squadcast')
  t.deepEqual(
    report.incidents.map(({ id, details }) => [id, details]),
    [
      ['cpu:a', undefined],
      ['cpu:a', undefined],
    ],
  )
})

test('variables hold one line each, without what no variable can hold, and not without end', t => {
  const message = `a\0b\n\nc ${'x'.repeat(5000)}`
  const report = reportOne({ ...UNTAKEN, event: incidentEvent({ message }) }, AROUND)
  const variables = reportVariables(report)
  t.like(variables, {
    KAPACITOR_SQUADCAST_KIND: 'incident',
    KAPACITOR_SQUADCAST_HOST: 'here',
    KAPACITOR_SQUADCAST_LEVEL: 'CRITICAL',
    KAPACITOR_SQUADCAST_WHY: WHY,
    KAPACITOR_SQUADCAST_COUNT: '1',
    KAPACITOR_SQUADCAST_INCIDENT: 'cpu:a',
    KAPACITOR_SQUADCAST_ENDPOINT: 'ops',
  })
  t.regex(variables.KAPACITOR_SQUADCAST_MESSAGE ?? '', /^a b c x+$/)
  t.is(variables.KAPACITOR_SQUADCAST_MESSAGE?.length, 2000)
  t.is(reportVariables(reportAll([UNTAKEN], 2, AROUND)).KAPACITOR_SQUADCAST_INCIDENT, '')
})

for (const [what, untaken, status, why] of [
  [
    'refused',
    { isDead: true, answer: '400 Bad Request' },
    endpoint('up'),
    'it was refused for good; the last answer was: 400 Bad Request',
  ],
  ['without its endpoint', {}, undefined, 'endpoint ops is not configured'],
  ['of a removed endpoint', {}, endpoint('removed'), 'endpoint ops is not configured'],
  [
    'of a failing endpoint',
    {},
    endpoint('failing', { text: 'timeout' }),
    'endpoint ops is failing; the last answer was: timeout',
  ],
  [
    'over the rate',
    { answer: '429 Too Many Requests' },
    endpoint('limited'),
    'the rate of the organisation is used up; the last answer was: 429 Too Many Requests',
  ],
  ['that was tried', { answer: '500' }, endpoint('up'), 'it was not accepted; the last answer was: 500'],
  ['that was not tried', {}, endpoint('up', { text: null }), 'it waits for its turn: rate and concurrency'],
] as const)
  test(`why an incident ${what} is not taken`, t => {
    t.is(whyUntaken({ ...UNTAKEN, ...untaken }, status), why)
  })
