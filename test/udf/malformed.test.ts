// What Kapacitor would never send: one ErrorResponse, and then silence, whatever comes.
import test from 'ava'
import type { EdgeType } from '../../src/wire/messages.ts'
import { Conversation } from '../fakes/conversation.ts'
import { option, point } from '../fakes/peer.ts'
import { batchPoint, begin, bytesOf, end, flag, init, type Message } from '../fakes/requests.ts'

const CRIT = option('crit', '"usage" > 90')
const USAGE = { fieldsDouble: { usage: 91 } }
const CALM = { fieldsDouble: { usage: 1 } }
const MAX = 1 << 16

interface Malformed {
  readonly title: string
  readonly edge: EdgeType
  readonly before: readonly Message[]
  readonly bytes: Buffer
  readonly code: string
}

const stream = (title: string, bytes: Buffer, code = 'bad-message', before = [init(CRIT)]): Malformed => ({
  title,
  edge: 'STREAM',
  before,
  bytes,
  code,
})

const batch = (title: string, before: readonly Message[], ...said: readonly Message[]): Malformed => ({
  title,
  edge: 'BATCH',
  before: [init(CRIT), ...before],
  bytes: bytesOf(...said),
  code: 'bad-message',
})

const MALFORMED: readonly Malformed[] = [
  stream('a frame of no bytes', Buffer.of(0), 'empty-frame'),
  stream('a length that is too long', Buffer.of(0x81, 0x80, 0x04), 'frame-too-long'),
  stream('a length of more than five bytes', Buffer.of(0x80, 0x80, 0x80, 0x80, 0x80, 1), 'bad-length'),
  stream('a length padded with zeros', Buffer.of(0x85, 0), 'bad-length'),
  stream('a text that is no protobuf', Buffer.from('GET / HTTP/1.1\r\n\r\n')),
  stream('a message that is unknown', Buffer.of(3, 0x9a, 0x03, 0)),
  stream('a message cut short', Buffer.of(3, 0x8a, 0x01, 5)),
  stream('a point with a field of a wrong type', Buffer.of(5, 0x8a, 0x01, 2, 0x10, 1)),
  stream('a second Init', bytesOf(init())),
  stream('a point before Init', bytesOf(point('a', USAGE)), 'bad-message', []),
  stream('a batch on the socket for streams', bytesOf(begin('a'))),
  stream('an end of a batch on the socket for streams', bytesOf(end('a'))),
  stream('an Init that cannot be read', Buffer.of(4, 0x12, 2, 0x0a, 9), 'bad-message', []),
  batch('a batch in a batch', [begin('a'), batchPoint('a', USAGE)], begin('b')),
  batch('an end without a begin', [], end('a')),
  batch('a second end', [begin('a'), batchPoint('a', CALM), end('a')], end('a')),
  batch('a point of a stream on the socket for batches', [], point('a', USAGE)),
  batch('a point after the end', [begin('a'), end('a')], batchPoint('a', USAGE)),
]

const LATER = bytesOf({ keepalive: { time: '1' } }, { snapshot: {} }, point('b', USAGE))

for (const { title, edge, before, bytes, code } of MALFORMED) {
  const settings = { edge, maxMessageBytes: MAX }

  test(`${title} is answered by one ErrorResponse, and then by silence`, async t => {
    const conversation = new Conversation(settings)
    if (before.length > 0) t.true(conversation.say(...before))
    const answered = conversation.answers.length
    t.false(conversation.session.read(Buffer.concat([bytes, LATER])))
    t.false(conversation.session.read(LATER))
    await conversation.session.end('closed')
    const [answer, ...more] = conversation.answers.slice(answered)
    t.is(answer?.message, 'error')
    t.regex((answer!.error as { error: string }).error, /^kapacitor-squadcast: \S+/)
    t.deepEqual(more, [])
    const told = conversation.happenings
    t.deepEqual(told, [`malformed ${code}`, ...(before.length > 0 ? ['ended malformed'] : [])])
  })

  test(`${title}, byte by byte, is answered the same`, t => {
    const conversation = new Conversation(settings)
    const all = Buffer.concat([bytesOf(...before), bytes, LATER])
    for (const byte of all) conversation.session.read(Buffer.of(byte))
    t.is(conversation.answers.filter(({ message }) => message === 'error').length, 1)
    t.is(conversation.answers.at(-1)?.message, 'error')
    t.is(conversation.happenings[0], `malformed ${code}`)
  })
}

test('what came before the malformed frame, in the same chunk, counts and is returned before the error', async t => {
  const conversation = new Conversation()
  conversation.say(init(CRIT, flag('passThrough')))
  const usual = point('a', CALM)
  t.false(conversation.session.read(Buffer.concat([bytesOf(usual), Buffer.of(0)])))
  t.is(conversation.points, 1)
  t.deepEqual(
    conversation.answers.map(({ message }) => message),
    ['init', 'point', 'error'],
  )
})

test('an event before the malformed frame is committed, but its point is not returned after the error', async t => {
  let committed = () => {}
  const commit = () => new Promise<void>(resolve => (committed = resolve))
  const conversation = new Conversation({ commit })
  conversation.say(init(CRIT))
  const event = bytesOf(point('a', USAGE))
  t.false(conversation.session.read(Buffer.concat([event, Buffer.of(0), event])))
  t.is(conversation.events.length, 1)
  await conversation.session.end('closed')
  committed()
  await Promise.resolve()
  t.deepEqual(
    conversation.answers.map(({ message }) => message),
    ['init', 'error'],
  )
  t.true(conversation.happenings.includes(`not returned ${event.length} not-committed-in-time`))
})

test('a refusal is the last word: what is malformed behind it gets no answer', t => {
  const conversation = new Conversation()
  t.false(conversation.session.read(Buffer.concat([bytesOf(init(flag('all'))), Buffer.of(0)])))
  t.deepEqual(
    conversation.answers.map(({ message }) => message),
    ['init'],
  )
  t.is(conversation.happenings.length, 1)
})

test('before Init a frame of over 1 MiB is refused by its length alone, and after it one of max-message is taken', t => {
  const MIB = 1024 * 1024
  const early = new Conversation({ edge: 'STREAM', maxMessageBytes: 16 * MIB })
  // 1 MiB and a byte.
  t.false(early.session.read(Buffer.of(0x81, 0x80, 0x40)))
  t.deepEqual(early.happenings, ['malformed frame-too-long'])
  const late = new Conversation({ edge: 'STREAM', maxMessageBytes: 16 * MIB })
  const large = point('a', { ...USAGE, fieldsString: { note: 'x'.repeat(2 * MIB) } })
  t.true(late.session.read(Buffer.concat([bytesOf(init(CRIT)), bytesOf(large)])))
  t.is(late.events.length, 1)
})
