// Events stay small enough for a store that keeps thousands, whatever a point or a batch holds.
import test from 'ava'
import fc from 'fast-check'
import { boundedEvent, MAX_EVENT_BYTES } from '../../src/incident/bounded-event.ts'
import { encodeEvent, type IncidentEvent, type Series } from '../../src/incident/event.ts'
import { capId } from '../../src/incident/id.ts'
import { anyEvent, cpuEvent } from '../squadcast/events.ts'

const size = (event: IncidentEvent): number => Buffer.byteLength(encodeEvent(event))

const rows = (count: number, note = 'x'): Series['values'] =>
  Array.from({ length: count }, (_, row) => [`2026-05-28T20:26:${row}Z`, BigInt(row), note])

const seriesOf = (values: Series['values']): Series => ({
  name: 'cpu',
  tags: {},
  columns: ['time', 'n', 'note'],
  values,
})

const many = (count: number, value: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`tag${n}`, value]))

test('an event that fits is left alone, to the last byte', t => {
  const fill = MAX_EVENT_BYTES - size(cpuEvent({ message: '' }))
  const full = cpuEvent({ message: 'x'.repeat(fill) })
  t.is(size(full), MAX_EVENT_BYTES)
  t.is(boundedEvent(full), full)
  const over = boundedEvent(cpuEvent({ message: 'x'.repeat(fill + 1) }))
  t.true(size(over) < MAX_EVENT_BYTES)
  t.is(over.cut, 'Left out for size: the ends of texts over 16384 characters.')
})

test('of many rows the newest stay, in their order, and the number of the others is told', t => {
  const { series, cut } = boundedEvent(cpuEvent({ series: [seriesOf(rows(5_000, 'y'.repeat(100)))] }))
  t.deepEqual(series[0]?.values, rows(5_000, 'y'.repeat(100)).slice(-200))
  t.is(cut, 'Left out for size: the 4800 oldest rows.')
})

test('rows of the batch that never came so far count among the oldest', t => {
  const few = cpuEvent({ series: [seriesOf(rows(3))] })
  const { cut, ...rest } = boundedEvent(few, 7)
  t.deepEqual(rest, few)
  t.is(cut, 'Left out for size: the 7 oldest rows.')
  const many = cpuEvent({ series: [seriesOf(rows(1_000, 'y'.repeat(100)))] })
  t.is(boundedEvent(many, 4_000).cut, 'Left out for size: the 4800 oldest rows.')
})

test('a long text is cut at a character, and marked', t => {
  const message = `x${'🔥'.repeat(40_000)}`
  const kept = boundedEvent(cpuEvent({ message })).message
  t.true(kept.isWellFormed())
  t.regex(kept, /^x(🔥)+…$/u)
  t.true(kept.length > 1_000)
})

test('every text of an event may be too long', t => {
  const text = 'z'.repeat(20_000)
  const long = cpuEvent({
    message: text,
    details: text,
    condition: text,
    group: text,
    groupTags: { [text]: text },
    labels: [[text, text]],
    series: [{ name: text, tags: { [text]: text }, columns: ['time', text], values: [['now', text]] }],
  })
  const cut = boundedEvent(long)
  t.true(size(cut) <= MAX_EVENT_BYTES)
  t.false(encodeEvent(cut).includes('z'.repeat(5_000)))
  t.is(cut.cut, 'Left out for size: the ends of texts over 4096 characters.')
})

test('what is left out of columns and tags is told', t => {
  const columns = ['time', ...Array.from({ length: 600 }, (_, n) => `field${n}`)]
  const values = [columns.map(() => 'v'.repeat(100))]
  const wide = boundedEvent(cpuEvent({ series: [{ name: 'cpu', tags: {}, columns, values }] }))
  t.is(wide.series[0]?.columns.length, 500)
  t.is(wide.series[0]?.values[0]?.length, 500)
  t.is(wide.series[0]?.columns[0], 'time')
  t.is(wide.cut, 'Left out for size: 101 columns.')

  const tagged = boundedEvent(cpuEvent({ groupTags: many(210, 'v'.repeat(300)) }))
  t.is(Object.keys(tagged.groupTags).length, 200)
  t.is(tagged.cut, 'Left out for size: 10 tags.')
})

