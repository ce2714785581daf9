// The node that the command `replay` plays as: it is told more than Kapacitor is, and no other is.
import test from 'ava'
import { settled } from '../fakes/clock.ts'
import { Conversation } from '../fakes/conversation.ts'
import { option, point } from '../fakes/peer.ts'
import { init, type Message } from '../fakes/requests.ts'

const CRIT = option('crit', '"usage" > 90')
const played = (...options: readonly Message[]): Message => ({
  init: { taskID: 'cpu', nodeID: 'replay', options },
})

test('its answer says whether what it sends is history; that of any other node says nothing', t => {
  const notes = [true, false].map(isHistory => {
    const [its, other] = [played(CRIT), init(CRIT)].map(message => {
      const conversation = new Conversation({ askReplay: () => isHistory })
      conversation.say(message)
      return conversation.answers[0]!.init
    })
    t.deepEqual(other, { success: true, error: '' })
    return its
  })
  t.deepEqual(notes, [
    { success: true, error: 'history' },
    { success: true, error: '' },
  ])
})

test('its points come back with level, id and message under names of their own', async t => {
  const conversation = new Conversation()
  conversation.say(played(CRIT), point('a', { fieldsDouble: { usage: 95 } }))
  await settled()
  t.like(conversation.answers[1]!.point, {
    fieldsString: {
      'replay: level': 'CRITICAL',
      'replay: id': 'cpu:cpu:host=a',
      'replay: message': 'cpu:cpu:host=a is CRITICAL',
    },
  })
})

test('a level that came with the point is read as ever, and what is added tells the id', async t => {
  const conversation = new Conversation()
  conversation.say(
    played(option('id', 'x/{{ index .Tags "host" }}')),
    point('a', { fieldsString: { level: 'WARNING' } }),
  )
  await settled()
  t.like(conversation.answers[1]!.point, {
    fieldsString: { level: 'WARNING', 'replay: level': 'WARNING', 'replay: id': 'x/a' },
  })
})
