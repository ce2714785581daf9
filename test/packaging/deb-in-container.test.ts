// The Debian package in a Debian without systemd, as in a container: installed, run by hand, upgraded, removed, purged.
// Skipped, and says so, where `.ci/debian` has not made a Debian for it.
import test from 'ava'
import { eventually } from '../fakes/kapacitor.ts'
import { alert, everything, SOCKET, WEBHOOK } from './deb-room.ts'
import { bareRoot, given } from './debian-root.ts'

const declare = given ? test : test.skip
if (!given) console.warn('SKIPPED: no DEBIAN_ROOT, so the Debian package is not installed; see .ci/debian')

const AS_ITS_USER = 'setpriv --reuid=kapacitor-squadcast --regid=kapacitor-squadcast --init-groups'

declare(
  'without systemd it is installed, does its work, is upgraded, and a purge leaves nothing behind',
  async t => {
    t.timeout(600_000)
    const root = bareRoot(t, given!)
    const fine = (command: string): string => {
      const { code, text } = root.sh(command)
      t.is(code, 0, `${command}\n${text}`)
      return text
    }
    const before = everything(root)

    const installed = fine('dpkg -i /mnt/packages/older.deb')
    t.regex(installed, /It does not run yet, and Kapacitor is as it was\. Next:\n {2}1\. .*\n.*\n {2}2\. /)
    t.is(fine('stat -c "%U:%G %a" /etc/kapacitor-squadcast/config.toml'), 'root:kapacitor-squadcast 640\n')
    t.is(fine('stat -c "%U:%G %a" /run/kapacitor-squadcast'), 'kapacitor-squadcast:kapacitor 750\n')
    t.not(root.sh('command -v node').code, 0, 'there is no Node but its own')
    t.is(fine('kapacitor-squadcast --version'), '0.0.1\n')
    t.regex(fine('kapacitor-squadcast demo --json'), /"kind":"trigger"/)

    t.is(root.sh(`${AS_ITS_USER} kapacitor-squadcast run`).code, 78, 'nothing is configured yet')
    fine(`echo '${WEBHOOK}' > /etc/kapacitor-squadcast/webhook-url`)
    fine('chown kapacitor-squadcast /etc/kapacitor-squadcast/webhook-url')
    fine('chmod 0400 /etc/kapacitor-squadcast/webhook-url')
    // Another port than the usual one, and no Kapacitor: this test has no loopback of its own.
    fine(
      `printf '[http]\\nbind-address = "127.0.0.1:18098"\\n[kapacitor]\\nurl = ""\\n' >> /etc/kapacitor-squadcast/config.toml`,
    )
    root.start(
      `CREDENTIALS_DIRECTORY=/etc/kapacitor-squadcast exec ${AS_ITS_USER} kapacitor-squadcast run 2> /dev/null`,
    )
    await eventually('its sockets', async () => (root.sh(`test -S ${SOCKET}`).code === 0 ? true : undefined))
    await alert(root, 'a')

    const leave = await alert(root, 'b', 'stay')
    t.regex(fine(`${AS_ITS_USER} kapacitor-squadcast test`), /trigger accepted.*\n.*resolve accepted/)
    fine('dpkg -i /mnt/packages/older.deb')
    const upgraded = fine('dpkg -i /mnt/packages/newer.deb')
    t.regex(upgraded, /installed over 0\.0\.1\. Nothing was restarted/)
    t.regex(upgraded, /A restart now ends 1 connection of 1 task/)
    t.regex(upgraded, /Open: 1 incident\./)
    t.not(fine('kapacitor-squadcast --version'), '0.0.1\n')
    t.regex(fine('cat /etc/kapacitor-squadcast/config.toml'), /18098/, 'the configuration is kept')
    leave()

    fine('dpkg --remove kapacitor-squadcast')
    t.not(root.sh('test -e /usr/lib/kapacitor-squadcast || test -e /usr/bin/kapacitor-squadcast').code, 0)
    fine('test -f /var/lib/kapacitor-squadcast/outbox.db && test -f /etc/kapacitor-squadcast/webhook-url')
    fine('dpkg -i /mnt/packages/newer.deb')
    fine('dpkg --purge kapacitor-squadcast')
    t.deepEqual(everything(root), before)
  },
)