test('of very many series the first stay, and the others are told', t => {
  const all = Array.from({ length: 3_000 }, () => seriesOf(rows(1)))
  const { series, cut } = boundedEvent(cpuEvent({ series: all }))
  t.is(series.length, 100)
  t.is(cut, 'Left out for size: 2900 series.')
})

test('id, levels, times, task and kind are never touched', t => {
  const huge = cpuEvent({ message: 'x'.repeat(1e6), groupTags: many(1_000, '\u0001'.repeat(1_000)) })
  const { incident, level, previousLevel, time, duration, task, node, kind, recoverable } = boundedEvent(huge)
  t.deepEqual(
    { incident, level, previousLevel, time, duration, task, node, kind, recoverable },
    {
      incident: huge.incident,
      level: huge.level,
      previousLevel: huge.previousLevel,
      time: huge.time,
      duration: huge.duration,
      task: huge.task,
      node: huge.node,
      kind: huge.kind,
      recoverable: huge.recoverable,
    },
  )
})

for (const [what, character] of [
  ['letters', 'x'],
  ['characters of three bytes', '中'],
  ['characters of four', '🔥'],
  ['control characters, six bytes each in JSON', '\u0001'],
] as const)
  test(`the worst event of ${what} fits`, t => {
    const text = character.repeat(5_000)
    const tags = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`${n}${text}`, text]))
    const columns = ['time', ...Object.keys(tags)]
    const series = {
      name: text,
      tags,
      columns,
      values: Array.from({ length: 3 }, () => columns.map(() => text)),
    }
    const worst = cpuEvent({
      incident: capId(text),
      task: 'é'.repeat(16_000),
      message: text,
      details: text,
      condition: text,
      group: text,
      groupTags: tags,
      labels: Object.entries(tags),
      series: [series, series],
    })
    t.true(size(boundedEvent(worst)) <= MAX_EVENT_BYTES)
  })

test('whatever arrives, an event takes 64 KB at most, and bounding it again changes nothing', t => {
  fc.assert(
    fc.property(anyEvent, event => {
      const arrived = { ...event, incident: capId(event.incident), task: event.task.slice(0, 5_000) }
      const bounded = boundedEvent({ ...arrived, node: event.node.slice(0, 20) })
      t.true(size(bounded) <= MAX_EVENT_BYTES)
      t.is(boundedEvent(bounded), bounded)
    }),
    { numRuns: 150 },
  )
})

test('no event of many small parts is taken for smaller than it is', t => {
  const cell = fc.oneof(
    fc.constantFrom(null, true, false, -(2n ** 63n), -Number.MAX_VALUE, Number.MIN_VALUE),
    fc.string({ unit: fc.constantFrom('\u0000', '\ud800', '中', 'a'), maxLength: 3 }),
  )
  const shape = fc.record({
    values: fc.array(cell, { minLength: 1, maxLength: 12 }),
    rows: fc.nat(1_500),
    labels: fc.nat(900),
  })
  fc.assert(
    fc.property(shape, ({ values, rows, labels }) => {
      const event = cpuEvent({
        series: [{ name: '', tags: {}, columns: values.map(String), values: new Array(rows).fill(values) }],
        labels: Array.from({ length: labels }, (_, n) => ['\u0001', String(n)] as const),
      })
      t.true(size(boundedEvent(event)) <= MAX_EVENT_BYTES)
    }),
  )
})

test('details of an author whose text and values alternate are cut with the places that tell them apart', t => {
  const ownText = Array.from({ length: 20_000 }, (_, place) => place)
  const bounded = boundedEvent(cpuEvent({ details: 'ab'.repeat(10_000), ownText }))
  t.true(size(bounded) <= MAX_EVENT_BYTES)
  t.is(bounded.details, `${'ab'.repeat(2_048)}…`)
  t.deepEqual(bounded.ownText, ownText.slice(0, 4_097))
})
