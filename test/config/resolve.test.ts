import { rootCertificates } from 'node:tls'
import test from 'ava'
import { Secret } from '../../src/config/secret.ts'
import type { EndpointSettings, Settings } from '../../src/config/settings.ts'
import { SMALLEST_CONFIGURATION } from '../../src/config/smallest.ts'
import { Level } from '../../src/incident/level.ts'
import { ENDPOINT, problemsOf, settingsOf, WEBHOOK, warningsOf } from './machine.ts'

const MIB = 1024 * 1024
const DAY_MS = 86_400_000

/** The settings of a file that says nothing but where to deliver. */
const DEFAULTS: Settings = {
  udf: {
    streamSocket: '/run/kapacitor-squadcast/stream.sock',
    batchSocket: '/run/kapacitor-squadcast/batch.sock',
    socketMode: 0o660,
    socketGroup: undefined,
    maxMessageBytes: 16 * MIB,
  },
  squadcast: { ratePerMinute: 300 },
  endpoints: [
    {
      name: 'default',
      url: new Secret(WEBHOOK),
      format: 'kapacitor',
      timeoutMs: 10_000,
      concurrency: 16,
      coalesce: true,
      retriggerOnRise: true,
      postRepeatIntervalMs: undefined,
      minLevel: undefined,
      ca: undefined,
      proxy: undefined,
      headers: {},
      priorityByLevel: {},
    },
  ],
  store: { path: '/var/lib/kapacitor-squadcast/outbox.db', maxSizeBytes: 1024 * MIB, historyMs: 7 * DAY_MS },
  http: { bindAddress: { host: '127.0.0.1', port: 9192 }, token: undefined, hosts: [] },
  kapacitor: {
    url: 'http://127.0.0.1:9092',
    functions: ['squadcast', 'squadcastBatch'],
    username: undefined,
    password: undefined,
    ca: undefined,
    orphanAfterMs: undefined,
  },
  heartbeat: undefined,
  self: { endpoint: 'default' },
  fallback: undefined,
  log: { level: 'info', format: undefined },
}

const SPELLED_OUT = `
[udf]
stream-socket = "/run/kapacitor-squadcast/stream.sock"
batch-socket  = "/run/kapacitor-squadcast/batch.sock"
socket-mode   = "0660"
max-message   = "16MiB"

[squadcast]
rate = 300

[[endpoint]]
name        = "default"
url         = "${WEBHOOK}"
format      = "kapacitor"
timeout     = "10s"
concurrency = 16
coalesce    = true
retrigger-on-rise = true

[store]
path     = "/var/lib/kapacitor-squadcast/outbox.db"
max-size = "1GiB"
history  = "7d"

[http]
bind-address = "127.0.0.1:9192"

[kapacitor]
url       = "http://127.0.0.1:9092"
functions = ["squadcast", "squadcastBatch"]

[heartbeat]
[self]
[fallback]

[log]
level  = "info"
`

const EVERY_OTHER_KEY = `
[udf]
socket-group = "telegraf"

[[endpoint]]
url-file  = "webhook"
min-level = "warning"
ca-file   = "/etc/ssl/company.pem"
proxy     = "http://proxy.test:3128"
headers   = { X-Team = "metrics", Authorization = "Bearer abc" }
[endpoint.priority]
CRITICAL = "P1"
warning  = "P3"

[[endpoint]]
name    = "database"
url-env = "DATABASE_WEBHOOK"
format  = "incident"

[http]
bind-address = "[::]:9192"
token-file   = "token"
hosts        = ["alerts.test", "alerts.test:9192"]

[kapacitor]
url           = "https://kapacitor.test:9092/"
username      = "squadcast"
password-file = "/run/secrets/kapacitor"
ca-file       = "/etc/ssl/company.pem"
orphan-after  = "15m"

[heartbeat]
url   = "https://heartbeat.test/abc"
every = "30s"

[self]
endpoint = "database"

[fallback]
after   = "10m"
command = ["/usr/local/bin/page", "--loud"]

[log]
level  = "debug"
format = "pretty"
`

const PEM = rootCertificates[0]!

