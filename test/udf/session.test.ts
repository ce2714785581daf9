// The answers of one conversation, kind by kind. Every answer is read as strictly as Kapacitor's life asks for.
import test, { type ExecutionContext } from 'ava'
import { Book } from '../../src/incident/book.ts'
import type { EdgeType } from '../../src/wire/messages.ts'
import { Conversation } from '../fakes/conversation.ts'
import { option, point } from '../fakes/peer.ts'
import { bytesOf, flag, init, type Message } from '../fakes/requests.ts'
import { MISTAKES, typed } from './mistakes.ts'

const EDGES: readonly EdgeType[] = ['STREAM', 'BATCH']
const USAGE = point('a', { fieldsDouble: { usage: 91 } })

// DESIGN's table of options.
const OFFERED: Readonly<Record<string, readonly string[]>> = {
  endpoint: ['STRING'],
  levelField: ['STRING'],
  levelTag: ['STRING'],
  idField: ['STRING'],
  idTag: ['STRING'],
  messageField: ['STRING'],
  durationField: ['STRING'],
  id: ['STRING'],
  message: ['STRING'],
  details: ['STRING'],
  info: ['STRING'],
  warn: ['STRING'],
  crit: ['STRING'],
  infoReset: ['STRING'],
  warnReset: ['STRING'],
  critReset: ['STRING'],
  minLevel: ['STRING'],
  stateChangesOnly: ['DURATION'],
  recoveryDelay: ['DURATION'],
  recoverWhenSilent: ['DURATION'],
  tag: ['STRING', 'STRING'],
  priority: ['STRING'],
  noRecoveries: [],
  passThrough: [],
  all: [],
}

for (const edge of EDGES) {
  test(`Info on the socket for ${edge} offers every option with its types`, t => {
    const conversation = new Conversation({ edge })
    t.true(conversation.say({ info: {} }))
    const offered = Object.entries(OFFERED).map(([name, valueTypes]) => [name, { valueTypes }] as const)
    t.deepEqual(conversation.answers, [
      { message: 'info', info: { wants: edge, provides: edge, options: Object.fromEntries(offered) } },
    ])
  })

  test(`an Init on the socket for ${edge} is accepted, and the node started with its settings`, t => {
    const conversation = new Conversation({ edge })
    t.true(conversation.say({ info: {} }, init(option('crit', '"usage" > 90'))))
    t.deepEqual(conversation.answers[1], { message: 'init', init: { success: true, error: '' } })
    t.like(conversation.settings, [{ task: 'cpu_alert', node: 'squadcast2' }])
    t.is(conversation.settings.length, 1)
  })
}

for (const { title, options, sentence, edge } of MISTAKES) {
  test(`${title} is answered at Init with its sentence, and then nothing more`, t => {
    const conversation = new Conversation({ edge: edge ?? 'STREAM' })
    t.false(conversation.say(init(...options), { keepalive: { time: '1' } }))
    t.false(conversation.say({ keepalive: { time: '2' } }))
    t.is(conversation.answers.length, 1)
    const { success, error } = conversation.answers[0]!.init as { success: boolean; error: string }
    t.false(success)
    if (typeof sentence === 'string') t.is(error, sentence)
    else t.regex(error, sentence)
    t.deepEqual(conversation.happenings, [`refused ${error}`])
    t.deepEqual(conversation.settings, [])
  })
}

test('a refused conversation has nothing left to wait for', async t => {
  const conversation = new Conversation()
  conversation.say(init(flag('all')))
  await conversation.session.end('closed')
  t.is(conversation.answers.length, 1)
  t.deepEqual(conversation.happenings.length, 1)
})

test('a keepalive is answered with its own time, exact to 64 bits, before Init and after', t => {
  const conversation = new Conversation()
  conversation.say({ keepalive: { time: '1780000000000000001' } }, init(), {
    keepalive: { time: '-9223372036854775808' },
  })
  t.deepEqual(
    conversation.answers.map(({ keepalive }) => keepalive),
    [{ time: '1780000000000000001' }, undefined, { time: '-9223372036854775808' }],
  )
})

test('a snapshot is empty and a restore accepted, whatever it brings', t => {
  const conversation = new Conversation()
  conversation.say(init(), { snapshot: {} }, { restore: { snapshot: Buffer.from('of an older one') } })
  const [, snapshot, restore] = conversation.answers
  t.is(snapshot?.message, 'snapshot')
  t.is((snapshot!.snapshot as { snapshot: Uint8Array }).snapshot.length, 0)
  t.deepEqual(restore, { message: 'restore', restore: { success: true, error: '' } })
  t.true(conversation.say(USAGE))
})

