import test from 'ava'
import type { IncidentEvent } from '../../src/incident/event.ts'
import {
  bareIncidentPayload,
  incidentPayload,
  type PriorityByLevel,
} from '../../src/squadcast/incident-payload.ts'
import { cpuEvent } from './events.ts'

interface Body {
  readonly message: string
  readonly description: string
  readonly tags?: Record<string, unknown>
  readonly priority?: string
  readonly status: string
  readonly event_id: string
}

const rendered = (event: IncidentEvent, lateByMs = 0, priorities: PriorityByLevel = {}): Body =>
  JSON.parse(JSON.stringify(incidentPayload(event, lateByMs, priorities)))

const HOUR = 3_600_000_000_000n

test('a trigger tells the condition, its value, the group and the fields', t => {
  const event = cpuEvent({
    condition: `"usage" > 90 AND "host" != 'test'`,
    details: '[runbook](https://wiki/cpu)',
    ownText: [0, 27],
  })
  t.deepEqual(rendered(event), {
    message: 'cpu/alpha is CRITICAL',
    description: [
      '**CRITICAL**',
      '',
      `- **Condition:** \`"usage" > 90 AND "host" != 'test'\``,
      '- **Value:** usage = 95.5',
      '- **Group:** host = alpha, region = eu',
      '- **Task:** cpu_alert',
      '',
      '| Field | Value |',
      '| --- | --- |',
      '| idle | 5 |',
      '| note | n 3 |',
      '| ok | true |',
      '| usage | 95.5 |',
      '',
      '[runbook](https://wiki/cpu)',
    ].join('\n'),
    tags: { host: 'alpha', region: 'eu', level: { value: 'CRITICAL', color: '#d32f2f' } },
    status: 'trigger',
    event_id: 'cpu/alpha',
  })
})

test('an escalation says what it was before', t => {
  t.regex(rendered(cpuEvent({ previousLevel: 'WARNING' })).description, /^\*\*CRITICAL\*\*, was WARNING\n/)
})

test('a resolve names the incident, and says what it recovered from and how long it lasted', t => {
  const event = cpuEvent({
    kind: 'resolve',
    level: 'OK',
    previousLevel: 'WARNING',
    duration: HOUR + HOUR / 5n,
  })
  const { description, ...rest } = rendered({ ...event, priority: 'P1' }, 0, { OK: 'P2' })
  t.deepEqual(rest, { status: 'resolve', event_id: 'cpu/alpha', message: 'cpu/alpha is CRITICAL' })
  t.regex(description, /^Recovered from WARNING after 1h12m\.\n/)
})

test('a description has no times in it', t => {
  t.notRegex(rendered(cpuEvent()).description, /2026/)
})

test('an event without rows, condition or group is still described', t => {
  const event = cpuEvent({ series: [], groupTags: {}, task: '' })
  t.is(rendered(event).description, '**CRITICAL**')
})

test('a field that the condition names only inside a text is not its value', t => {
  const event = cpuEvent({ condition: `"ok" AND "note" =~ /"idle"/ AND 'x "usage"' == "note"` })
  t.regex(rendered(event).description, /\*\*Value:\*\* note = n 3, ok = true\n/)
})

test('each level has its colour', t => {
  const level = (name: IncidentEvent['level']) => rendered(cpuEvent({ level: name })).tags?.level
  t.deepEqual(level('CRITICAL'), { value: 'CRITICAL', color: '#d32f2f' })
  t.deepEqual(level('WARNING'), { value: 'WARNING', color: '#ffa000' })
  t.deepEqual(level('INFO'), { value: 'INFO', color: '#1976d2' })
  t.deepEqual(level('OK'), { value: 'OK', color: '#2e7d32' })
})

test("the script's tags win over the group's, the later over the earlier, and empty ones are left out", t => {
  const event = cpuEvent({
    groupTags: { host: 'alpha', level: 'x', rack: '' },
    labels: [
      ['team', 'core'],
      ['host', 'named'],
      ['team', 'web'],
      ['', 'x'],
      ['none', ''],
    ],
  })
  const level = { value: 'CRITICAL', color: '#d32f2f' }
  t.deepEqual(rendered(event).tags, { host: 'named', level, team: 'web' })
})