const MACHINE = {
  files: {
    '/etc/kapacitor-squadcast/webhook': `${WEBHOOK}\r\n`,
    '/etc/kapacitor-squadcast/token': 's3same\n',
    '/run/secrets/kapacitor': 'pass word\n',
    '/etc/ssl/company.pem': PEM,
  },
  env: { DATABASE_WEBHOOK: `${WEBHOOK}-db` },
  groups: ['telegraf', 'kapacitor'],
}

const plain = (secret: Secret | undefined): string | undefined => secret?.reveal()
const second = ({ endpoints }: Settings): EndpointSettings => endpoints[1]!

test('a file that only says where to deliver gets every default', t => {
  t.deepEqual(settingsOf(ENDPOINT), DEFAULTS)
  t.is(plain(settingsOf(ENDPOINT).endpoints[0]?.url), WEBHOOK)
})

test('every default spelled out resolves to the same settings', t => {
  t.deepEqual(settingsOf(SPELLED_OUT), DEFAULTS)
})

test('every other key has its place in the settings', t => {
  const { udf, endpoints, http, kapacitor, heartbeat, self, fallback, log } = settingsOf(
    EVERY_OTHER_KEY,
    MACHINE,
  )
  const [first] = endpoints
  t.is(udf.socketGroup, 'telegraf')
  t.is(plain(first?.url), WEBHOOK)
  t.is(first?.minLevel, Level.warning)
  t.is(first?.ca, PEM.trimEnd())
  t.is(plain(first?.proxy), 'http://proxy.test:3128/')
  t.deepEqual(Object.keys(first?.headers ?? {}), ['x-team', 'authorization'])
  t.is(plain(first?.headers.authorization), 'Bearer abc')
  t.deepEqual(first?.priorityByLevel, { CRITICAL: 'P1', WARNING: 'P3' })
  t.deepEqual(http.bindAddress, { host: '::', port: 9192 })
  t.is(plain(http.token), 's3same')
  t.deepEqual(http.hosts, ['alerts.test', 'alerts.test:9192'])
  t.is(kapacitor.url, 'https://kapacitor.test:9092')
  t.is(kapacitor.username, 'squadcast')
  t.is(plain(kapacitor.password), 'pass word')
  t.is(kapacitor.ca, PEM.trimEnd())
  t.is(kapacitor.orphanAfterMs, 900_000)
  t.is(plain(heartbeat?.url), 'https://heartbeat.test/abc')
  t.is(heartbeat?.everyMs, 30_000)
  t.deepEqual(self, { endpoint: 'database' })
  t.deepEqual(fallback, { afterMs: 600_000, way: { command: ['/usr/local/bin/page', '--loud'] } })
  t.deepEqual(log, { level: 'debug', format: 'pretty' })
})

test('endpoints keep the order of the file and settings of their own', t => {
  const settings = settingsOf(EVERY_OTHER_KEY, MACHINE)
  t.deepEqual(
    settings.endpoints.map(({ name, format }) => `${name} ${format}`),
    ['default kapacitor', 'database incident'],
  )
  t.is(plain(second(settings).url), `${WEBHOOK}-db`)
  t.is(second(settings).minLevel, undefined)
  t.deepEqual(second(settings).priorityByLevel, {})
})

test('the smallest configuration resolves, and says that its URL is to be replaced', t => {
  t.is(settingsOf(SMALLEST_CONFIGURATION).endpoints.length, 1)
  t.deepEqual(warningsOf(SMALLEST_CONFIGURATION), [
    'config.toml:3: endpoint[0].url: this is a placeholder: nothing can be delivered; put the webhook URL here',
  ])
})

test('the smallest configuration can lose none of its lines but the name', t => {
  const lines = SMALLEST_CONFIGURATION.trimEnd().split('\n')
  const stillWork = lines.filter((_, at) => problemsOf(lines.toSpliced(at, 1).join('\n')).length === 0)
  t.deepEqual(stillWork, ['name = "default"'])
})

test('a byte order mark and Windows line ends change nothing', t => {
  t.deepEqual(settingsOf(`\uFEFF${SPELLED_OUT.replaceAll('\n', '\r\n')}`), DEFAULTS)
})

