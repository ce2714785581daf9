// What is optional in an alert never refuses it: what cannot be read is left out, and named.
import test from 'ava'
import type { PostedAlert } from '../../src/incident/posts.ts'
import { ALERT, listening } from './listening.ts'

const { id, message } = ALERT
const SECOND = 1_000_000_000n

/** The clock of the stage stands at 0. */
const PLAIN: PostedAlert = {
  id,
  level: 3,
  message,
  time: 1_780_000_015n * SECOND + SECOND / 2n,
  recoverable: true,
  series: [],
}
/** No time can be read. */
const ARRIVED: PostedAlert = { ...PLAIN, time: 0n, timedByArrival: true }
const without = (part: keyof PostedAlert): Partial<PostedAlert> => {
  const { [part]: _, ...rest } = PLAIN
  return rest
}
const cpu = { name: 'cpu', tags: {}, columns: [], values: [] }

const UNREADABLE: readonly (readonly [posted: object, taken: object, sentence: RegExp])[] = [
  [
    { time: 'yesterday' },
    ARRIVED,
    /^time: time is 'yesterday': the current time is used \(expected RFC 3339/,
  ],
  [{ time: '2026-02-30T00:00:00Z' }, ARRIVED, /the current time is used/],
  [{ time: '2026-02-03T00:00:00' }, ARRIVED, /the current time is used/],
  [{ time: 1_780_000_000 }, ARRIVED, /^time: time is '1780000000': the current time is used/],
  [{ time: { seconds: 1 } }, ARRIVED, /time is an object/],
  [
    { duration: 'a while' },
    PLAIN,
    /^duration: duration is 'a while': ignored \(expected nanoseconds, or a text such as 1m30s/,
  ],
  [{ duration: '1m30' }, PLAIN, /duration is '1m30'/],
  [{ duration: 0.1666 }, PLAIN, /duration is '0.1666': ignored/],
  [{ duration: [] }, PLAIN, /duration is a list/],
  [{ recoverable: 'yes' }, PLAIN, /^recoverable: recoverable is 'yes': true is used/],
  [{ previousLevel: 'FATAL' }, PLAIN, /^previousLevel: previousLevel is 'FATAL': ignored/],
  [{ message: {} }, without('message'), /^message: message is an object: ignored/],
  [{ details: [] }, PLAIN, /^details: details is a list: ignored/],
  [{ data: '&{cpu map[host:a]}' }, PLAIN, /^data: data is no object: its points are left out/],
  [{ data: { series: {} } }, PLAIN, /data\.series is no list/],
  [
    { data: { series: ['cpu', { name: 'cpu' }] } },
    { ...PLAIN, series: [cpu] },
    /data\.series\[0\] is no object/,
  ],
  [{ data: { series: [{ tags: 'host=a' }] } }, PLAIN, /data\.series\[0\] has tags that are no object/],
  [{ data: { series: [{ columns: [1] }] } }, PLAIN, /data\.series\[0\] has columns that are no texts/],
  [{ data: { series: [{ values: [1] }] } }, PLAIN, /data\.series\[0\] has values that are no rows/],
]

for (const [posted, taken, sentence] of UNREADABLE)
  test(`the page is taken, and the sender hears of it: ${JSON.stringify(posted)}`, async t => {
    const stage = await listening(t)
    const { status, body } = await stage.ask({ body: JSON.stringify({ ...ALERT, ...posted }) })
    t.is(status, 202)
    t.deepEqual(stage.taken[0]?.alert, taken as PostedAlert)
    t.is(stage.unreadable.length, 1)
    t.regex(stage.unreadable[0]!, sentence)
    const { warnings } = JSON.parse(body) as { warnings: string[] }
    t.deepEqual(
      warnings.map(text => `${Object.keys(posted)[0]}: ${text}`),
      stage.unreadable,
    )
  })

const READABLE: readonly (readonly [posted: object, taken: object])[] = [
  [{ time: '2026-05-28 20:26:55.5 +0000 UTC' }, PLAIN],
  [{ time: '2026-05-28 22:26:55.5 +0200 CEST' }, PLAIN],
  [{ time: '2026-05-28 20:26:55.5 +0000 UTC m=+0.012' }, PLAIN],
  [{ duration: '1m30s' }, { ...PLAIN, duration: 90n * SECOND }],
  [{ duration: '1h0m0.5s' }, { ...PLAIN, duration: 3600n * SECOND + SECOND / 2n }],
  [{ duration: '1.5µs' }, { ...PLAIN, duration: 1500n }],
  [{ duration: '-2m' }, { ...PLAIN, duration: 0n }],
  [{ duration: '90000000000' }, { ...PLAIN, duration: 90n * SECOND }],
  [{ duration: 1.5e9 }, { ...PLAIN, duration: 1_500_000_000n }],
  [{ duration: 1e300 }, { ...PLAIN, duration: 2n ** 63n - 1n }],
  [{ recoverable: 'False' }, { ...PLAIN, recoverable: false }],
  [{ previousLevel: 'warning' }, { ...PLAIN, previousLevel: 2 }],
  [{ level: 'critical' }, PLAIN],
  [{ id: 7 }, { ...PLAIN, id: '7' }],
  [{ message: 5 }, { ...PLAIN, message: '5' }],
  [{ message: '' }, without('message')],
  [{ message: ' \n' }, without('message')],
  [
    {
      data: { series: [{ name: 1, tags: { host: 7, rack: null }, columns: ['a'], values: [[{ b: [1] }]] }] },
    },
    {
      ...PLAIN,
      series: [{ name: '1', tags: { host: '7', rack: '' }, columns: ['a'], values: [['{"b":[1]}']] }],
    },
  ],
]

for (const [posted, taken] of READABLE)
  test(`what templates and other senders write is read: ${JSON.stringify(posted)}`, async t => {
    const stage = await listening(t)
    const { status, body } = await stage.ask({ body: JSON.stringify({ ...ALERT, ...posted }) })
    t.is(status, 202)
    t.deepEqual(stage.taken[0]?.alert, taken as PostedAlert)
    t.deepEqual(stage.unreadable, [])
    t.notRegex(body, /warnings/)
  })

test('all that cannot be read is named at once', async t => {
  const stage = await listening(t)
  await stage.ask({ body: JSON.stringify({ ...ALERT, time: 1, duration: 'x', data: 1 }) })
  t.deepEqual(
    stage.unreadable.map(text => text.split(':', 1)[0]),
    ['duration', 'time', 'data'],
  )
})
