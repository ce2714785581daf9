import test from 'ava'
import { ENDPOINT, problemsOf } from './machine.ts'

/** What is wrong, the lines after the endpoint's two, and what is said of it. */
const REFUSED: readonly (readonly [title: string, lines: string, said: string])[] = [
  ['an unknown section', '[kapacitr]', '3: kapacitr: unknown key; did you mean "kapacitor"?'],
  [
    'a text for a number',
    '[squadcast]\nrate = "300"',
    '4: squadcast.rate: expected a whole number from 1 to 100000, got "300"',
  ],
  [
    'a number below its range',
    '[squadcast]\nrate = 0',
    '4: squadcast.rate: expected a whole number from 1 to 100000, got the number 0',
  ],
  [
    'a broken number',
    '[squadcast]\nrate = 1.5',
    '4: squadcast.rate: expected a whole number from 1 to 100000, got the number 1.5',
  ],
  [
    'a number beyond 64 bits',
    '[squadcast]\nrate = 99999999999999999999',
    '4: squadcast.rate: expected a whole number from 1 to 100000, got the number 100000000000000000000',
  ],
  [
    'no number at all',
    '[squadcast]\nrate = nan',
    '4: squadcast.rate: expected a whole number from 1 to 100000, got the number NaN',
  ],
  ['a text for a switch', 'coalesce = "yes"', '3: endpoint[0].coalesce: expected true or false, got "yes"'],
  [
    'a number for a text',
    'name = 7',
    '3: endpoint[0].name: expected a name of at most 64 letters, digits, "-", "_" and ".", got the number 7',
  ],
  [
    'a name with a blank',
    'name = "my team"',
    '3: endpoint[0].name: expected a name of at most 64 letters, digits, "-", "_" and ".", got "my team"',
  ],
  [
    'a duration without unit',
    'timeout = 10',
    '3: endpoint[0].timeout: expected a duration from 10ms to 10m, such as "30s" or "1m30s", got the number 10',
  ],
  [
    'a duration out of range',
    'timeout = "1h"',
    '3: endpoint[0].timeout: expected a duration from 10ms to 10m, such as "30s" or "1m30s", got "1h"',
  ],
  [
    'a date',
    'timeout = 1979-05-27',
    '3: endpoint[0].timeout: expected a duration from 10ms to 10m, such as "30s" or "1m30s", got a date or time',
  ],
  [
    'a list',
    'timeout = ["1s"]',
    '3: endpoint[0].timeout: expected a duration from 10ms to 10m, such as "30s" or "1m30s", got a list',
  ],
  [
    'a table',
    'timeout = { s = 1 }',
    '3: endpoint[0].timeout: expected a duration from 10ms to 10m, such as "30s" or "1m30s", got a table',
  ],
  [
    'a format nobody knows',
    'format = "incidents"',
    '3: endpoint[0].format: expected "kapacitor" or "incident", got "incidents"',
  ],
  [
    'a level that opens nothing',
    'min-level = "OK"',
    '3: endpoint[0].min-level: expected INFO, WARNING or CRITICAL, got "OK"',
  ],
  [
    'a priority for no level',
    'priority = { crit = "P1" }',
    '3: endpoint[0].priority.crit: expected INFO, WARNING or CRITICAL as the key',
  ],
  [
    'a priority that is none',
    'priority = { INFO = "P6" }',
    '3: endpoint[0].priority.INFO: expected "P1", "P2", "P3", "P4" or "P5", got "P6"',
  ],
  [
    'a proxy that is no URL',
    'proxy = "proxy:3128"',
    '3: endpoint[0].proxy: expected the http or https URL of a proxy, got (hidden)',
  ],
  [
    'a header that the body fixes',
    'headers = { Content-Length = "3" }',
    '3: endpoint[0].headers.Content-Length: expected the name of a header, none that the sidecar sets itself, as the key',
  ],
  [
    'a header of two words',
    'headers = { "X Y" = "3" }',
    '3: endpoint[0].headers."…": expected the name of a header, none that the sidecar sets itself, as the key',
  ],
  [
    'a header over two lines',
    'headers = { X = "a\\nb" }',
    '3: endpoint[0].headers.X: expected a text on one line, of characters that fit in a header, got (hidden)',
  ],
  [
    'a mode that is not octal',
    '[udf]\nsocket-mode = "0680"',
    '4: udf.socket-mode: expected permissions in octal, such as "0660", got "0680"',
  ],
  [
    'a size that is none',
    '[udf]\nmax-message = "lots"',
    '4: udf.max-message: expected a size from 64KiB to 1GiB, such as "16MiB", got "lots"',
  ],
  [
    'a size out of range',
    '[udf]\nmax-message = 12',
    '4: udf.max-message: expected a size from 64KiB to 1GiB, such as "16MiB", got the number 12',
  ],
  [
    'a size in pieces',
    '[udf]\nmax-message = 0.5',
    '4: udf.max-message: expected a size from 64KiB to 1GiB, such as "16MiB", got the number 0.5',
  ],
  [
    'a group that is not there',
    '[udf]\nsocket-group = "kapa"',
    '4: udf.socket-group: there is no such group here',
  ],
  [
    'one socket for both functions',
    '[udf]\nbatch-socket = "/run/kapacitor-squadcast/stream.sock"',
    '4: udf.batch-socket: the same as stream-socket; each function needs a socket of its own',
  ],
  [
    'a socket deeper than the system allows',
    `[udf]\nstream-socket = "/${'x'.repeat(107)}"`,
    '4: udf.stream-socket: 108 bytes long; the path of a socket may have 107',
  ],
  ['an empty path', '[store]\npath = ""', '4: store.path: expected the path of a file, got ""'],
  [
    'an address without port',
    '[http]\nbind-address = "127.0.0.1"',
    '4: http.bind-address: expected an address and a port, such as "127.0.0.1:9192", or "", got "127.0.0.1"',
  ],
  [
    'an address beyond loopback without a token',
    '[http]\nbind-address = "0.0.0.0:9192"',
    '4: http.bind-address: reachable from other machines, so a token is needed; add token-file, or listen on 127.0.0.1',
  ],
  [
    'a token file that is missing',
    '[http]\nbind-address = ":9192"\ntoken-file = "/none"',
    '5: http.token-file: /none does not exist',
  ],
  [
    'a host that is a URL',
    '[http]\nhosts = ["a.test", "http://b.test"]',
    '4: http.hosts[1]: expected a host as it stands in a Host header, got (hidden)',
  ],
  [
    'a Kapacitor with a login in its URL',
    '[kapacitor]\nurl = "http://u:p@k.test"',
    '4: kapacitor.url: expected an http or https URL without user name and password, or "", got (hidden)',
  ],
  [
    'no function at all',
    '[kapacitor]\nfunctions = []',
    '4: kapacitor.functions: expected at least one name, got a list',
  ],
  [
    'a function with its @',
    '[kapacitor]\nfunctions = ["@squadcast"]',
    '4: kapacitor.functions[0]: expected the name of a function as in kapacitor.conf, without "@", got "@squadcast"',
  ],
  [
    'a user name without a password',
    '[kapacitor]\nusername = "u"',
    '4: kapacitor.username: username and password-file belong together; the other is missing',
  ],
  [
    'a heartbeat to nowhere',
    '[heartbeat]\nevery = "1m"',
    '3: heartbeat.url: missing; give url, url-file or url-env',
  ],
  [
    'a fallback that does nothing',
    '[fallback]\nafter = "1m"',
    '4: fallback.after: there is nothing to do after it; add command, url, url-file or url-env',
  ],
  [
    'a fallback two ways',
    '[fallback]\nurl-env = "HOME"\ncommand = "page"',
    '5: fallback.command: a way is given by url-env too; keep one of them',
  ],
  [
    'a fallback without a program',
    '[fallback]\ncommand = [""]',
    '4: fallback.command: expected a list of texts: a program, then its arguments, got a list',
  ],
  [
    'a word about itself to an unknown endpoint',
    '[self]\nendpoint = "other"',
    '4: self.endpoint: there is no [[endpoint]] of this name; there is "default"',
  ],
  [
    'a log level in capitals',
    '[log]\nlevel = "INFO"',
    '4: log.level: expected "trace", "debug", "info", "warn" or "error", got "INFO"',
  ],
  [
    'a section twice',
    '[log]\n[store]\n[log]',
    '5: not TOML: defining a key multiple times is invalid; nothing after it was looked at',
  ],
  [
    'a key twice',
    'name = "a"\nname = "b"',
    '4: not TOML: defining a key multiple times is invalid; nothing after it was looked at',
  ],
  [
    'a text without its end',
    'name = "a',
    '3: not TOML: unterminated string constant; nothing after it was looked at',
  ],
  [
    'a text without quotes',
    'name = default',
    '3: not TOML: unexpected character; nothing after it was looked at',
  ],
]

for (const [title, lines, said] of REFUSED) {
  test(`${title} is refused with its key and line`, t => {
    t.deepEqual(problemsOf(ENDPOINT + lines), [`config.toml:${said}`])
  })
}