test('each request gets one answer, in order', t => {
  const conversation = new Conversation()
  const asked = [{ info: {} }, { info: {} }, init(), { snapshot: {} }, { keepalive: {} }, { snapshot: {} }]
  conversation.say(...asked, { info: {} })
  t.deepEqual(
    conversation.answers.map(({ message }) => message),
    ['info', 'info', 'init', 'snapshot', 'keepalive', 'snapshot', 'info'],
  )
})

test('after a second busy with data a keepalive comes unasked, one a second', t => {
  let now = 0
  const conversation = new Conversation({ monotonicMs: () => now })
  conversation.say(init())
  for (now = 100; now <= 3000; now += 100) conversation.say(USAGE)
  const signs = conversation.answers.filter(({ message }) => message === 'keepalive')
  t.is(signs.length, 3)
  t.deepEqual(signs[0]?.keepalive, { time: '1' })
})

test('a second in which something was answered needs no sign of life', t => {
  let now = 0
  const conversation = new Conversation({ monotonicMs: () => now })
  conversation.say(init())
  for (now = 100; now <= 3000; now += 100) conversation.say(USAGE, { snapshot: {} })
  t.false(conversation.answers.some(({ message }) => message === 'keepalive'))
})

test('no sign of life before Init, nor after the end', async t => {
  let now = 0
  const conversation = new Conversation({ monotonicMs: () => now })
  const info = bytesOf({ info: {} })
  now = 5000
  conversation.session.read(info.subarray(0, 1))
  conversation.session.read(info.subarray(1))
  now = 10_000
  await conversation.session.end('closed')
  t.false(conversation.say(USAGE))
  t.deepEqual(
    conversation.answers.map(({ message }) => message),
    ['info'],
  )
})

test('the end is told once, and an end before Init not at all', async t => {
  const conversation = new Conversation()
  conversation.say(init())
  await conversation.session.end('closed')
  await conversation.session.end('reset')
  conversation.session.abandon()
  t.deepEqual(conversation.happenings, ['ended closed'])
  const unborn = new Conversation()
  unborn.say({ info: {} })
  await unborn.session.end('closed')
  t.deepEqual(unborn.happenings, [])
})

test('points are counted chunk by chunk, those without a level apart', t => {
  const conversation = new Conversation()
  conversation.say(init(option('crit', '"usage" > 90')), USAGE, point('b', { fieldsDouble: { idle: 1 } }))
  conversation.say(USAGE)
  t.deepEqual([conversation.points, conversation.unlevelled], [3, 1])
})

function failing(t: ExecutionContext): Conversation {
  class Failing extends Book {
    override hasOpen(): boolean {
      throw new Error('our own mistake')
    }
  }
  const conversation = new Conversation({ book: new Failing() })
  t.true(conversation.say(init(option('crit', '"usage" > 90'))))
  return conversation
}

test('a mistake of our own ends the conversation with an answer, and is told as such', t => {
  const conversation = failing(t)
  t.false(conversation.say(USAGE, { keepalive: {} }))
  t.deepEqual(conversation.answers[1], {
    message: 'error',
    error: { error: 'kapacitor-squadcast: an error of its own; its log says more' },
  })
  t.is(conversation.answers.length, 2)
  t.deepEqual(conversation.happenings, ['failed Error: our own mistake', 'ended malformed'])
})

test('an Init whose arguments say nothing is read as empty', t => {
  const conversation = new Conversation()
  t.false(conversation.say(init(typed('crit', { type: 'STRING' }))))
  t.regex((conversation.answers[0]!.init as { error: string }).error, /^\.crit\(\): /)
})

test('byte by byte the answers are the same', t => {
  const asked: Message[] = [{ info: {} }, init(), { keepalive: { time: '7' } }, { snapshot: {} }]
  const whole = new Conversation()
  whole.say(...asked)
  const cut = new Conversation()
  for (const byte of bytesOf(...asked)) t.true(cut.session.read(Buffer.of(byte)))
  t.is(whole.answers.length, 4)
  t.deepEqual(cut.answers, whole.answers)
})

test('what a chunk changes is committed with the moment at which the chunk was read', async t => {
  const moments: number[] = []
  let now = 100
  const conversation = new Conversation({
    // Each look at the clock finds it later.
    monotonicMs: () => now++,
    commit: async (_, readAt) => void moments.push(readAt),
  })
  conversation.say(init(option('crit', '"usage" > 90')))
  const readFrom = now
  conversation.say(USAGE)
  t.deepEqual(moments, [readFrom])
})
