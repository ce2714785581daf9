// Lines of `tail`: local time, level or outcome, the incident, and what of it.
import test from 'ava'
import { dayOf, type Told, tailLine } from '../../src/cli/tail-line.ts'

// By the clock on the wall of this machine, wherever it is.
const AT = new Date(2026, 4, 28, 14, 3, 11).toISOString()
const told = (more: Partial<Told>): Told => ({
  at: AT,
  severity: 'info',
  event: 'ready',
  text: 'ready',
  ...more,
})
const line = (more: Partial<Told>): string =>
  String(tailLine(told(more), { colour: false, columns: undefined }))

const CPU = { incident: 'cpu/a', endpoint: 'default', task: 'cpu' }
const DELIVERY = { ...CPU, kind: 'trigger', incidentLevel: 'CRITICAL' }

test('an event stands with its level and what it says, a delivery with how long it took', t => {
  const trigger = { ...CPU, event: 'trigger', incidentLevel: 'CRITICAL', text: 'trigger cpu/a CRITICAL' }
  t.is(line({ ...trigger, message: 'at 95' }), '14:03:11  CRITICAL     cpu/a  trigger: at 95\n')
  t.is(line({ ...trigger, message: 'cpu/a is CRITICAL' }), '14:03:11  CRITICAL     cpu/a  trigger\n')
  t.is(
    line({ ...trigger, event: 'resolve', incidentLevel: 'OK', endpoint: 'night' }),
    '14:03:11  OK           cpu/a  resolve (at night)\n',
  )
  for (const [latencyMs, took] of [
    [12.4, 'in 12 ms'],
    [3400, 'in 3.4 s'],
    [600_000, 'after 10 min'],
  ] as const)
    t.is(
      line({ ...DELIVERY, event: 'delivered', latencyMs }),
      `14:03:11  delivered    cpu/a  trigger ${took}\n`,
    )
  t.is(
    line({ ...DELIVERY, event: 'coalesced', by: 7 }),
    '14:03:11  coalesced    cpu/a  trigger gave way to event 7\n',
  )
  t.is(
    line({ ...DELIVERY, event: 'dead-letter', answer: '400: no' }),
    '14:03:11  dead-letter  cpu/a  trigger: 400: no\n',
  )
})

test('what is told of no incident, or names it itself, stands as it was told', t => {
  t.is(line({}), '14:03:11  ready        ready\n')
  t.is(
    line({ ...CPU, event: 'untold', text: 'incident cpu/a counts' }),
    '14:03:11  untold       incident cpu/a counts\n',
  )
  t.is(
    line({ ...DELIVERY, event: 'retrying', text: 'not delivered, again in 1.0 s: 503' }),
    '14:03:11  retrying     cpu/a  trigger not delivered, again in 1.0 s: 503\n',
  )
})

test('what comes from outside stays one line, and commands no terminal', t => {
  const text = line({
    ...CPU,
    event: 'trigger',
    incidentLevel: 'INFO',
    message: 'a\nb\u001b[2J\u202ec',
    incident: 'x\ty',
  })
  t.is(text, `${String.raw`14:03:11  INFO         x\ty  trigger: a\nb\x1b[2J\u202ec`}\n`)
})

test('on a narrow terminal it goes on under its label, within the width; with colour, too', t => {
  const long = told({
    ...DELIVERY,
    event: 'retrying',
    severity: 'warn',
    text: `not delivered: ${'word '.repeat(30)}`,
  })
  for (const colour of [false, true]) {
    const lines = String(tailLine(long, { colour, columns: 60 }))
      .replaceAll('\u001b[33m', '')
      .replaceAll('\u001b[39m', '')
      .split('\n')
      .slice(0, -1)
    t.true(lines.length > 2)
    for (const [index, each] of lines.entries()) {
      t.true(each.length <= 60, each)
      t.regex(each, index === 0 ? /^14:03:11 {2}retrying {5}cpu\/a/ : /^ {10}\S/)
    }
  }
})

test('colours are of the level or the outcome', t => {
  const start = (more: Partial<Told>): string =>
    String(tailLine(told(more), { colour: true, columns: undefined })).slice(10, 15)
  const [red, yellow, green] = ['\u001b[31m', '\u001b[33m', '\u001b[32m'] as const
  t.is(start({ event: 'trigger', incidentLevel: 'CRITICAL' }), red)
  t.is(start({ event: 'trigger', incidentLevel: 'WARNING' }), yellow)
  t.is(start({ event: 'resolve', incidentLevel: 'OK' }), green)
  t.is(start({ event: 'delivered' }), green)
  t.is(start({ event: 'blocked', severity: 'error' }), red)
  t.is(start({ event: 'limited', severity: 'warn' }), yellow)
  t.true(start({}).startsWith('\u001b[2m'))
})

test('a day is that of the clock on the wall', t => {
  t.is(dayOf(AT), '2026-05-28')
})
