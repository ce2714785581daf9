// Batches go back whole or not at all: an End without its Begin would kill Kapacitor.
import test from 'ava'
import { Commits } from '../fakes/commits.ts'
import { Conversation, type ConversationOptions } from '../fakes/conversation.ts'
import { option } from '../fakes/peer.ts'
import { batchPoint, begin, bytesOf, end, flag, init, type Message } from '../fakes/requests.ts'

const CRIT = option('crit', '"usage" > 90')

const batch = (host: string, ...values: readonly number[]): Message[] => [
  begin(host),
  ...values.map((value, i) => batchPoint(host, { fieldsDouble: { usage: value } }, i)),
  end(host),
]

function open(options: readonly Message[], settings: ConversationOptions = {}) {
  const conversation = new Conversation({ edge: 'BATCH', ...settings })
  conversation.say(init(...options))
  const before = conversation.output.length
  return { conversation, returned: () => conversation.output.subarray(before) }
}

/** A batch, frame by frame, each in a chunk of its own. */
async function sayApart(conversation: Conversation, messages: readonly Message[]): Promise<void> {
  for (const message of messages) {
    conversation.say(message)
    await Promise.resolve()
  }
}

test('a batch that made an event comes back whole, as it came; others do not', async t => {
  const { conversation, returned } = open([CRIT])
  await sayApart(conversation, [...batch('calm', 1), ...batch('a', 1, 91, 2), ...batch('a', 92)])
  await conversation.session.end('closed')
  t.deepEqual(returned(), bytesOf(...batch('a', 1, 91, 2)))
})

test('a batch that changes its incident without an event does not come back', async t => {
  const { conversation, returned } = open([CRIT, option('warn', '"usage" > 50')])
  conversation.say(...batch('a', 91), ...batch('a', 60))
  await conversation.session.end('closed')
  t.is(conversation.changes.length, 2)
  t.deepEqual(returned(), bytesOf(...batch('a', 91)))
})

test('an empty batch is nothing, and comes back only where everything is passed through', async t => {
  const { conversation, returned } = open([CRIT])
  conversation.say(...batch('a', 91), ...batch('a'))
  await conversation.session.end('closed')
  t.deepEqual(returned(), bytesOf(...batch('a', 91)))
  const through = open([CRIT, flag('passThrough')])
  through.conversation.say(...batch('a'))
  t.deepEqual(through.returned(), bytesOf(...batch('a')))
})

test('a batch comes back after its commit, and not before', async t => {
  const commits = new Commits()
  const { conversation, returned } = open([CRIT], { commit: commits.commit })
  conversation.say(...batch('a', 91), ...batch('b', 91))
  t.is(returned().length, 0)
  await commits.keep(0)
  t.deepEqual(returned(), bytesOf(...batch('a', 91), ...batch('b', 91)))
})

test('with passThrough only the End waits for the commit, with all that follows it', async t => {
  const commits = new Commits()
  const { conversation, returned } = open([CRIT, flag('passThrough')], { commit: commits.commit })
  const said = [...batch('a', 91, 92), ...batch('b', 1)]
  await sayApart(conversation, said)
  t.deepEqual(returned(), bytesOf(...said.slice(0, 3)))
  await commits.keep(0)
  t.deepEqual(returned(), bytesOf(...said))
})

test('a batch longer than max-message makes its event but does not come back, and is told', async t => {
  const long = batch('a', ...Array.from({ length: 20 }, (_, i) => 80 + i))
  const bytes = bytesOf(...long).length
  const { conversation, returned } = open([CRIT], { maxMessageBytes: bytes - 1 })
  await sayApart(conversation, [...long, ...batch('b', 91)])
  await conversation.session.end('closed')
  t.deepEqual(
    conversation.events.map(({ incident }) => incident),
    ['cpu_alert:cpu:host=a', 'cpu_alert:cpu:host=b'],
  )
  t.is(conversation.events[0]?.series[0]?.values.length, 20)
  t.deepEqual(conversation.happenings, [`not returned ${bytes} too-long`, 'ended closed'])
  t.deepEqual(returned(), bytesOf(...batch('b', 91)))
})

test('a batch of exactly max-message comes back', async t => {
  const fitting = batch('a', 91)
  const { conversation, returned } = open([CRIT], { maxMessageBytes: bytesOf(...fitting).length })
  conversation.say(...fitting)
  await conversation.session.end('closed')
  t.deepEqual(returned(), bytesOf(...fitting))
})

test('a long batch is passed through all the same', async t => {
  const long = batch('a', ...Array.from({ length: 20 }, (_, i) => 80 + i))
  const { conversation, returned } = open([CRIT, flag('passThrough')], { maxMessageBytes: 200 })
  await sayApart(conversation, long)
  await conversation.session.end('closed')
  t.deepEqual(returned(), bytesOf(...long))
})

test('a batch that begins while too much waits for the store is left out whole, and told', async t => {
  for (const options of [[CRIT], [CRIT, flag('passThrough')]]) {
    const commits = new Commits()
    const { conversation, returned } = open(options, { commit: commits.commit, maxHeldBytes: 1 })
    conversation.say(...batch('a', 91))
    const left = batch('b', 91, 92)
    await sayApart(conversation, left)
    t.is(conversation.events.length, 2)
    t.deepEqual(conversation.happenings, [`not returned ${bytesOf(...left).length} store-too-slow`])
    await commits.keep(0)
    t.deepEqual(returned(), bytesOf(...batch('a', 91)))
    conversation.say(...batch('c', 91))
    await commits.keep(1)
    await commits.keep(2)
    t.deepEqual(returned(), bytesOf(...batch('a', 91), ...batch('c', 91)))
  }
})

test('a batch that began in time is passed through to its End, though too much waits by then', async t => {
  const commits = new Commits()
  const { conversation, returned } = open([CRIT, flag('passThrough')], {
    commit: commits.commit,
    maxHeldBytes: 1,
  })
  const [first, ...rest] = batch('b', 91, 92)
  conversation.say(...batch('a', 91), first!)
  await sayApart(conversation, rest)
  await commits.keep(0)
  await commits.keep(1)
  t.deepEqual(returned(), bytesOf(...batch('a', 91), ...batch('b', 91, 92)))
  t.deepEqual(conversation.happenings, [])
})

test('a batch whose commit fails for good does not come back; passed through it does', async t => {
  for (const [options, expected] of [
    [[CRIT], []],
    [[CRIT, flag('passThrough')], batch('a', 91)],
  ] as const) {
    const commits = new Commits()
    const { conversation, returned } = open(options, { commit: commits.commit })
    conversation.say(...batch('a', 91))
    await commits.break(0)
    t.deepEqual(returned(), bytesOf(...expected))
  }
})

test('a batch that never ended is never judged', async t => {
  const { conversation, returned } = open([CRIT])
  conversation.say(...batch('a', 91).slice(0, -1))
  await conversation.session.end('closed')
  t.deepEqual([conversation.events.length, returned().length], [0, 0])
})
