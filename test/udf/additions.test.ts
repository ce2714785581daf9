// What an event adds to the point that made it: level, id, message and duration, under the names of the script.
import test from 'ava'
import { Conversation } from '../fakes/conversation.ts'
import { option, point } from '../fakes/peer.ts'
import { batchPoint, begin, end, init, type Message } from '../fakes/requests.ts'
import type { PlainResponse } from '../fakes/responses.ts'
import { encodeRequest, type PlainPoint, plainRequest } from '../fakes/udf-types.ts'

const CRIT = option('crit', '"usage" > 90')
const FIELDS = ['levelField', 'idField', 'messageField', 'durationField'].map(name =>
  option(name, `my ${name}`),
)
const TAGS = [option('levelTag', 'my level'), option('idTag', 'my id')]

const usage = (host: string, value: number, second = 0, more: Message = {}): Message =>
  point(host, { fieldsDouble: { usage: value }, ...more }, second)

/** What comes back of one point after another. */
async function returned(options: readonly Message[], ...said: readonly Message[]): Promise<PlainPoint[]> {
  const conversation = new Conversation()
  conversation.say(init(...options))
  for (const message of said) conversation.say(message)
  await conversation.session.end('closed')
  return conversation.answers.flatMap(answer => (answer.point ? [answer.point as PlainPoint] : []))
}

const plain = (message: Message): PlainPoint => plainRequest(encodeRequest(message)).point as PlainPoint

test('fields are added as strings, the duration as an integer, and the rest stays', async t => {
  const opened = usage('a', 91)
  const closed = usage('a', 1, 90)
  const [first, second] = await returned([CRIT, ...FIELDS], opened, closed)
  const id = 'cpu_alert:cpu:host=a'
  t.deepEqual(first, {
    ...plain(opened),
    fieldsString: { 'my levelField': 'CRITICAL', 'my idField': id, 'my messageField': `${id} is CRITICAL` },
    fieldsInt: { 'my durationField': '0' },
  })
  t.deepEqual(second, {
    ...plain(closed),
    fieldsString: { 'my levelField': 'OK', 'my idField': id, 'my messageField': `${id} is OK` },
    fieldsInt: { 'my durationField': '90000000000' },
  })
})

test('tags are added beside those that the point has', async t => {
  const [first] = await returned([CRIT, ...TAGS], usage('a', 91))
  const { tags, group, dimensions, fieldsString } = first!
  t.deepEqual(tags, { host: 'a', 'my level': 'CRITICAL', 'my id': 'cpu_alert:cpu:host=a' })
  t.deepEqual([group, dimensions, fieldsString], ['host=a', ['host'], {}])
})

test('a duration beyond what a double holds is added exactly', async t => {
  const late = { point: { ...(usage('a', 1).point as Message), time: '9007199254740993' } }
  const early = { point: { ...(usage('a', 91).point as Message), time: '0' } }
  const [, resolve] = await returned([CRIT, ...FIELDS], early, late)
  t.deepEqual(resolve?.fieldsInt, { 'my durationField': '9007199254740993' })
})

test('what the point has under a configured name stays as it is, whatever its type', async t => {
  const own = {
    fieldsBool: { 'my levelField': true },
    fieldsInt: { 'my idField': '7' },
    fieldsString: { 'my messageField': 'mine', 'my durationField': 'long' },
    tags: { host: 'a', 'my level': 'mine', 'my id': 'mine' },
  }
  const said = usage('a', 91, 0, own)
  const [first] = await returned([CRIT, ...FIELDS, ...TAGS], said)
  t.deepEqual(first, plain(said))
})

test('without configured names nothing is added', async t => {
  const said = usage('a', 91)
  t.deepEqual(await returned([CRIT], said), [plain(said)])
})

test('a level from outside is not added a second time, an id that the point lacks is', async t => {
  const said = usage('a', 91, 0, { fieldsString: { state: 'critical' } })
  const [first] = await returned([option('levelField', 'state'), option('idField', 'id')], said)
  t.deepEqual(first?.fieldsString, { state: 'critical', id: 'cpu:host=a' })
})

async function batches(options: readonly Message[], ...said: readonly Message[]): Promise<PlainResponse[]> {
  const conversation = new Conversation({ edge: 'BATCH' })
  conversation.say(init(...options), ...said)
  await conversation.session.end('closed')
  return conversation.answers.slice(1)
}

const HOT = { fieldsDouble: { usage: 91 } }

test('every point of a batch gets the fields, and all of the batch the tags', async t => {
  const [first, one, two, last] = await batches(
    [CRIT, ...FIELDS, ...TAGS],
    begin('a'),
    batchPoint('a', HOT),
    batchPoint('a', { fieldsDouble: { usage: 1 } }, 1),
    end('a'),
  )
  const tags = { host: 'a', 'my level': 'CRITICAL', 'my id': 'cpu_alert:cpu:host=a' }
  for (const part of [first!.begin, one!.point, two!.point, last!.end])
    t.deepEqual((part as PlainPoint).tags, tags)
  for (const part of [one!.point, two!.point])
    t.like((part as PlainPoint).fieldsString, { 'my levelField': 'CRITICAL' })
})

test('tags that a batch has already stay as they are, in Begin and End too', async t => {
  const own = { 'my level': 'critical', 'my id': 'mine' }
  const answers = await batches(
    [...TAGS],
    begin('a', own),
    batchPoint('a', { tags: { host: 'a', ...own }, ...HOT }),
    end('a', own),
  )
  t.is(answers.length, 3)
  for (const answer of answers)
    t.deepEqual((answer[answer.message] as PlainPoint).tags, { host: 'a', ...own }, answer.message)
})
