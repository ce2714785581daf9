// What the tests of the installed Debian package share: words of its own programs, and the look at what is there.
import { createInterface } from 'node:readline'
import { type DebianRoot, end } from './debian-root.ts'

/** An alert from outside the program, by the Node that came with it; what is written after it are its arguments. */
export const ONE_ALERT = '/usr/lib/kapacitor-squadcast/bin/node /mnt/checkout/test/packaging/one-alert.ts'
export const SOCKET = '/run/kapacitor-squadcast/stream.sock'
export const PORT = 18_099
/** The stand-in of one-alert.ts. */
export const WEBHOOK = `http://127.0.0.1:${PORT}/v2/incidents/kapacitor/SECRET`

/** What changes whenever dpkg or systemd works, and is theirs. */
const NOT_OURS = [
  ...['/proc', '/sys', '/dev', '/tmp', '/var/tmp', '/mnt', '/var/log', '/var/cache', '/var/lib/dpkg'],
  ...['/run/systemd', '/run/credentials', '/run/log', '/var/lib/systemd/timers'],
]
// Copies that shadow's tools leave, and locks.
const BACKUPS = ['/etc/passwd-', '/etc/group-', '/etc/shadow-', '/etc/gshadow-', '/etc/.pwd.lock']

/** Every file with its owner and mode, every unit that is enabled, every user and group. */
export function everything(root: DebianRoot): string[] {
  const prune = NOT_OURS.map(path => `-path ${path} -prune -o`).join(' ')
  const skip = BACKUPS.map(path => `! -path ${path}`).join(' ')
  const { text } = root.sh(
    `find / -xdev ${prune} ${skip} -printf '%p %y %m %u %g\\n' | sort; getent passwd; getent group`,
  )
  return text.split('\n')
}

/** Runs one-alert.ts beside the test; resolves when it has said the word. With `stay` its incident stays open. */
export async function alert(root: DebianRoot, host: string, stay: '' | 'stay' = ''): Promise<() => void> {
  const child = root.start(`exec ${ONE_ALERT} ${SOCKET} ${PORT} ${host} ${stay}`)
  const word = stay === 'stay' ? 'delivered' : 'resolved'
  for await (const line of createInterface({ input: child.stdout! }))
    if (line === word) return () => end(child)
  throw new Error(`it ended before it said ${word}`)
}
