// Real Kapacitor traffic through whole conversations: what the sidecar makes of it is what `.post()` told.
import test from 'ava'
import fc from 'fast-check'
import { Book } from '../../src/incident/book.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { fromExactJson, toExactJson } from '../../src/incident/event.ts'
import { kapacitorPayload } from '../../src/squadcast/kapacitor-payload.ts'
import { frame } from '../../src/wire/frame.ts'
import { Conversation } from '../fakes/conversation.ts'
import { byId, fold, type Post, readPosts } from '../fakes/posts.ts'
import { BATCH_TASKS, bodies, connections, frames, recording, TASKS, type Task } from '../fakes/recordings.ts'
import { encodeRequest, plainRequest, plainResponse } from '../fakes/udf-types.ts'

type Cut = (bytes: Buffer) => Buffer[]

const whole: Cut = bytes => [bytes]
const byteByByte: Cut = bytes => Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))

/** Both connections of a task, one after the other, on one book. */
async function play(
  task: Task,
  cut: Cut = whole,
): Promise<{ events: IncidentEvent[]; conversations: Conversation[] }> {
  const book = new Book()
  const conversations: Conversation[] = []
  for (const bytes of connections(task)) {
    const edge = BATCH_TASKS.has(task) ? 'BATCH' : 'STREAM'
    conversations.push(await new Conversation({ book, edge }).play(cut(bytes)))
  }
  return { events: conversations.flatMap(({ events }) => events), conversations }
}

const COUNTS: Record<Task, readonly [triggers: number, escalations: number, resolves: number, open: number]> =
  {
    alert_fields: [112, 38, 58, 54],
    alert_tags: [81, 0, 59, 22],
    window_alert: [40, 0, 24, 16],
    thresholds: [127, 16, 83, 44],
    window_thresholds: [2, 0, 2, 0],
    eval_level: [66, 0, 66, 0],
    alert_noposts: [0, 0, 0, 0],
    all_types: [0, 0, 0, 0],
  }

function count(events: readonly IncidentEvent[]): [number, number, number, number] {
  const open = new Set<string>()
  const counts: [number, number, number, number] = [0, 0, 0, 0]
  for (const { kind, incident } of events) {
    if (kind === 'resolve') {
      open.delete(incident)
      counts[2]++
    } else if (open.has(incident)) counts[1]++
    else {
      open.add(incident)
      counts[0]++
    }
  }
  counts[3] = open.size
  return counts
}

for (const task of TASKS) {
  test(`${task} makes as many triggers, escalations and resolves as its points say`, async t => {
    const { events, conversations } = await play(task)
    t.deepEqual(count(events), [...COUNTS[task]])
    t.deepEqual(
      conversations.flatMap(({ happenings }) => happenings),
      ['ended closed', 'ended closed'],
    )
  })

  test(`${task} makes the same events and output byte by byte`, async t => {
    const expected = await play(task)
    const cut = await play(task, byteByByte)
    t.deepEqual(cut.events, expected.events)
    for (const [i, { output }] of cut.conversations.entries()) {
      const wanted = expected.conversations[i]!.output
      t.deepEqual(dataFrames(output, plainResponse), dataFrames(wanted, plainResponse))
      t.is(bodies(output).length, bodies(wanted).length)
    }
  })

  test(`${task} makes the same events cut at random`, async t => {
    const expected = await play(task)
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 700 })), async sizes => {
        const { events } = await play(task, bytes => pieces(bytes, sizes))
        t.deepEqual(events, expected.events)
      }),
      { numRuns: 10 },
    )
  })
}

function pieces(bytes: Buffer, sizes: Iterator<number>): Buffer[] {
  const found: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const size = sizes.next().value as number
    found.push(bytes.subarray(from, from + size))
    from += size
  }
  return found
}

const POSTED: readonly (readonly [task: Task, prefix: string, apart: readonly string[]])[] = [
  ['alert_fields', 'cpu/', ['details']],
  ['alert_tags', 'tags-', ['details']],
  ['window_alert', 'win/', ['details', 'time']],
]

