// The oldest Node that has what the store and the payloads need. Checked first, so that an old one gets a
// sentence and no stack trace.
import { ExitCode } from './exit-code.ts'

const OLDEST = [22, 20] as const

export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return
  console.error(
    `kapacitor-squadcast needs Node ${OLDEST.join('.')} or newer, and this is ${version}: ` +
      'install a newer one, or the Debian package, which brings its own.',
  )
  process.exit(ExitCode.failed)
}
