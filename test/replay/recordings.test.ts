// Recordings that Kapacitor made: what is sent for them is what Kapacitor itself sent for the same points.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import test from 'ava'
import { NOT_GROUPED } from '../../src/replay/grouping.ts'
import type { Moment } from '../../src/replay/moment.ts'
import { readScriptPlan } from '../../src/replay/script-plan.ts'
import { isSelected } from '../../src/replay/selection.ts'
import { bodies, connections } from '../fakes/recordings.ts'
import { plainRequest } from '../fakes/udf-types.ts'
import { fixture, momentsOf, sentFor } from './replayed.ts'

const STREAM = fixture('replay/stream.srpl')
const BATCH = fixture('replay/batch.brpl')
const TWO = fixture('replay/two-queries.brpl')

/** The points that a task got when it ran. */
const recorded = (task: 'thresholds' | 'all_types'): unknown[] =>
  connections(task)
    .flatMap(bytes => bodies(bytes).map(plainRequest))
    .filter(({ message }) => message === 'point')

for (const task of ['thresholds', 'all_types'] as const)
  test(`what is sent of a recording to ${task} is what Kapacitor sent to it, member by member`, async t => {
    const { selection, grouping } = readScriptPlan(readFileSync(fixture(`tickscripts/${task}.tick`), 'utf8'))
    const moments = await momentsOf(STREAM)
    const selected = moments.filter(moment => moment.kind === 'point' && isSelected(selection, moment))
    const sent = sentFor(selected, grouping)
    const wanted = recorded(task)
    t.true(wanted.length > 5)
    // The recording has one more at its end, which was made for it.
    t.is(sent.length, wanted.length + (task === 'all_types' ? 1 : 0))
    for (const [at, message] of wanted.entries()) t.deepEqual(sent[at], message)
  })

test('the files that were written hold the same points as the recording of them', async t => {
  const plain = (moment: Moment): unknown =>
    moment.kind === 'point' && [moment.series, Object.fromEntries(moment.fields), moment.time]
  const written = [...(await momentsOf(fixture('part1.lp'))), ...(await momentsOf(fixture('part2.lp')))]
  const recording = (await momentsOf(STREAM)).slice(0, -1)
  t.deepEqual(recording.map(plain), written.map(plain))
})

test('a name in quotes, signs and 64 bits survive the way through Kapacitor', async t => {
  const last = (await momentsOf(STREAM)).at(-1)!
  t.like(last, {
    series: {
      name: 'types',
      tags: [
        ['host', 'a b'],
        ['z', '='],
      ],
    },
    database: 'telegraf',
  })
  t.deepEqual(last.kind === 'point' && Object.fromEntries(last.fields), {
    ...{
      text: 'say "hi" \\ there',
      comma: 'a,b c=d',
      big: 2n ** 63n - 1n,
      neg: -1.5e-7,
      yes: true,
      no: false,
    },
  })
})

test('a batch is sent with the group that Kapacitor gave it, numbers as floats', async t => {
  const sent = sentFor(await momentsOf(BATCH), NOT_GROUPED)
  t.like(sent.slice(0, 3), [
    { begin: { name: 'swap', group: 'host=a', tags: { host: 'a' }, size: '1', byName: false } },
    {
      point: {
        ...{ name: '', group: 'host=a', dimensions: [], tags: { host: 'a' }, fieldsInt: {} },
        ...{
          fieldsDouble: { used_percent: 50, n: 3 },
          fieldsString: { text: 'x' },
          fieldsBool: { ok: true },
        },
      },
    },
    {
      end: {
        name: 'swap',
        group: 'host=a',
        tags: { host: 'a' },
        tmax: String(Date.UTC(2026, 5, 1, 0, 0, 1) * 1e6),
      },
    },
  ])
})

test('of a task with several queries one is played, and it has to be said which', async t => {
  await t.throwsAsync(momentsOf(TWO), { message: /batches of 2 queries.*--query, 0 to 1/ })
  await t.throwsAsync(momentsOf(TWO, { query: 2 }), { message: /has no query 2; there are 0, 1/ })
  const [first] = sentFor(await momentsOf(TWO, { query: 0 }), NOT_GROUPED)
  t.like(first, { begin: { group: 'swap\nhost=a', byName: true } })
  t.is((await momentsOf(TWO, { query: 1 })).length, 5)
})

test('gzip, a pipe, an empty file: told by their bytes, whatever their names are', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'kapacitor-squadcast-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const part = readFileSync(fixture('part1.lp'))
  const put = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  const { length } = await momentsOf(fixture('part1.lp'))
  t.is((await momentsOf(put('a.lp', gzipSync(part)))).length, length)
  t.is((await momentsOf(put('b.gz', Buffer.concat([gzipSync(part), gzipSync(part)])))).length, 2 * length)
  t.is((await momentsOf('-', { stdin: Readable.from([part]) })).length, length)
  t.is((await momentsOf('-', { stdin: Readable.from([readFileSync(STREAM)]) })).length, length + 420 + 1)
  t.deepEqual(await momentsOf(put('c.lp', Buffer.alloc(0))), [])
  await t.throwsAsync(momentsOf('-', { stdin: Readable.from([readFileSync(BATCH)]) }), {
    message: /recording of batches, which is read from its end: give it as a file/,
  })
  await t.throwsAsync(momentsOf(put('d.gz', gzipSync(part).subarray(0, 200))), {
    message: /cannot read .*d\.gz: it is cut off/,
  })
  await t.throwsAsync(momentsOf(put('e.brpl', readFileSync(BATCH).subarray(0, 300))), {
    message: /cannot read/,
  })
  await t.throwsAsync(momentsOf(folder), { message: /is a folder/ })
  await t.throwsAsync(momentsOf(join(folder, 'nix')), { message: /there is no such file/ })
})
