// docs/configuration.md is what the schema says, and what it says of reloads is true.
import { readFileSync } from 'node:fs'
import test from 'ava'
import { planReload } from '../../src/app/reload-plan.ts'
import { resolveSettings } from '../../src/config/resolve.ts'
import type { Settings } from '../../src/config/settings.ts'
import { configurationReference, REFERENCE } from './configuration-reference.ts'

const page = readFileSync(REFERENCE, 'utf8')

test('the page is what the schema says: npm run docs writes it anew', t => {
  t.is(page, configurationReference())
})

const BASE = '[[endpoint]]\nurl = "https://example.org/a"\n'

function settings(text: string): Settings {
  const files: Readonly<Record<string, string>> = { '/etc/one': 'one', '/etc/two': 'two' }
  const read = resolveSettings(
    text,
    { path: '/etc/config.toml' },
    { env: {}, readFile: path => files[path] ?? '', groupExists: () => true },
  )
  if (!('settings' in read)) throw new Error(JSON.stringify(read.problems))
  return read.settings
}

/** A different value for a key of each section, beside what the section needs. */
const CHANGES: readonly (readonly [section: string, key: string, before: string, after: string])[] = [
  ['udf', 'socket-mode', '', '[udf]\nsocket-mode = "0600"'],
  ['udf', 'max-message', '', '[udf]\nmax-message = "1MiB"'],
  ['squadcast', 'rate', '', '[squadcast]\nrate = 15'],
  ['endpoint', 'timeout', '', '[[endpoint]]\nname = "b"\nurl = "https://example.org/b"'],
  ['store', 'history', '', '[store]\nhistory = "1d"'],
  ['http', 'hosts', '', '[http]\nhosts = ["a.example.org"]'],
  ['http', 'token-file', '[http]\ntoken-file = "/etc/one"', '[http]\ntoken-file = "/etc/two"'],
  ['kapacitor', 'url', '', '[kapacitor]\nurl = ""'],
  ['heartbeat', 'every', '', '[heartbeat]\nurl = "https://example.org/h"'],
  ['self', 'endpoint', '', '[self]\nendpoint = ""'],
  ['fallback', 'after', '', '[fallback]\ncommand = "/bin/page"'],
  ['log', 'level', '', '[log]\nlevel = "debug"'],
  ['log', 'format', '', '[log]\nformat = "json"'],
]

test('what is live is swapped by a reload, and nothing else is', t => {
  for (const [section, key, before, after] of CHANGES) {
    const plan = planReload(settings(BASE + before), settings(BASE + after), [])
    if ('refused' in plan) throw new Error(plan.refused)
    const header = section === 'endpoint' ? '[[endpoint]]' : `[${section}]`
    const table = page.slice(page.indexOf(`## \`${header}\``)).split('\n## ')[0]!
    const row = table.split('\n').find(line => line.startsWith(`| \`${key}\` |`))
    const isLive = row?.endsWith('| yes |') === true
    t.is(plan.swapped.length > 0, isLive, `${section}.${key}: ${JSON.stringify(plan.needRestart)}`)
    t.is(plan.needRestart.length > 0, !isLive, `${section}.${key}`)
  }
})
