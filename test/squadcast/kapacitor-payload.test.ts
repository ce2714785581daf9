import { readFileSync } from 'node:fs'
import test from 'ava'
import {
  type Cell,
  fromExactJson,
  type IncidentEvent,
  type Series,
  toExactJson,
} from '../../src/incident/event.ts'
import type { LevelName } from '../../src/incident/level.ts'
import { bareKapacitorPayload, kapacitorPayload } from '../../src/squadcast/kapacitor-payload.ts'
import { cpuEvent, cpuSeries } from './events.ts'

interface Post {
  readonly id: string
  readonly message: string
  readonly details: string
  readonly time: string
  readonly duration: number
  readonly level: LevelName
  readonly data: { readonly series: Series[] }
  readonly previousLevel: LevelName
  readonly recoverable: boolean
}

const fixture = new URL('../fixtures/kapacitor-posts.jsonl', import.meta.url)
const posts = readFileSync(fixture, 'utf8').trimEnd().split('\n')

/** Nanoseconds since the epoch of a time as Kapacitor writes it. */
function nanoseconds(time: string): bigint {
  const [whole = '', fraction = ''] = time.slice(0, -1).split('.')
  return BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}

const eventOf = (post: Post): IncidentEvent => ({
  kind: post.level === 'OK' ? 'resolve' : 'trigger',
  incident: post.id,
  level: post.level,
  previousLevel: post.previousLevel,
  message: post.message,
  time: nanoseconds(post.time),
  duration: BigInt(post.duration),
  recoverable: post.recoverable,
  task: 'cpu_alert',
  node: 'squadcast3',
  group: 'nil',
  groupTags: {},
  series: post.data.series,
})

const rendered = (event: IncidentEvent, lateByMs = 0): Record<string, unknown> & { details: string } =>
  JSON.parse(toExactJson(kapacitorPayload(event, lateByMs)))

test('every post that Kapacitor made comes out the same, key by key, apart from details', t => {
  t.is(posts.length, 537)
  for (const line of posts) {
    const post = JSON.parse(line) as Post
    const { details, ...body } = rendered(eventOf(post))
    const { details: theirs, ...expected } = post
    t.deepEqual(body, expected as unknown as typeof body)
    t.deepEqual(Object.keys(rendered(eventOf(post))), Object.keys(post))
    t.notRegex(details, /&#34;/)
  }
})

test('numbers keep all their 64 bits', t => {
  const cells: Cell[] = ['2026-05-28T20:26:55Z', 2n ** 63n - 1n, -(2n ** 63n), 0.1, 1e300]
  const event = cpuEvent({ duration: 9_007_199_254_740_993n, series: [cpuSeries([cells])] })
  const text = toExactJson(kapacitorPayload(event, 0))
  t.true(text.includes('9223372036854775807,-9223372036854775808,0.1,1e+300'), text)
  t.true(text.includes('"duration":9007199254740993'))
  t.like(fromExactJson(text), { duration: 9_007_199_254_740_993n })
})

test('the time has as many digits as are needed, before 1970 too', t => {
  const at = (time: bigint) => rendered(cpuEvent({ time })).time
  t.is(at(0n), '1970-01-01T00:00:00Z')
  t.is(at(1_500_000_000n), '1970-01-01T00:00:01.5Z')
  t.is(at(-1n), '1969-12-31T23:59:59.999999999Z')
})

test('an empty name and empty tags are left out, as Kapacitor does', t => {
  const bare = { name: '', tags: {}, columns: ['time', 'x'], values: [['2026-05-28T20:26:55Z', 1]] }
  t.deepEqual(rendered(cpuEvent({ series: [bare] })).data, {
    series: [{ columns: ['time', 'x'], values: [['2026-05-28T20:26:55Z', 1]] }],
  })
})

test("the author's details are sent as they are", t => {
  t.is(rendered(cpuEvent({ details: 'runbook <b>cpu</b>' })).details, 'runbook <b>cpu</b>')
  t.is(rendered(cpuEvent({ details: '' })).details, '')
})

test('without details a few lines tell the task, the group and the fields', t => {
  const lines = [
    'task: cpu_alert',
    'host: alpha',
    'region: eu',
    'idle: 5',
    'note: n 3',
    'ok: true',
    'usage: 95.5',
  ]
  t.is(rendered(cpuEvent()).details, lines.join('\n'))
})

test('of a batch the details show the point that decided', t => {
  const row = (time: string, usage: number): Cell[] => [`2026-05-28T20:26:${time}Z`, 1n, null, true, usage]
  const series = [cpuSeries([row('40', 91), row('55', 99), row('59', 12)])]
  t.regex(rendered(cpuEvent({ series })).details, /usage: 99$/)
  const elsewhere = cpuEvent({ series, time: 0n })
  t.regex(rendered(elsewhere).details, /usage: 12$/, 'else the newest')
})

test('an event that comes more than five minutes late says how late', t => {
  const details = (lateByMs: number) => rendered(cpuEvent({ details: 'text' }), lateByMs).details
  t.is(details(300_000), 'text')
  t.is(details(300_001), 'text\nDelivered 5m late by kapacitor-squadcast.')
  t.is(details(72 * 60_000 + 5_000), 'text\nDelivered 1h12m late by kapacitor-squadcast.')
  t.is(details(49 * 3_600_000), 'text\nDelivered 2d1h late by kapacitor-squadcast.')
  t.is(details(48 * 3_600_000 + 60_000), 'text\nDelivered 2d late by kapacitor-squadcast.')
})

test('what was left out of the event is said', t => {
  t.regex(
    rendered(cpuEvent({ cut: 'Left out for size: 3 columns.' })).details,
    /\nLeft out for size: 3 columns\.$/,
  )
})

test('the bare body has every key and nothing to object to', t => {
  const event = cpuEvent({ message: `a\u0000b\n${'é'.repeat(2_000)}`, details: 'x' })
  const body = JSON.parse(toExactJson(bareKapacitorPayload(event)))
  t.deepEqual(Object.keys(body), Object.keys(JSON.parse(posts[0]!)))
  t.like(body, { id: 'cpu/alpha', level: 'CRITICAL', details: '', data: { series: [] } })
  t.regex(body.message, /^a b é+… \(1004 characters left out\)$/)
})
