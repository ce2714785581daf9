// An Init that waits for somebody to say whether what follows is history; and Info alone, by which Kapacitor's start
// is known.
import test from 'ava'
import { ASK_INFO } from '../../src/wire/ask-info.ts'
import { settled } from '../fakes/clock.ts'
import { Conversation } from '../fakes/conversation.ts'
import { option, point } from '../fakes/peer.ts'
import { bytesOf, init } from '../fakes/requests.ts'

const CRITICAL = [option('crit', '"usage" > 90')]
const POINT = point('a', { fieldsDouble: { usage: 95 } })

const kinds = ({ answers }: Conversation): string[] => answers.map(({ message }) => message)

test('Init is answered once the answer is there; what came meanwhile is taken then, in order', async t => {
  const asked = Promise.withResolvers<boolean>()
  const conversation = new Conversation({ askReplay: () => asked.promise })
  t.true(conversation.say(init(...CRITICAL), { keepalive: { time: '7' } }))
  t.true(conversation.session.read(bytesOf(POINT)))
  await settled()
  t.deepEqual(kinds(conversation), [])
  asked.resolve(true)
  await settled()
  t.deepEqual(kinds(conversation).slice(0, 2), ['init', 'keepalive'])
  t.deepEqual(conversation.happenings, ['replay'])
  t.is(conversation.points, 1)
  t.is(conversation.events.length, 1)
})

test('an answer that is known at once makes nobody wait', t => {
  const conversation = new Conversation({ askReplay: () => false })
  conversation.say(init(...CRITICAL))
  t.deepEqual(kinds(conversation), ['init'])
})

test('a connection that ends before the answer starts nothing', async t => {
  const asked = Promise.withResolvers<boolean>()
  const conversation = new Conversation({ askReplay: () => asked.promise })
  conversation.say(init(...CRITICAL))
  await conversation.session.end('closed')
  asked.resolve(false)
  await settled()
  t.deepEqual(conversation.settings, [])
  t.deepEqual(conversation.happenings, [])
})

test('more than a few messages before the answer are malformed', t => {
  const conversation = new Conversation({ askReplay: () => new Promise(() => {}) })
  conversation.say(init(...CRITICAL))
  const keepalives = Array.from({ length: 101 }, () => ({ keepalive: { time: '1' } }))
  t.false(conversation.say(...keepalives))
  t.deepEqual(conversation.happenings, ['malformed bad-message'])
})

test('Info without an Init is told at its end, and with one it is not', async t => {
  const alone = new Conversation()
  alone.say({ info: {} })
  t.is(alone.infosAlone, 0)
  await alone.session.end('closed')
  await alone.session.end('reset')
  t.is(alone.infosAlone, 1)
  const both = new Conversation()
  both.say({ info: {} }, init(...CRITICAL))
  await both.session.end('closed')
  t.is(both.infosAlone, 0)
})

test('who asks for Info behind a keepalive only looks, and is not taken for a Kapacitor that starts', async t => {
  const looking = new Conversation()
  looking.session.read(ASK_INFO)
  t.deepEqual(
    looking.answers.map(({ message }) => message),
    ['keepalive', 'info'],
  )
  await looking.session.end('closed')
  t.is(looking.infosAlone, 0)
})
