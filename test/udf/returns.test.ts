// What goes back to Kapacitor and when: everything once and in order, nothing before its commit.
import test from 'ava'
import fc from 'fast-check'
import { Output } from '../../src/udf/output.ts'
import { Commits } from '../fakes/commits.ts'
import { Conversation, type ConversationOptions } from '../fakes/conversation.ts'
import { option, point } from '../fakes/peer.ts'
import { bytesOf, flag, init, type Message } from '../fakes/requests.ts'

const CRIT = option('crit', '"usage" > 90')
const usage = (host: string, value: number, second = 0): Message =>
  point(host, { fieldsDouble: { usage: value } }, second)

interface Opened {
  readonly conversation: Conversation
  readonly commits: Commits
  /** Data that has come back so far. */
  readonly returned: () => Buffer
}

function open(options: readonly Message[], settings: ConversationOptions = {}): Opened {
  const commits = new Commits()
  const conversation = new Conversation({ ...settings, commit: commits.commit })
  conversation.say(init(...options))
  const before = conversation.output.length
  return { conversation, commits, returned: () => conversation.output.subarray(before) }
}

test('an event point comes back unchanged after its commit, and not before', async t => {
  const { conversation, commits, returned } = open([CRIT])
  conversation.say(usage('calm', 1), usage('a', 91), usage('calm', 2))
  t.is(returned().length, 0)
  await commits.keep(0)
  t.deepEqual(returned(), bytesOf(usage('a', 91)))
})

test('points come back in the order in which they came, whatever the order of the commits', async t => {
  const { conversation, commits, returned } = open([CRIT])
  conversation.say(usage('a', 91))
  conversation.say(usage('b', 91))
  conversation.say(usage('c', 91))
  await commits.keep(2)
  await commits.keep(1)
  t.is(returned().length, 0)
  await commits.keep(0)
  t.deepEqual(returned(), bytesOf(usage('a', 91), usage('b', 91), usage('c', 91)))
})

test('a repeated level is no event: its point does not come back', async t => {
  const { conversation, commits, returned } = open([CRIT])
  conversation.say(usage('a', 91))
  await commits.keep(0)
  const first = returned().length
  conversation.say(usage('a', 92, 1))
  t.is(commits.count, 1)
  t.is(returned().length, first)
})

test('a change that is no event is committed, and brings no point back', async t => {
  const { conversation, commits, returned } = open([CRIT, option('warn', '"usage" > 50')])
  conversation.say(usage('a', 91))
  conversation.say(usage('a', 60, 1))
  t.is(commits.count, 2)
  await commits.keep(0)
  await commits.keep(1)
  t.deepEqual(returned(), bytesOf(usage('a', 91)))
})

test('an answer overtakes points that wait for the store', async t => {
  const { conversation, commits } = open([CRIT])
  conversation.say(usage('a', 91), { keepalive: { time: '7' } })
  t.deepEqual(
    conversation.answers.map(({ message }) => message),
    ['init', 'keepalive'],
  )
  await commits.keep(0)
  t.is(conversation.answers[2]?.message, 'point')
})

interface Chunk {
  readonly messages: Message[]
  readonly changes: boolean
}

/** Chunks of calm points; some open an incident of their own. */
const chunks = fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 12,
})

const asChunks = (shape: readonly boolean[][]): Chunk[] =>
  shape.map((points, i) => ({
    messages: points.map((opens, j) => usage(`host${i}-${j}`, opens ? 91 : 1, j)),
    changes: points.includes(true),
  }))

test('with passThrough everything comes back byte for byte, in order, no chunk before its commit', async t => {
  await fc.assert(
    fc.asyncProperty(chunks, fc.infiniteStream(fc.nat()), async (shape, choices) => {
      const { conversation, commits, returned } = open([CRIT, flag('passThrough')])
      const sent = asChunks(shape)
      for (const { messages } of sent) conversation.say(...messages)
      const unkept = sent.flatMap((chunk, i) => (chunk.changes ? [i] : []))
      const numbers = new Map(unkept.map((chunk, number) => [chunk, number]))
      const readyBytes = () => bytesOf(...sent.slice(0, unkept[0] ?? sent.length).flatMap(c => c.messages))
      while (unkept.length > 0) {
        t.deepEqual(returned(), readyBytes())
        const [chunk] = unkept.splice((choices.next().value as number) % unkept.length, 1)
        await commits.keep(numbers.get(chunk!)!)
      }
      t.deepEqual(returned(), readyBytes())
    }),
    { numRuns: 60 },
  )
})

test('an answer between two points leaves no trace in what is passed through', t => {
  const { conversation, returned } = open([CRIT, flag('passThrough')])
  const said = [usage('a', 1), { snapshot: {} }, usage('b', 1), { keepalive: {} }, usage('c', 1)]
  conversation.say(...said)
  const data = bytesOf(usage('a', 1), usage('b', 1), usage('c', 1))
  t.deepEqual(returned().subarray(-data.length), data)
  t.is(conversation.answers.length, 1 + said.length)
})