for (const [task, prefix, apart] of POSTED) {
  test(`${task} tells what Kapacitor's own post told, key by key, in order per incident`, async t => {
    const posts = fold(readPosts('kapacitor-posts.jsonl').filter(({ id }) => id.startsWith(prefix)))
    const { events } = await play(task)
    const told = events.map(event => fromExactJson(toExactJson(kapacitorPayload(event, 0))) as Post)
    const without = (post: Post): Record<string, unknown> =>
      Object.fromEntries(Object.entries(post).filter(([key]) => !apart.includes(key)))
    const expected = byId(posts, ({ id }) => id)
    const actual = byId(told, ({ id }) => id)
    t.true(expected.size > 10)
    t.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort())
    for (const [id, bodiesOfId] of expected)
      t.deepEqual(actual.get(id)!.map(without), bodiesOfId.map(without), id)
  })
}

const DATA = new Set(['begin', 'point', 'end'])

function dataFrames(bytes: Buffer, decode: typeof plainRequest): string[] {
  const decoded = bodies(bytes).map(body => decode(body).message)
  return frames(bytes)
    .filter((_, i) => DATA.has(decoded[i]!))
    .map(found => found.toString('hex'))
}

for (const task of ['thresholds', 'window_thresholds', 'all_types'] as const) {
  test(`${task} gets its data back byte for byte, once and in order`, async t => {
    for (const bytes of connections(task)) {
      const edge = BATCH_TASKS.has(task) ? 'BATCH' : 'STREAM'
      const { output } = await new Conversation({ edge }).play([bytes])
      const sent = dataFrames(bytes, plainRequest)
      t.deepEqual(dataFrames(output, plainResponse), sent)
    }
  })
}

for (const task of ['alert_fields', 'alert_tags', 'eval_level'] as const) {
  test(`${task} gets back only the points that made an event`, async t => {
    const { conversations, events } = await play(task)
    const returned = conversations.flatMap(({ output }) => dataFrames(output, plainResponse))
    const sent = new Set(connections(task).flatMap(bytes => dataFrames(bytes, plainRequest)))
    t.is(returned.length, events.length)
    t.true(returned.every(found => sent.has(found)))
  })
}

test('window_alert gets back only the batches that made an event, whole', async t => {
  const { conversations, events } = await play('window_alert')
  const returned = conversations.flatMap(({ output }) => bodies(output).map(plainResponse))
  const edges = returned.filter(({ message }) => DATA.has(message)).map(({ message }) => message)
  t.is(edges.filter(edge => edge === 'begin').length, events.length)
  t.regex(edges.join(' '), /^(begin (point )+end ?)+$/)
})

/** The same bytes with an option taken out of the script. */
function withoutOption(bytes: Buffer, option: string): Buffer {
  const changed = bodies(bytes).map(body => {
    const request = plainRequest(body) as { message: string; init?: { options: { name: string }[] } }
    if (!request.init) return frame(body)
    const options = request.init.options.filter(({ name }) => name !== option)
    return frame(encodeRequest({ init: { ...request.init, options } }))
  })
  return Buffer.concat(changed)
}

test('without its reset, thresholds makes the same events but for six resolves, which then come from WARNING', async t => {
  const withReset = (await play('thresholds')).events
  const without = (await play('thresholds', bytes => [withoutOption(bytes, 'critReset')])).events
  t.is(without.length, withReset.length)
  const different = withReset.flatMap((event, i) =>
    event.previousLevel === without[i]!.previousLevel
      ? []
      : [`${event.incident} ${event.kind} ${event.previousLevel} ${without[i]!.previousLevel}`],
  )
  const hosts = ['alpha', 'g12', 'g24', 'g24', 'g4', 'g7']
  t.deepEqual(
    different.sort(),
    hosts.map(host => `thresholds/${host} resolve CRITICAL WARNING`),
  )
})

test('a task without levels makes no event, and every point of it is counted', async t => {
  const { conversations } = await play('alert_noposts')
  const points = conversations.reduce((sum, conversation) => sum + conversation.points, 0)
  t.true(points > 0)
  t.is(
    conversations.reduce((sum, conversation) => sum + conversation.unlevelled, 0),
    points,
  )
})

test('a point of every type keeps its integers to 64 bits', async t => {
  const { output } = await new Conversation().play([recording('all_types.1')])
  const points = bodies(output)
    .map(plainResponse)
    .filter(({ message }) => message === 'point')
  t.true(JSON.stringify(points).includes('9223372036854775807'))
})
