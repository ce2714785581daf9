import test from 'ava'
import fc from 'fast-check'
import { FrameReader, frame } from '../../src/wire/frame.ts'
import { WireError } from '../../src/wire/wire-error.ts'
import { recording } from '../fakes/recordings.ts'

const MAX = 1 << 20

function readAll(chunks: readonly Buffer[], max = MAX): string[] {
  const reader = new FrameReader(max)
  const found: string[] = []
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk)
    reader.read(lent, (bytes, start, end) => found.push(bytes.toString('hex', start, end)))
    lent.fill(0xff)
  }
  return found
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map(cut => cut % bytes.length))].sort((a, b) => a - b)
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length))
}

test('a recording gives the same frames whole and byte by byte', t => {
  const bytes = recording('alert_fields.2')
  const whole = readAll([bytes])
  t.true(whole.length > 100)
  t.deepEqual(readAll([...bytes].map(byte => Buffer.of(byte))), whole)
})

test('frames cut anywhere are the frames that were sent', t => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (bodies, cuts) => {
        const bytes = Buffer.concat(bodies.map(frame))
        t.deepEqual(
          readAll(cutAt(bytes, cuts)),
          bodies.map(body => Buffer.from(body).toString('hex')),
        )
      },
    ),
  )
  t.pass()
})

const REFUSED = [
  ['a length one over the limit', [0x81, 0x80, 0x40], 'frame-too-long'],
  ['a huge length', [0xff, 0xff, 0xff, 0xff, 0x7f], 'frame-too-long'],
  ['a length over more than five bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x01], 'bad-length'],
  ['a length padded with zeros', [0x85, 0x80, 0x00], 'bad-length'],
  ['a padded zero', [0x80, 0x00], 'bad-length'],
  ['a frame of no bytes', [0x00], 'empty-frame'],
] as const

for (const [title, bytes, code] of REFUSED) {
  test(`${title} is refused, whole or byte by byte`, t => {
    t.is(t.throws(() => readAll([Buffer.from(bytes)]), { instanceOf: WireError })?.code, code)
    const single = [...bytes].map(byte => Buffer.of(byte))
    t.is(t.throws(() => readAll(single), { instanceOf: WireError })?.code, code)
  })
}

test('a declared length over the limit is refused before any of the body arrives', t => {
  const reader = new FrameReader(10)
  t.throws(() => reader.read(Buffer.of(11), () => t.fail()), { instanceOf: WireError })
  t.is(reader.unfinishedBytes, 0)
})

test('a frame of exactly the limit is accepted', t => {
  t.deepEqual(readAll([frame(Buffer.alloc(10, 7))], 10), ['07'.repeat(10)])
})

test('an unfinished frame is known by its bytes', t => {
  const reader = new FrameReader(MAX)
  reader.read(frame(Buffer.alloc(300)).subarray(0, 120), () => t.fail())
  t.is(reader.unfinishedBytes, 120)
})
