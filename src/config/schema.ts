// Every key of the configuration: how it is spelled, its default, and one line that says what it is for.
// A declaration: what keys mean together is settled in endpoints.ts and sections.ts.
import { z } from 'zod'
import { LOG_FORMATS, LOG_LEVELS, PAYLOAD_FORMATS, PRIORITIES } from './settings.ts'
import {
  alertLevel,
  anyText,
  bindAddress,
  command,
  duration,
  endpointName,
  endpointOrNone,
  environmentName,
  fileMode,
  filePath,
  flag,
  functionName,
  groupName,
  headerName,
  headerValue,
  hostName,
  integer,
  oneOf,
  proxyUrl,
  serverUrl,
  size,
  userName,
} from './values.ts'

/** A secret URL may stand in the file, in a file of its own, or in the environment. */
const urlSources = {
  url: anyText.optional().describe('The URL itself; it is a secret.'),
  'url-file': filePath.optional().describe('A file that holds the URL.'),
  'url-env': environmentName.optional().describe('An environment variable that holds the URL.'),
}

const section = <T extends z.ZodRawShape>(description: string, keys: T) =>
  z.strictObject(keys, 'a table').describe(description)

const caFile = filePath.optional().describe('Certificates (PEM) to trust instead of the usual ones.')

const udf = section('The sockets that Kapacitor dials.', {
  'stream-socket': filePath
    .prefault('/run/kapacitor-squadcast/stream.sock')
    .describe('Socket of the function for stream tasks.'),
  'batch-socket': filePath
    .prefault('/run/kapacitor-squadcast/batch.sock')
    .describe('Socket of the function for batch tasks.'),
  'socket-mode': fileMode.prefault('0660').describe('Permissions of both sockets.'),
  'socket-group': groupName
    .optional()
    .describe('Group of both sockets; "kapacitor" unless set, where that group exists.'),
  'max-message': size('64KiB', '1GiB')
    .prefault('16MiB')
    .describe('Largest message accepted from Kapacitor; a longer one ends the connection.'),
})

const squadcast = section('What all endpoints share.', {
  rate: integer(1, 100_000)
    .default(300)
    .describe("Requests a minute that this host may use of the organisation's plan."),
})

const endpoint = section('A place to deliver to; one of them is named "default".', {
  name: endpointName.prefault('default').describe('What .endpoint() of a TICKscript says.'),
  ...urlSources,
  format: oneOf(PAYLOAD_FORMATS)
    .default('kapacitor')
    .describe('Kind of alert source behind the URL: Kapacitor, or Incident Webhook.'),
  timeout: duration('10ms', '10m').prefault('10s').describe('How long one request may take.'),
  concurrency: integer(1, 1_000).default(16).describe('Incidents delivered at the same time.'),
  coalesce: flag.default(true).describe('Let an event that was never received give way to a newer one.'),
  'retrigger-on-rise': flag
    .default(true)
    .describe('Trigger again when the level rises; false sends only the first trigger of an incident.'),
  'post-repeat-interval': duration('1m', '52w')
    .optional()
    .describe('Trigger again at a post that comes this long after the last one that did; never unless set.'),
  'min-level': alertLevel.optional().describe('Lowest level that opens an incident here.'),
  'ca-file': caFile,
  proxy: proxyUrl.optional().describe('Proxy to go through; HTTPS_PROXY and NO_PROXY unless set.'),
  headers: z
    .record(headerName, headerValue, 'a table of texts')
    .prefault({})
    .describe('Headers to add to each request.'),
  priority: z
    .record(alertLevel, oneOf(PRIORITIES), 'a table from levels to priorities')
    .prefault({})
    .describe('Priority of an incident by its level, for format "incident".'),
})

const store = section('Where events are kept until they are delivered.', {
  path: filePath.prefault('/var/lib/kapacitor-squadcast/outbox.db').describe('File of the store.'),
  'max-size': size('64KiB', '1024TiB').prefault('1GiB').describe('How large the store may grow.'),
  history: duration('0s', '520w').prefault('7d').describe('How long settled events are kept.'),
})

const http = section('The local listener: page, metrics, health, intake of alerts.', {
  'bind-address': bindAddress
    .prefault('127.0.0.1:9192')
    .describe('Where to listen; "" turns it off. Anything but loopback needs token-file.'),
  'token-file': filePath.optional().describe('A file with the token that every path but /healthz asks for.'),
  hosts: z
    .array(hostName, 'a list of hosts')
    .default([])
    .describe("Hosts to accept in the Host header beside the loopback's."),
})

const kapacitor = section("Kapacitor's HTTP API, to revive tasks that lost their connection.", {
  url: serverUrl.prefault('http://127.0.0.1:9092').describe('Kapacitor\'s HTTP API; "" turns revival off.'),
  functions: z
    .array(functionName, 'a list of names')
    .min(1, 'at least one name')
    .prefault(['squadcast', 'squadcastBatch'])
    .describe('Names of our functions in kapacitor.conf.'),
  username: userName.optional().describe('User name, where Kapacitor asks for one.'),
  'password-file': filePath.optional().describe('A file that holds the password.'),
  'ca-file': caFile,
  'orphan-after': duration('1s', '52w')
    .optional()
    .describe('How long a task may be gone before its incidents count as orphans.'),
})

const heartbeat = section('A URL called while all is well, so that somebody notices when it no longer is.', {
  ...urlSources,
  every: duration('1s', '1d').prefault('1m').describe('How often to call it.'),
})

const self = section('Incidents about the sidecar itself.', {
  endpoint: endpointOrNone.prefault('default').describe('Endpoint that is told; "" tells nobody.'),
})

const fallback = section('Another way for CRITICAL that Squadcast does not take.', {
  ...urlSources,
  command: command.optional().describe('A program to run, with its arguments, instead of a URL.'),
  after: duration('0s', '1d').prefault('5m').describe('How long Squadcast may not take it before.'),
})

const log = section('The log.', {
  level: oneOf(LOG_LEVELS).default('info').describe('Least urgent lines that are written.'),
  format: oneOf(LOG_FORMATS).optional().describe('"pretty" on a terminal and "json" elsewhere unless set.'),
})

export const SECTIONS = { udf, squadcast, endpoint, store, http, kapacitor, heartbeat, self, fallback, log }

export const Configuration = z.strictObject({
  udf: udf.prefault({}),
  squadcast: squadcast.prefault({}),
  endpoint: z.array(endpoint, 'a list of tables, each written [[endpoint]]').prefault([]),
  store: store.prefault({}),
  http: http.prefault({}),
  kapacitor: kapacitor.prefault({}),
  heartbeat: heartbeat.prefault({}),
  self: self.prefault({}),
  fallback: fallback.prefault({}),
  log: log.prefault({}),
})

/** What the file says, key by key, with defaults and units settled. */
export type Configuration = z.infer<typeof Configuration>
export type SectionName = keyof typeof SECTIONS
