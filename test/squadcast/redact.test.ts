import test from 'ava'
import fc from 'fast-check'
import { redactor } from '../../src/squadcast/redact.ts'

const URL_TEXT =
  'https://user:pa%24sword@hooks.example.com/v2/incidents/kapacitor/KEY-0123/a%2Fb%20c?token=t0ps3cret&x=y'
const redact = redactor({
  url: new URL(URL_TEXT),
  proxy: new URL('http://proxyuser:proxypass@proxy.example.com:3128'),
  headers: { authorization: 'Bearer he4der-token', accept: '*/*' },
})

const SECRETS = [
  URL_TEXT,
  '/v2/incidents/kapacitor/KEY-0123/a%2Fb%20c?token=t0ps3cret&x=y',
  '/v2/incidents/kapacitor/KEY-0123/a%2Fb%20c',
  '\\/v2\\/incidents\\/kapacitor\\/KEY-0123',
  'KEY-0123',
  'key-0123',
  'a/b c',
  't0ps3cret',
  'user:pa%24sword',
  'pa$sword',
  btoa('user:pa$sword'),
  'proxyuser',
  'proxypass',
  btoa('proxyuser:proxypass'),
  'Bearer he4der-token',
  'he4der-token',
]

test('no spelling of a secret is left in a text', t => {
  for (const secret of SECRETS) {
    const line = redact(`before ${secret} after`)
    t.true(line.startsWith('before ') && line.endsWith(' after'), line)
    for (const hidden of ['KEY-0123', 'a%2Fb', 't0ps3cret', 'sword', 'proxypass', 'he4der', 'token=']) {
      t.false(line.toLowerCase().includes(hidden.toLowerCase()), `${secret} -> ${line}`)
    }
  }
})

test('what is public stays readable', t => {
  const line = 'hooks.example.com: no incidents of kapacitor here, v2 */*'
  t.is(redact(line), line)
})

test('a text becomes one line', t => {
  t.is(redact('  <html>\r\n\t<b>Bad\u0000 gateway</b>\n</html> '), '<html> <b>Bad gateway</b> </html>')
})

test('a long text is cut to 500 characters, between characters', t => {
  t.is(redact('x'.repeat(500)).length, 500)
  for (const shift of ['', 'x']) {
    const line = redact(shift + '😀'.repeat(400))
    t.true(line.length <= 500 && line.endsWith('😀…') && line.isWellFormed())
  }
})

test('a secret is hidden before a text is cut, and where the text itself was cut', t => {
  const before = redact(`${'x'.repeat(494)}KEY-0123`)
  t.false(before.includes('KEY'), before)
  const blanks = ' '.repeat(64 * 1024 - 5)
  t.is(redact(`${blanks}KEY-0`), '')
})

test('whatever surrounds a secret, it does not come out', t => {
  const around = fc.string({ unit: 'binary', maxLength: 600 })
  fc.assert(
    fc.property(
      around,
      fc.constantFrom('KEY-0123', 't0ps3cret', 'proxypass'),
      around,
      (before, secret, after) => {
        t.false(redact(before + secret + after).includes(secret))
      },
    ),
  )
})

test('a short path does not spoil every text with a slash', t => {
  t.is(redactor({ url: new URL('https://h/'), headers: {} })('a/b and/or c'), 'a/b and/or c')
})