test('the sockets belong to the group kapacitor where that group exists', t => {
  t.is(settingsOf(ENDPOINT, { groups: ['kapacitor'] }).udf.socketGroup, 'kapacitor')
  t.is(settingsOf(ENDPOINT, { groups: ['wheel'] }).udf.socketGroup, undefined)
})

test('an empty socket-group asks for no group even where kapacitor exists', t => {
  t.is(
    settingsOf(`${ENDPOINT}[udf]\nsocket-group = ""`, { groups: ['kapacitor'] }).udf.socketGroup,
    undefined,
  )
})

test('relative paths start at the file that says them', t => {
  const { udf, store } = settingsOf(`${ENDPOINT}[udf]\nstream-socket = "s.sock"\n[store]\npath = "../db"`)
  t.is(udf.streamSocket, '/etc/kapacitor-squadcast/s.sock')
  t.is(store.path, '/etc/db')
})

test('an empty bind-address turns the listener off and an empty kapacitor.url turns revival off', t => {
  const { http, kapacitor } = settingsOf(`${ENDPOINT}[http]\nbind-address = ""\n[kapacitor]\nurl = ""`)
  t.is(http.bindAddress, undefined)
  t.is(kapacitor.url, undefined)
})

test('a listener beyond loopback is fine with a token', t => {
  const text = `${ENDPOINT}[http]\nbind-address = ":9192"\ntoken-file = "/token"`
  t.deepEqual(settingsOf(text, { files: { '/token': 'x\n' } }).http.bindAddress, {
    host: '0.0.0.0',
    port: 9192,
  })
})

test('a size may be a bare number of bytes', t => {
  t.is(settingsOf(`${ENDPOINT}[udf]\nmax-message = 65536`).udf.maxMessageBytes, 65_536)
})

test('incidents about the sidecar go to the default endpoint, or to nobody', t => {
  t.deepEqual(settingsOf(ENDPOINT).self, { endpoint: 'default' })
  t.is(settingsOf(`${ENDPOINT}[self]\nendpoint = ""`).self, undefined)
})

test('a fallback may be a URL, and a command may be a program alone', t => {
  const byUrl = settingsOf(`${ENDPOINT}[fallback]\nurl = "${WEBHOOK}"`).fallback
  t.is(byUrl?.afterMs, 300_000)
  t.is(byUrl && 'url' in byUrl.way ? plain(byUrl.way.url) : undefined, WEBHOOK)
  const byCommand = settingsOf(`${ENDPOINT}[fallback]\ncommand = "/bin/page"`).fallback
  t.deepEqual(byCommand?.way, { command: ['/bin/page'] })
})

test('the URL may ask for a login, as URLs do', t => {
  const url = 'https://user:word@hooks.test/x'
  t.is(plain(settingsOf(`[[endpoint]]\nurl = "${url}"`).endpoints[0]?.url), url)
})

const PLAIN_HTTP: readonly (readonly [url: string, warned: boolean])[] = [
  ['http://hooks.test/x', true],
  ['http://10.0.0.7/x', true],
  ['https://hooks.test/x', false],
  ['http://127.0.0.1:8080/x', false],
  ['http://127.9.9.9/x', false],
  ['http://[::1]:8080/x', false],
  ['http://localhost/x', false],
]

for (const [url, warned] of PLAIN_HTTP) {
  test(`${url} is used ${warned ? 'with a warning' : 'without a word'}`, t => {
    const text = `[[endpoint]]\nurl = "${url}"`
    t.is(plain(settingsOf(text).endpoints[0]?.url), url)
    const warning = 'config.toml:2: endpoint[0].url: plain http: whoever sees it pass can use it; use https'
    t.deepEqual(warningsOf(text), warned ? [warning] : [])
  })
}

test('a password for Kapacitor that travels in plain http is warned about, on loopback it is not', t => {
  const login = 'username = "u"\npassword-file = "/p"'
  const files = { '/p': 'x' }
  t.deepEqual(warningsOf(`${ENDPOINT}[kapacitor]\nurl = "http://k.test:9092"\n${login}`, { files }), [
    'config.toml:4: kapacitor.url: plain http: whoever sees it pass can read the password; use https',
  ])
  t.deepEqual(warningsOf(`${ENDPOINT}[kapacitor]\n${login}`, { files }), [])
})
