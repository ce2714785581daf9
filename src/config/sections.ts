// [udf], [http] and [kapacitor]: what their keys mean together, and what they ask of the machine. Where there
// was a problem the answer is incomplete; it is told, and then nobody uses the answer.
import { isLoopback } from './address.ts'
import { trustedCertificates } from './certificates.ts'
import type { Inquiry } from './inquiry.ts'
import type { Configuration } from './schema.ts'
import { Secret } from './secret.ts'
import type { HttpSettings, KapacitorSettings, UdfSettings } from './settings.ts'

// What sun_path of a Unix socket's address holds, less its closing zero (Linux).
const LONGEST_SOCKET_PATH = 107

const KAPACITORS_GROUP = 'kapacitor'

export function udfSettings(table: Configuration['udf'], inquiry: Inquiry): UdfSettings {
  const streamSocket = socketPath('stream-socket', table, inquiry)
  const batchSocket = socketPath('batch-socket', table, inquiry)
  if (streamSocket === batchSocket) {
    const message = 'the same as stream-socket; each function needs a socket of its own'
    inquiry.problem(['udf', 'batch-socket'], { code: 'conflict', message })
  }
  return {
    streamSocket,
    batchSocket,
    socketMode: table['socket-mode'],
    socketGroup: socketGroup(table['socket-group'], inquiry),
    maxMessageBytes: table['max-message'],
  }
}

function socketPath(
  key: 'stream-socket' | 'batch-socket',
  table: Configuration['udf'],
  inquiry: Inquiry,
): string {
  const path = inquiry.fullPath(table[key])
  const length = Buffer.byteLength(path)
  if (length > LONGEST_SOCKET_PATH) {
    const message = `${length} bytes long; the path of a socket may have ${LONGEST_SOCKET_PATH}`
    inquiry.problem(['udf', key], { code: 'bad-value', message })
  }
  return path
}

function socketGroup(name: string | undefined, inquiry: Inquiry): string | undefined {
  const { groupExists } = inquiry.outside
  if (name === undefined) return groupExists(KAPACITORS_GROUP) ? KAPACITORS_GROUP : undefined
  if (name === '') return undefined
  if (!groupExists(name)) {
    inquiry.problem(['udf', 'socket-group'], { code: 'bad-value', message: 'there is no such group here' })
  }
  return name
}

export function httpSettings(table: Configuration['http'], inquiry: Inquiry): HttpSettings {
  const bindAddress = table['bind-address'] ?? undefined
  if (bindAddress && !isLoopback(bindAddress.host) && !inquiry.document.has(['http', 'token-file'])) {
    const message = 'reachable from other machines, so a token is needed'
    const hint = 'add token-file, or listen on 127.0.0.1'
    inquiry.problem(['http', 'bind-address'], { code: 'missing', message, hint })
  }
  return { bindAddress, token: token(table['token-file'], inquiry), hosts: table.hosts }
}

function token(file: string | undefined, inquiry: Inquiry): Secret | undefined {
  const path = ['http', 'token-file']
  const text = inquiry.fileText(path, file)
  if (text === undefined) return undefined
  if (!/^[\x21-\x7e]+$/.test(text)) {
    const message = 'a token is one word of visible ASCII characters; what is in this file is not'
    inquiry.problem(path, { code: 'bad-value', message })
  }
  return new Secret(text)
}

export function kapacitorSettings(table: Configuration['kapacitor'], inquiry: Inquiry): KapacitorSettings {
  const url = table.url ?? undefined
  const password = inquiry.fileText(['kapacitor', 'password-file'], table['password-file'])
  checkCredentials(url, inquiry)
  return {
    url,
    functions: table.functions,
    username: table.username,
    password: password === undefined ? undefined : new Secret(password),
    ca: trustedCertificates(['kapacitor', 'ca-file'], table['ca-file'], inquiry),
    orphanAfterMs: table['orphan-after'],
  }
}

function checkCredentials(url: string | undefined, inquiry: Inquiry): void {
  const given = ['username', 'password-file'].filter(key => inquiry.document.has(['kapacitor', key]))
  if (given.length === 1) {
    const message = 'username and password-file belong together; the other is missing'
    inquiry.problem(['kapacitor', given[0]!], { code: 'missing', message })
  }
  if (given.length > 0 && url?.startsWith('http:') && !isLoopback(new URL(url).hostname)) {
    const message = 'plain http: whoever sees it pass can read the password'
    inquiry.warning(['kapacitor', 'url'], { code: 'plain-http', message, hint: 'use https' })
  }
}
