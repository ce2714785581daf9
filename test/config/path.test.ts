import test from 'ava'
import { findConfigPath } from '../../src/config/path.ts'

const VARIABLE = 'KAPACITOR_SQUADCAST_CONFIG'

test('the flag wins over the variable', t => {
  const found = findConfigPath({ flag: 'a.toml', env: { [VARIABLE]: 'b.toml' } })
  t.deepEqual(found, { path: 'a.toml', rule: '--config' })
})

test('the variable wins over the default', t => {
  const found = findConfigPath({ flag: undefined, env: { [VARIABLE]: 'b.toml' } })
  t.deepEqual(found, { path: 'b.toml', rule: '$KAPACITOR_SQUADCAST_CONFIG' })
})

test('without either it is the file in /etc', t => {
  const expected = { path: '/etc/kapacitor-squadcast/config.toml', rule: 'the default path' } as const
  t.deepEqual(findConfigPath({ flag: undefined, env: {} }), expected)
  t.deepEqual(findConfigPath({ flag: undefined, env: { [VARIABLE]: '' } }), expected)
})
