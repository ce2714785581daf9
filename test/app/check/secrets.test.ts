// Files with secrets: who can read them beside the sidecar, and whether the sidecar can.
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { readForCheck } from '../../../src/app/check/configuration.ts'
import type { Finding } from '../../../src/app/check/finding.ts'
import { secretsLayer } from '../../../src/app/check/secrets.ts'
import { aroundOf, asRoot, short } from './around.ts'

const SECRET = 'https://hooks.squadcast.test/v1/t0ps3cr3t'

/** A configuration whose default endpoint has its URL by `source`, and what is in its folder. */
function scene(t: ExecutionContext, source: string, modes: Readonly<Record<string, number>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755)
  const config = join(folder, 'config.toml')
  writeFileSync(config, `[[endpoint]]\nname = "default"\n${source}\n`, { mode: 0o644 })
  for (const [name, mode] of Object.entries(modes)) {
    writeFileSync(join(folder, name), `${SECRET}\n`)
    chmodSync(join(folder, name), mode)
  }
  const look = async (more = {}, env = {}): Promise<Finding[]> => {
    const findings = await secretsLayer(readForCheck(config, env), aroundOf(more))
    t.false(JSON.stringify(findings).includes('t0ps3cr3t'))
    return findings
  }
  return { folder, config, look }
}

for (const [mode, outcome, who] of [
  [0o400, 'passed', ''],
  [0o600, 'passed', ''],
  [0o440, 'warned', 'its group'],
  [0o640, 'warned', 'its group'],
  [0o644, 'warned', 'anybody'],
  [0o404, 'warned', 'anybody'],
  [0o620, 'warned', 'its group'],
] as const)
  test(`a secret of mode 0${mode.toString(8)} is ${outcome}`, async t => {
    const { folder, look } = scene(t, 'url-file = "url"', { url: mode })
    const [finding] = await look()
    t.is(finding?.check, 'secret-mode')
    t.is(finding?.outcome, outcome)
    if (outcome === 'passed') return
    t.regex(finding?.says ?? '', new RegExp(`by ${who} \\(mode 0${mode.toString(8)}\\)`))
    const isMine = process.geteuid?.() === 0
    if (isMine) t.is(finding?.fix, `chmod 0400 ${join(folder, 'url')}`)
  })

test('a configuration that holds the URL itself is a secret, one that names a file is none', async t => {
  const own = scene(t, `url = "${SECRET}"`)
  t.deepEqual(short(await own.look()), ['warned secret-mode', 'passed secret-readable'])
  chmodSync(own.config, 0o600)
  t.deepEqual(short(await own.look()), ['passed secret-mode', 'passed secret-readable'])
  const named = scene(t, 'url-file = "url"', { url: 0o400 })
  t.true((await named.look()).every(({ says }) => says.includes('endpoint[0].url-file')))
  const none = scene(t, 'url-env = "URL"')
  t.deepEqual(short(await none.look({}, { URL: SECRET })), ['skipped secrets'])
})

test('tokens and passwords are secrets too, and certificates are none', async t => {
  const rest = [
    'url-env = "URL"',
    'ca-file = "ca"',
    '[http]',
    'token-file = "token"',
    '[kapacitor]',
    'username = "me"',
    'password-file = "password"',
  ].join('\n')
  const { look } = scene(t, rest, { ca: 0o644, token: 0o400, password: 0o644 })
  const findings = await look({}, { URL: SECRET })
  const modes = findings.filter(({ check }) => check === 'secret-mode')
  t.deepEqual(short(modes), ['passed secret-mode', 'warned secret-mode'])
})

test('a file that is not there is left to the configuration to tell', async t => {
  const { look } = scene(t, 'url-file = "url"')
  t.deepEqual(short(await look()), ['skipped secret-file'])
})

test('without a user for the service there is nobody to read them as', async t => {
  const { look } = scene(t, 'url-file = "url"', { url: 0o400 })
  t.deepEqual(short(await look({ serviceUser: 'no-such-user' })), [
    'passed secret-mode',
    'skipped secret-readable',
  ])
})

for (const isRoot of [true, false])
  asRoot(
    `a secret that the service's user may not read fails, ${isRoot ? 'tried' : 'worked out'}`,
    async t => {
      const { folder, look } = scene(t, 'url-file = "url"', { url: 0o400 })
      const url = join(folder, 'url')
      const of = async () =>
        (await look({ isRoot, serviceUser: 'daemon' })).find(({ check }) => check === 'secret-readable')
      const shut = await of()
      t.is(shut?.outcome, 'failed')
      t.regex(shut?.says ?? '', isRoot ? /tried as that user/ : /worked out/)
      t.is(shut?.fix, `chown daemon ${url} && chmod 0400 ${url}`)
      chownSync(url, 1, 1)
      t.is((await of())?.outcome, 'passed')
      chmodSync(folder, 0o700)
      t.regex((await of())?.fix ?? '', new RegExp(`let daemon into ${folder}`))
    },
  )

asRoot('a file of root that the service reads by its own group is as it should be', async t => {
  const { folder, look } = scene(t, 'url-file = "url"', { url: 0o440 })
  chownSync(join(folder, 'url'), 0, 1)
  t.deepEqual(short(await look({ serviceUser: 'daemon' })), ['passed secret-mode', 'passed secret-readable'])
})

test('a credential is read by systemd, and the service need not be able to', async t => {
  const { folder, look } = scene(t, 'url-file = "$CREDENTIALS_DIRECTORY/url"', { url: 0o400 })
  const findings = await look({}, { CREDENTIALS_DIRECTORY: folder })
  t.deepEqual(short(findings), ['passed secret-mode'])
})
