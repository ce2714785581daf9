// The Debian package in a Debian that has booted: what systemd makes of its units when it is installed beside Kapacitor,
// configured, upgraded, removed and purged. Skipped, and says so, where `.ci/debian` has not made a Debian for it.
import test from 'ava'
import { alert, everything, WEBHOOK } from './deb-room.ts'
import { bootedRoot, type DebianRoot, given } from './debian-root.ts'

const declare = given && process.env.DEBIAN_BOOTS !== 'no' ? test : test.skip
if (!given) console.warn('SKIPPED: no DEBIAN_ROOT, so the Debian package is not installed; see .ci/debian')

const UNITS = [
  'kapacitor-squadcast-stream.socket',
  'kapacitor-squadcast-batch.socket',
  'kapacitor-squadcast.service',
]
const statesOf = (root: DebianRoot, what: 'is-active' | 'is-enabled'): string[] =>
  root
    .sh(`systemctl ${what} ${UNITS.join(' ')}`)
    .text.trim()
    .split('\n')
const mainPid = (root: DebianRoot): string => root.sh('systemctl show -P MainPID kapacitor-squadcast').text

/** A service of Kapacitor's name that lives: what its drop-in brings along is what counts. */
const KAPACITOR = `printf '[Service]\\nExecStart=/bin/sleep infinity\\n' > /etc/systemd/system/kapacitor.service &&
  mkdir /etc/kapacitor && cat /usr/share/doc/kapacitor-squadcast/kapacitor.conf.example > /etc/kapacitor/kapacitor.conf &&
  systemctl daemon-reload && systemctl start kapacitor`

declare(
  'under systemd an installation starts nothing, an upgrade interrupts nothing, a purge leaves nothing',
  async t => {
    t.timeout(900_000)
    const root = await bootedRoot(t, given!)
    const fine = (command: string): string => {
      const { code, text } = root.sh(command)
      t.is(code, 0, `${command}\n${text}`)
      return text
    }
    const before = everything(root)

    t.regex(
      fine('dpkg -i /mnt/packages/older.deb'),
      /It does not run yet, and Kapacitor is as it was\. Next:/,
    )
    t.deepEqual(statesOf(root, 'is-active'), ['inactive', 'inactive', 'inactive'])
    t.deepEqual(statesOf(root, 'is-enabled'), ['disabled', 'disabled', 'disabled'])

    // Kapacitor restarts before anybody has given a URL: it starts, and the sidecar answers it.
    fine(KAPACITOR)
    fine('until systemctl is-active --quiet kapacitor-squadcast; do sleep 0.1; done')
    t.deepEqual(statesOf(root, 'is-active'), ['active', 'active', 'active'])
    t.regex(fine('systemctl status kapacitor-squadcast'), /Status: ".*(config|url)/i)
    t.is(fine('systemctl is-active kapacitor'), 'active\n')

    fine(`echo '${WEBHOOK}' | install -m 0400 /dev/stdin /etc/kapacitor-squadcast/webhook-url`)
    fine('systemctl enable kapacitor-squadcast && systemctl restart kapacitor-squadcast')
    t.deepEqual(statesOf(root, 'is-enabled'), ['enabled', 'enabled', 'enabled'])
    await alert(root, 'a')

    const leave = await alert(root, 'b', 'stay')
    t.regex(
      fine(
        'setpriv --reuid=kapacitor-squadcast --regid=kapacitor-squadcast --init-groups kapacitor-squadcast test',
      ),
      /trigger accepted.*\n.*resolve accepted/,
    )
    const running = mainPid(root)
    const upgraded = fine('dpkg -i /mnt/packages/newer.deb')
    t.regex(upgraded, /installed over 0\.0\.1\. Nothing was restarted/)
    t.regex(upgraded, /A restart now ends 1 connection of 1 task/)
    t.regex(upgraded, /Open: 1 incident\./)
    t.regex(upgraded, /sudo systemctl restart kapacitor-squadcast/)
    t.is(mainPid(root), running, 'the process is the same')
    leave()
    fine('dpkg -i /mnt/packages/newer.deb')
    t.is(mainPid(root), running, 'nor does the same version restart it')

    fine('systemctl restart kapacitor-squadcast')
    t.not(mainPid(root), running)
    await alert(root, 'c')
    t.regex(fine('systemctl --failed --plain'), /^0 loaded units/m)

    const removed = fine('dpkg --remove kapacitor-squadcast')
    t.regex(
      removed,
      /kapacitor\.conf still names the sockets of kapacitor-squadcast\. Kapacitor does not start/,
    )
    t.not(
      root.sh('systemctl is-active --quiet kapacitor-squadcast || pgrep -f kapacitor-squadcast/dist').code,
      0,
    )
    fine('test -f /var/lib/kapacitor-squadcast/outbox.db && test -f /etc/kapacitor-squadcast/webhook-url')
    fine('dpkg -i /mnt/packages/newer.deb')
    t.deepEqual(
      statesOf(root, 'is-enabled'),
      ['enabled', 'enabled', 'enabled'],
      'what was enabled is so again',
    )
    fine('systemctl stop kapacitor && rm -r /etc/kapacitor /etc/systemd/system/kapacitor.service')
    fine('dpkg --purge kapacitor-squadcast')
    t.deepEqual(everything(root), before)
  },
)
