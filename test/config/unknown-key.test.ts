import test from 'ava'
import type { KeyPath } from '../../src/config/locate.ts'
import { suggestionFor } from '../../src/config/unknown-key.ts'

const SUGGESTED: readonly (readonly [key: string, table: KeyPath, suggestion: string])[] = [
  ['tiemout', ['endpoint', 0], 'did you mean "timeout"?'],
  ['ulr', ['endpoint', 0], 'did you mean "url"?'],
  ['url_file', ['endpoint', 0], 'did you mean "url-file"?'],
  ['retriggerOnRise', ['endpoint', 0], 'did you mean "retrigger-on-rise"?'],
  ['MIN-LEVEL', ['endpoint', 0], 'did you mean "min-level"?'],
  ['header', ['endpoint', 0], 'did you mean "headers"?'],
  ['streamsocket', ['udf'], 'did you mean "stream-socket"?'],
  ['endpoints', [], 'did you mean "endpoint"?'],
  ['kapacitr', [], 'did you mean "kapacitor"?'],
  ['rate', ['endpoint', 0], 'it belongs in [squadcast]'],
  ['bind-address', ['udf'], 'it belongs in [http]'],
  ['timeout', [], 'it belongs in [[endpoint]]'],
  ['url', [], 'it belongs in [[endpoint]], [kapacitor], [heartbeat] or [fallback]'],
  ['colour', ['log'], 'did you mean "format"? Known here: level, format'],
  ['', ['squadcast'], 'did you mean "rate"? Known here: rate'],
  ['constructor', ['squadcast'], 'did you mean "rate"? Known here: rate'],
]

for (const [key, table, suggestion] of SUGGESTED) {
  const where = table.length === 0 ? 'outside all sections' : `in [${table[0]}]`
  test(`for "${key}" ${where} it is suggested: ${suggestion}`, t => {
    t.is(suggestionFor(key, table), suggestion)
  })
}

test('a suggestion for a key without end comes at once', t => {
  t.regex(suggestionFor('x'.repeat(1_000_000), ['endpoint', 0]), /^did you mean/)
})
