// What a layer of checks is given in a test: the real clock, this process's user, and an environment that is the test's.
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestFn } from 'ava'
import type { CheckAround, Finding } from '../../../src/app/check/finding.ts'
import { systemClock } from '../../../src/app/system-clock.ts'

const isRoot = process.geteuid?.() === 0

/** Without a systemd to ask, unless the PATH says otherwise. */
export const aroundOf = (more: Partial<CheckAround> = {}): CheckAround => ({
  env: { PATH: '/usr/bin:/bin' },
  clock: systemClock,
  isRoot: false,
  kapacitorUser: 'root',
  serviceUser: 'root',
  ...more,
})

/** `failed stream-socket-answer`, in order. */
export const short = (findings: readonly Finding[]): string[] =>
  findings.map(({ outcome, check }) => `${outcome} ${check}`)

/** For what root alone can do: skipped, and loudly so, for anybody else. */
export const asRoot: TestFn = isRoot
  ? test
  : (((title: string) =>
      test(`SKIPPED: run the tests as root for: ${title}`, t => {
        t.log('not tried: this user is not root')
        t.pass()
      })) as unknown as TestFn)

/** A program of the test's own, found before all others. Returns a PATH. */
export function program(folder: string, name: string, script: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return `${folder}:/usr/bin:/bin`
}
