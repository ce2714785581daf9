// Ids that anything can carry: short ones as they are, long ones cut at a character, and still unique.
import test from 'ava'
import fc from 'fast-check'
import { capId, MAX_ID_BYTES } from '../../src/incident/id.ts'

const bytes = (text: string): number => Buffer.byteLength(text)

test('an id of up to 1024 bytes stays as it is', t => {
  for (const id of ['', 'cpu:host=a', 'x'.repeat(1024), 'ä'.repeat(512), '🔥'.repeat(256)])
    t.is(capId(id), id)
})

test('a longer id keeps its beginning and ends in a hash', t => {
  const capped = capId(`cpu:${'x'.repeat(2_000)}`)
  t.is(bytes(capped), 1024)
  t.regex(capped, /^cpu:x+#[0-9a-f]{16}$/)
})

test('one byte too many is too long', t => {
  t.not(capId('x'.repeat(1025)), 'x'.repeat(1025))
  t.not(capId(`${'ä'.repeat(512)}x`), `${'ä'.repeat(512)}x`)
})

test('an id is cut between characters, whatever their length', t => {
  for (const character of ['ä', '中', '🔥'])
    for (const shift of ['', 'x', 'xx', 'xxx']) {
      const capped = capId(shift + character.repeat(1024))
      t.regex(capped, new RegExp(`^${shift}(${character})+#[0-9a-f]{16}$`, 'u'))
      t.true(bytes(capped) > MAX_ID_BYTES - 4 && bytes(capped) <= MAX_ID_BYTES)
    }
})

test('the same id is always capped to the same, and others to others', t => {
  const text = fc.string({ unit: 'grapheme', minLength: 300, maxLength: 2_000 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      t.true(bytes(capId(a)) <= MAX_ID_BYTES)
      t.is(capId(a), capId(a))
      t.is(capId(a) === capId(b), a === b)
      t.is(capId(`${a}x`) === capId(`${a}y`), false)
    }),
  )
})