test('a tag may have any name', t => {
  const event = cpuEvent({ groupTags: JSON.parse('{"__proto__":"a","constructor":"b"}') })
  const tags = rendered(event).tags!
  t.deepEqual(Object.keys(tags), ['__proto__', 'constructor', 'level'])
})

test("the script's priority wins over the endpoint's for the level", t => {
  t.is(rendered(cpuEvent(), 0, { WARNING: 'P3' }).priority, undefined)
  t.is(rendered(cpuEvent(), 0, { CRITICAL: 'P2' }).priority, 'P2')
  t.is(rendered(cpuEvent({ priority: 'P1' }), 0, { CRITICAL: 'P2' }).priority, 'P1')
})

test('a trigger whose message shows nothing is named by its id, or else by its level', t => {
  t.is(rendered(cpuEvent({ message: ' \u0000' })).message, 'cpu/alpha')
  t.like(bareIncidentPayload(cpuEvent({ message: '\n', incident: '\u0000' })), { message: 'CRITICAL' })
})

test('lateness and what was left out are said', t => {
  const { description } = rendered(cpuEvent({ cut: 'Left out for size: 3 columns.' }), 600_000)
  t.true(
    description.endsWith('\n\nLeft out for size: 3 columns.\n\nDelivered 10m late by kapacitor-squadcast.'),
  )
})

const EVIL = '[click](http://evil.example) <b>x</b> | `y`'
const HARMLESS = '\\[click\\](http:\u200b//evil.example) \\<b\\>x\\</b\\> \\| \\`y\\`'

test('text from points is shown as itself wherever it stands', t => {
  const event = cpuEvent({
    groupTags: { [EVIL]: EVIL },
    task: EVIL,
    series: [{ name: EVIL, tags: {}, columns: ['time', EVIL], values: [['2026-05-28T20:26:55Z', EVIL]] }],
    condition: `"${EVIL}" > 1`,
  })
  const { description } = rendered(event)
  const withoutCode = description.replace(/``.*``/, '')
  t.false(withoutCode.includes(EVIL))
  t.is(withoutCode.split(HARMLESS).length - 1, 7)
  t.regex(description, /\n- \*\*Condition:\*\* ``"\[click\].*" > 1``\n/)
})

test("in details the author's markup works and text from points does not, cut or not", t => {
  const details = `**Note** ${EVIL}\n\n*${EVIL}*`
  const ownText = [0, 9, 9 + EVIL.length, 12 + EVIL.length, 12 + 2 * EVIL.length, 13 + 2 * EVIL.length]
  const event = cpuEvent({ message: EVIL, details, ownText, cut: 'Less.' })
  const shown = HARMLESS.replaceAll('\\<', '&lt;').replaceAll('\\>', '&gt;').replaceAll('\\`', '&#96;')
  t.true(rendered(event).description.includes(`\n\n**Note** ${shown}\n\n*${shown}*\n\nLess.`))
})

test('details of a post are text, as it was before Kapacitor made it safe for HTML', t => {
  const event = cpuEvent({ task: '', node: 'post', details: '&lt;b&gt; [a](http://b)\n# c &#43; 1' })
  t.true(rendered(event).description.endsWith('\n\n\\<b\\> \\[a\\](http:\u200b//b)\n\\# c + 1'))
})

test('a bare trigger has what the webhook requires, a bare resolve too', t => {
  const event = cpuEvent({ message: `cpu\u0007${EVIL}`, priority: 'P1' })
  t.deepEqual(bareIncidentPayload(event), {
    message: `cpu ${EVIL}`,
    description: `CRITICAL: cpu ${HARMLESS}`,
    status: 'trigger',
    event_id: 'cpu/alpha',
  })
  const resolve = { status: 'resolve', event_id: 'cpu/alpha' }
  t.deepEqual(bareIncidentPayload({ ...event, kind: 'resolve', level: 'OK' }), resolve)
})
