import test from 'ava'
import { z } from 'zod'
import { Configuration, SECTIONS } from '../../src/config/schema.ts'
import { ENDPOINT, problemsOf } from './machine.ts'

interface KeyDescription {
  readonly description?: string
  readonly default?: unknown
}

/** What a page of documentation can be made of: every key with its description and default. */
function described(name: keyof typeof SECTIONS): [key: string, KeyDescription][] {
  const { properties } = z.toJSONSchema(SECTIONS[name], { io: 'input' })
  return Object.entries(properties as Record<string, KeyDescription>)
}

const NAMES = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[]

for (const name of NAMES) {
  test(`each key of [${name}] is described in one short sentence`, t => {
    for (const [key, { description }] of described(name)) {
      t.regex(description ?? '', /^\S[^\n]{8,100}\.$/, key)
    }
    t.regex(SECTIONS[name].description ?? '', /^[A-Z].*\.$/)
  })

  test(`each default of [${name}] is one that a file may say`, t => {
    const defaults = described(name).filter(([, key]) => key.default !== undefined)
    const lines = defaults.map(([key, { default: value }]) => `${key} = ${JSON.stringify(value)}`)
    const text = name === 'endpoint' ? ENDPOINT : `${ENDPOINT}[${name}]\n`
    const needed = name === 'heartbeat' || name === 'fallback' ? '\nurl = "http://127.0.0.1"' : ''
    t.deepEqual(problemsOf(text + lines.join('\n') + needed), [])
  })
}

test('the configuration as a whole has a JSON schema, for editors and for documentation', t => {
  const { properties } = z.toJSONSchema(Configuration, { io: 'input' })
  t.deepEqual(Object.keys(properties ?? {}), NAMES)
})
