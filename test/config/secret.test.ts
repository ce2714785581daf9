import { format, inspect } from 'node:util'
import test from 'ava'
import { HIDDEN, Secret } from '../../src/config/secret.ts'

const TOKEN = '0a1b2c3d4e5f'
const secret = new Secret(TOKEN)

const WAYS_TO_PRINT: readonly (readonly [way: string, text: string])[] = [
  ['a template', `${secret}`],
  ['concatenation', `url: ${String(secret)}`],
  ['JSON', JSON.stringify({ url: secret })],
  ['inspection', inspect({ url: secret }, { depth: 9, showHidden: true })],
  ['inspection without its own words', inspect({ url: secret }, { customInspect: false, showHidden: true })],
  ['a format of the console', format('%s %o %O %j', secret, secret, secret, secret)],
  ['spreading', JSON.stringify({ ...secret })],
  ['a structured clone', inspect(structuredClone({ url: secret }), { customInspect: false })],
  ['an error', String(new Error(`failed: ${secret}`))],
]

for (const [way, text] of WAYS_TO_PRINT) {
  test(`${way} does not show a secret`, t => {
    t.false(text.includes(TOKEN))
  })
}

test('a secret says that it is hidden', t => {
  t.is(`${secret}`, HIDDEN)
  t.is(JSON.stringify([secret]), `["${HIDDEN}"]`)
  t.is(inspect([secret]), `[ ${HIDDEN} ]`)
})

test('only reveal gives a secret out', t => {
  t.is(secret.reveal(), TOKEN)
})

test('secrets can be compared without being seen', t => {
  t.true(secret.equals(new Secret(TOKEN)))
  t.false(secret.equals(new Secret('other')))
})