test('with passThrough nothing is added, not even under a configured name', async t => {
  const { conversation, commits, returned } = open([CRIT, flag('passThrough'), option('levelField', 'level')])
  conversation.say(usage('a', 91))
  await commits.keep(0)
  t.deepEqual(returned(), bytesOf(usage('a', 91)))
})

test('while too much waits for the store, event points are not returned, and are told; their events are kept', async t => {
  const size = bytesOf(usage('a', 91)).length
  const { conversation, commits, returned } = open([CRIT], { maxHeldBytes: size + 1 })
  for (const host of ['a', 'b', 'c']) conversation.say(usage(host, 91))
  t.is(conversation.events.length, 3)
  t.deepEqual(conversation.happenings, [`not returned ${size} store-too-slow`])
  for (const i of [0, 1, 2]) await commits.keep(i)
  t.deepEqual(returned(), bytesOf(usage('a', 91), usage('b', 91)))
  conversation.say(usage('d', 91))
  await commits.keep(3)
  t.deepEqual(returned(), bytesOf(usage('a', 91), usage('b', 91), usage('d', 91)))
})

test('while too much waits for the store, points are not passed through, and are told', async t => {
  const { conversation, commits, returned } = open([CRIT, flag('passThrough')], { maxHeldBytes: 1 })
  conversation.say(usage('a', 91))
  conversation.say(usage('a', 92), usage('b', 1))
  const [first, second] = [bytesOf(usage('a', 92)).length, bytesOf(usage('b', 1)).length]
  t.deepEqual(conversation.happenings, [
    `not returned ${first} store-too-slow`,
    `not returned ${second} store-too-slow`,
  ])
  await commits.keep(0)
  conversation.say(usage('b', 2))
  t.deepEqual(returned(), bytesOf(usage('a', 91), usage('b', 2)))
})

test('an event point whose commit fails for good does not come back, and holds up nobody', async t => {
  const { conversation, commits, returned } = open([CRIT])
  conversation.say(usage('a', 91))
  conversation.say(usage('b', 91))
  await commits.keep(1)
  await commits.break(0)
  t.deepEqual(returned(), bytesOf(usage('b', 91)))
  await conversation.session.end('closed')
})

test('a point that is passed through comes back though its commit failed for good', async t => {
  const { conversation, commits, returned } = open([CRIT, flag('passThrough')])
  conversation.say(usage('a', 91))
  await commits.break(0)
  t.deepEqual(returned(), bytesOf(usage('a', 91)))
})

test('the end waits for the commits of what was received', async t => {
  const { conversation, commits, returned } = open([CRIT])
  conversation.say(usage('a', 91))
  let ended = false
  const end = conversation.session.end('closed').then(() => (ended = true))
  await new Promise(resolve => setImmediate(resolve))
  t.false(ended)
  await commits.keep(0)
  await end
  t.deepEqual(returned(), bytesOf(usage('a', 91)))
})

test('what is given up is counted, and never comes back, however its commit ends', async t => {
  const { conversation, commits, returned } = open([CRIT])
  conversation.say(usage('a', 91))
  conversation.say(usage('b', 91))
  const ended = conversation.session.end('closed')
  conversation.session.abandon()
  await ended
  await commits.keep(0)
  await commits.break(1)
  conversation.session.abandon()
  t.is(returned().length, 0)
  const bytes = bytesOf(usage('a', 91), usage('b', 91)).length
  t.deepEqual(conversation.happenings, ['ended closed', `not returned ${bytes} not-committed-in-time`])
})

test('what is given up counts as waiting no more, though its commit fails later', async t => {
  const commits = new Commits()
  const output = new Output({ write: () => t.fail() })
  output.data([Buffer.alloc(10)], commits.commit(), 'drop')
  t.is(output.heldBytes, 10)
  t.is(output.abandon(), 10)
  await commits.break(0)
  t.is(output.heldBytes, 0)
})

test('what waits for its commit is a copy of what was read, and keeps no more of it', async t => {
  const commits = new Commits()
  const written: Buffer[] = []
  const output = new Output({ write: bytes => written.push(bytes) })
  const chunk = Buffer.alloc(1 << 20, 'a chunk ')
  output.data([chunk.subarray(0, 8), chunk.subarray(16, 24)], commits.commit(), 'drop')
  output.data([chunk.subarray(2, 7)], undefined, 'drop')
  chunk.fill(0)
  await commits.keep(0)
  t.is(String(Buffer.concat(written)), 'a chunk a chunk chunk')
  for (const { buffer } of written) t.true(buffer.byteLength < chunk.length)
})
