// Recordings of hysteresis, flapping, shared ids, Chronograf's rules, deadmen and batches: the events are the
// fold of what Kapacitor itself posted for the same points.
import { readFileSync } from 'node:fs'
import test from 'ava'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { fromExactJson, toExactJson } from '../../src/incident/event.ts'
import { kapacitorPayload } from '../../src/squadcast/kapacitor-payload.ts'
import { Conversation } from '../fakes/conversation.ts'
import { byId, fold, type Post, readPosts } from '../fakes/posts.ts'

interface Recorded {
  readonly task: string
  readonly isBatch?: boolean
  readonly posts: (post: Post) => boolean
  readonly apart: readonly string[]
}

const begins =
  (prefix: string) =>
  ({ id }: Post): boolean =>
    id.startsWith(prefix)

const shared =
  (measurement: string) =>
  (post: Post): boolean =>
    post.id.startsWith('shared/') &&
    (post.data as { series: { name: string }[] }).series[0]?.name === measurement

const RECORDED: readonly Recorded[] = [
  { task: 'hysteresis_alert', posts: begins('ha/'), apart: ['details'] },
  { task: 'flapping', posts: begins('flap/'), apart: ['details'] },
  { task: 'shared_cpu', posts: shared('cpu'), apart: ['details'] },
  { task: 'shared_mem', posts: shared('mem'), apart: ['details'] },
  { task: 'chronograf', posts: begins('CPU usage-'), apart: ['details'] },
  { task: 'deadman', posts: begins('dead/'), apart: ['details'] },
  { task: 'window_tags', isBatch: true, posts: begins('wt/'), apart: ['details', 'time'] },
  { task: 'query_alert', isBatch: true, posts: begins('qa/'), apart: ['details', 'time'] },
]

async function play({ task, isBatch }: Pick<Recorded, 'task' | 'isBatch'>): Promise<IncidentEvent[]> {
  const bytes = readFileSync(new URL(`../fixtures/more/${task}.req`, import.meta.url))
  const { events } = await new Conversation({ edge: isBatch ? 'BATCH' : 'STREAM' }).play([bytes])
  return events
}

const asPost = (event: IncidentEvent): Post => fromExactJson(toExactJson(kapacitorPayload(event, 0))) as Post

for (const recorded of RECORDED) {
  test(`${recorded.task} tells what Kapacitor's own post told`, async t => {
    const without = (post: Post): Record<string, unknown> =>
      Object.fromEntries(Object.entries(post).filter(([key]) => !recorded.apart.includes(key)))
    const expected = byId(fold(readPosts('more/posts.jsonl').filter(recorded.posts)), ({ id }) => id)
    const told = byId((await play(recorded)).map(asPost), ({ id }) => id)
    t.true(expected.size > 0)
    t.deepEqual([...told.keys()].sort(), [...expected.keys()].sort())
    for (const [id, posts] of expected) t.deepEqual(told.get(id)!.map(without), posts.map(without), id)
  })
}

const THRESHOLDS = [
  ['hysteresis_alert', 'hysteresis_thresholds', /^h[an]\//, false],
  ['query_alert', 'query_thresholds', /^q[an]\//, true],
] as const

for (const [byAlert, byNode, prefix, isBatch] of THRESHOLDS) {
  test(`${byNode} makes the events of ${byAlert}: the same rule on the same points`, async t => {
    // Two queries of the same data run at times of their own.
    const clock = (e: IncidentEvent): string => (isBatch ? '' : `${e.time} ${e.duration}`)
    const line = (e: IncidentEvent): string =>
      `${e.incident.replace(prefix, '')} ${e.previousLevel} ${e.level} ${clock(e)}`
    const story = (events: readonly IncidentEvent[]): string[] =>
      [...byId(events.map(line), text => text.split(' ')[0]!)].flatMap(([, lines]) => lines)
    const expected = story(await play({ task: byAlert, isBatch }))
    t.true(expected.length > 10)
    t.deepEqual(story(await play({ task: byNode, isBatch })), expected)
  })
}
