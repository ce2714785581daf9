import { inspect } from 'node:util'
import test from 'ava'
import fc from 'fast-check'
import { SECTIONS } from '../../src/config/schema.ts'
import { resolve } from './machine.ts'

const TOKEN = '0a1b2c3d4e5f6a7b8c9d'

const pasted = fc.constantFrom(
  `https://hooks.squadcast.test/v1/incidents/kapacitor/${TOKEN}`,
  `http://user:${TOKEN}@proxy.test:3128`,
  `ftp://hooks.test/${TOKEN}`,
  `hooks.squadcast.test/v1/incidents/kapacitor/${TOKEN}`,
  `Bearer ${TOKEN}\\u0001`,
)

const keys = Object.values(SECTIONS).flatMap(({ shape }) => Object.keys(shape))
const key = fc.oneof(
  fc.constantFrom(...keys),
  fc.constantFrom('ulr', 'token', 'headers.X-Token', 'headers."a b"', 'priority.INFO', 'a.b'),
  pasted.map(url => `"${url}"`),
)

const wrapped = (text: string) =>
  fc.constantFrom(`"${text}"`, `["${text}"]`, `{ x = "${text}" }`, `{ "${text}" = 1 }`, text, `"${text}`)
const value = fc.oneof(
  pasted.chain(wrapped),
  fc.constantFrom('1', 'true', '"x"', '[]', '{}', '1.5', '"10s"', '"ENV"', '"/file"'),
)

const heading = fc.constantFrom('', '[[endpoint]]\n', ...Object.keys(SECTIONS).map(name => `[${name}]\n`))
const block = fc
  .tuple(heading, fc.array(fc.tuple(key, value), { maxLength: 4 }))
  .map(([head, pairs]) => head + pairs.map(([name, content]) => `${name} = ${content}\n`).join(''))
const configuration = fc.array(block, { maxLength: 4 }).map(blocks => blocks.join(''))

const MACHINE = {
  files: { '/file': `not a URL ${TOKEN}` },
  env: { ENV: `neither ${TOKEN}` },
}

test('whatever is pasted wherever, no problem and no warning repeats a secret', t => {
  fc.assert(
    fc.property(configuration, text => {
      const { warnings, ...rest } = resolve(text, MACHINE)
      const problems = 'problems' in rest ? rest.problems : []
      t.false(JSON.stringify([problems, warnings]).includes(TOKEN), text)
    }),
    { numRuns: 5_000 },
  )
})

test('settings that hold every kind of secret show none of them', t => {
  const url = `https://hooks.test/${TOKEN}`
  const resolution = resolve(
    `[[endpoint]]
url = "${url}"
proxy = "http://u:${TOKEN}@proxy.test"
headers = { Authorization = "Bearer ${TOKEN}" }
[http]
token-file = "/token"
[kapacitor]
username = "u"
password-file = "/token"
[heartbeat]
url = "${url}"
[fallback]
url = "${url}"`,
    { files: { '/token': TOKEN } },
  )
  t.true('settings' in resolution)
  t.false(inspect(resolution, { depth: 9 }).includes(TOKEN))
  t.false(JSON.stringify(resolution).includes(TOKEN))
})

const anyTable = (names: string[]) => fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 5 })
const anySection = fc.constantFrom(...Object.entries(SECTIONS)).chain(([name, { shape }]) =>
  anyTable(Object.keys(shape)).map(pairs => {
    const lines = new Map(pairs.map(([each, content]) => [each, `${each} = ${content}`]))
    return [name === 'endpoint' ? '[[endpoint]]' : `[${name}]`, ...lines.values()].join('\n')
  }),
)

test('whatever the tables hold, there are settings or problems', t => {
  fc.assert(
    fc.property(fc.array(anySection, { maxLength: 5 }), sections => {
      const resolution = resolve(sections.join('\n'), MACHINE)
      t.true('settings' in resolution || resolution.problems.length > 0)
    }),
    { numRuns: 2_000 },
  )
})
