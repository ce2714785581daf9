import test from 'ava'
import fc from 'fast-check'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { idToSend } from '../../src/squadcast/cut-text.ts'
import { bareIncidentPayload, incidentPayload } from '../../src/squadcast/incident-payload.ts'
import { bareKapacitorPayload, kapacitorPayload } from '../../src/squadcast/kapacitor-payload.ts'
import { BODY_BYTES, bodyWithinBudget } from '../../src/squadcast/shrink.ts'
import { anyEvent, cpuEvent, cpuSeries } from './events.ts'

const LATE = 3_600_000
const BODIES: Record<string, (event: IncidentEvent) => unknown> = {
  kapacitor: event => kapacitorPayload(event, LATE),
  'bare kapacitor': bareKapacitorPayload,
  incident: event => incidentPayload(event, LATE, {}),
  'bare incident': bareIncidentPayload,
}

for (const [name, render] of Object.entries(BODIES)) {
  test(`a ${name} body is JSON of at most 30 KB that keeps the id, whatever the event`, t => {
    fc.assert(
      fc.property(anyEvent, event => {
        const body = bodyWithinBudget(event, render)
        t.true(Buffer.byteLength(body) <= BODY_BYTES)
        const read = JSON.parse(body)
        t.is(read.id ?? read.event_id, idToSend(event.incident))
      }),
      { numRuns: 40 },
    )
  })
}

for (const unit of ['\u0000', '\ud800', '中', '`', '[']) {
  test(`the largest event of all, made of ${JSON.stringify(unit)}, still fits in every format`, t => {
    const text = unit.repeat(9_000)
    const tags = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`${n}${text.slice(0, 999)}`, text]))
    const worst = cpuEvent({
      incident: unit.repeat(2_600),
      message: text,
      details: text,
      task: text,
      group: text,
      groupTags: tags,
      series: [{ name: text, tags, columns: ['time', ...Object.keys(tags)], values: [[text, text]] }],
      cut: text,
      condition: `"${text}" > 1`,
      labels: Object.entries(tags),
    })
    for (const render of Object.values(BODIES)) {
      t.true(Buffer.byteLength(bodyWithinBudget(worst, render)) <= BODY_BYTES)
    }
  })
}

interface Body {
  readonly message: string
  readonly details: string
  readonly data: { series: { tags: Record<string, string>; columns: string[]; values: unknown[][] }[] }
}
const bodyOf = (event: IncidentEvent): Body =>
  JSON.parse(bodyWithinBudget(event, part => kapacitorPayload(part, 0)))

const time = (row: number) => new Date(Date.UTC(2026, 4, 28) + row * 1000).toISOString().replace('.000', '')

test('a batch keeps its newest rows, as many as fit, and says how many are missing', t => {
  const rows = Array.from({ length: 1_000 }, (_, row) => [time(row), row, 'x'.repeat(20), true, 0.5])
  const body = bodyOf(cpuEvent({ series: [cpuSeries(rows)] }))
  const kept = body.data.series[0]!.values
  t.true(kept.length > 300, `${kept.length} rows`)
  t.deepEqual(kept, rows.slice(-kept.length))
  t.true(
    body.details.endsWith(`Left out to keep within 30 KB: the ${1_000 - kept.length} oldest rows.`),
    body.details,
  )
  // Full to the brim: what is left would not hold another row.
  t.true(JSON.stringify(body).length > BODY_BYTES - 60)
})

test('the newest rows are those with the latest times, wherever they stand', t => {
  const rows = Array.from({ length: 1_000 }, (_, row) => [time(row), row, 'x'.repeat(20), true, 0.5])
  const half = [cpuSeries(rows.slice(500).toReversed()), cpuSeries(rows.slice(0, 500))]
  const { series } = bodyOf(cpuEvent({ series: half })).data
  t.is(series.length, 1)
  t.deepEqual(series[0]!.values, rows.slice(-series[0]!.values.length).toReversed())
})

test('a fraction of a second counts as newer than the whole second', t => {
  const long = 'x'.repeat(1_900)
  const rows = Array.from({ length: 20 }, (_, n) => [
    `2026-05-28T20:00:00${n ? `.${String(n).padStart(2, '0')}` : ''}Z`,
    n,
    long,
    true,
    1,
  ])
  const kept = bodyOf(cpuEvent({ series: [cpuSeries(rows)] })).data.series[0]!.values
  t.deepEqual(kept, rows.slice(-kept.length))
})

test('long texts are cut between characters and say how much is missing', t => {
  for (const shift of ['', 'x']) {
    const { message } = bodyOf(cpuEvent({ message: shift + '😀'.repeat(20_000) }))
    t.regex(message, /^x?(?:😀)+… \(\d+ characters left out\)$/u)
    t.true(message.isWellFormed())
    const missing = /\((\d+) /.exec(message)?.[1] ?? ''
    t.is(message.indexOf('…') + Number(missing), 40_000 + shift.length)
  }
})

test('a thousand fields keep those that the condition names', t => {
  const columns = ['time', ...Array.from({ length: 1_000 }, (_, n) => `field_number_${n}`)]
  const values = [[time(0), ...columns.slice(1).map((_, n) => `value number ${n}`)]]
  const body = bodyOf(
    cpuEvent({ series: [{ name: 'wide', tags: {}, columns, values }], condition: '"field_number_998" > 1' }),
  )
  const { columns: kept, values: cells } = body.data.series[0]!
  t.true(kept.includes('time') && kept.includes('field_number_998') && kept.length >= 100)
  t.is(cells[0]![kept.indexOf('field_number_998')], 'value number 998')
  t.regex(body.details, new RegExp(`${1_001 - kept.length} fields`))
})

test('a thousand tags are cut in number', t => {
  const tags = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`tag_${n}`, 'v'.repeat(40)]))
  const body = bodyOf(
    cpuEvent({ groupTags: tags, series: [{ ...cpuSeries([[time(0), 1n, 'a', true, 2]]), tags }] }),
  )
  t.true(Object.keys(body.data.series[0]!.tags).length >= 20)
  t.regex(body.details, /\d+ tags/)
})

test('an event that fits is left as it is', t => {
  const details = 'x'.repeat(28_000)
  t.is(bodyOf(cpuEvent({ details })).details, details)
})

test('an id that could not be sent is replaced by its beginning and its digest, always the same', t => {
  const id = '🔥'.repeat(15_000)
  const sent = idToSend(id)
  t.is(sent, idToSend(id))
  t.not(sent, idToSend(`${id}x`))
  t.regex(sent, /^(?:🔥){100}… sha256:[0-9a-f]{64}$/u)
  for (const short of ['a', 'x'.repeat(16_000), '\u0000'.repeat(2_600)]) t.is(idToSend(short), short)
})
