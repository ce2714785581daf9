// How a connection to Squadcast is made: directly, or through a proxy that is asked by CONNECT. It decides
// which way from the settings and the environment it is given; it sends no request of its own to Squadcast.
import { X509Certificate } from 'node:crypto'
import { type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { buildConnector } from 'undici'
import { basicLogin } from './basic-login.ts'
import { ProxyRefusal } from './verdict.ts'

export interface Way {
  readonly url: URL
  /** Certificates in PEM that are trusted instead of the system's. */
  readonly ca?: string | undefined
  /** Address of a proxy; it wins over the environment. */
  readonly proxy?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** For each step of making a connection. */
  readonly timeoutMs: number
}

type Connector = buildConnector.connector
type Destination = buildConnector.Options

/** Throws an Error with a `code` when the certificates or the address of the proxy cannot be used. */
export function connectorFor(way: Way): Connector {
  const secureContext = secureContextOf(way.ca)
  const direct = buildConnector({
    timeout: way.timeoutMs,
    allowH2: false,
    ...(secureContext && { secureContext }),
  })
  const proxy = proxyFor(way)
  return proxy ? throughProxy({ proxy, direct, secureContext, timeoutMs: way.timeoutMs }) : direct
}

/** The proxy that stands between here and the URL, if any. */
export function proxyFor({ url, proxy, env }: Pick<Way, 'url' | 'proxy' | 'env'>): URL | undefined {
  if (proxy) return proxyUrl(proxy)
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  const address = env[name] ?? env[name.toUpperCase()]
  if (!address || isExempt(url, env.no_proxy ?? env.NO_PROXY ?? '')) return undefined
  return proxyUrl(address)
}

function proxyUrl(address: string): URL {
  const text = address.includes('://') ? address : `http://${address}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  // NOTE: the address may hold a password, so that the message may not quote it.
  throw Object.assign(new Error('the address of the proxy is not an http:// or https:// URL'), {
    code: 'PROXY_INVALID',
    hint: 'write it like http://proxy.example.com:3128',
  })
}

/** NO_PROXY: names (with all names below them) separated by commas or blanks, with a port or without; `*`. */
function isExempt(url: URL, noProxy: string): boolean {
  const host = bareHost(url)
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some(entry => {
      if (entry === '') return false
      const [, name = '', onlyPort] =
        /^(.*?)(?::(\d+))?$/.exec(isAddressV6(entry) ? `[${entry}]` : entry) ?? []
      if (onlyPort && onlyPort !== port) return false
      const domain = name.replace(/^\*?\.|^\[|\]$/g, '')
      return domain === '*' || host === domain || host.endsWith(`.${domain}`)
    })
}

const isAddressV6 = (entry: string): boolean => !entry.startsWith('[') && entry.split(':').length > 2
const bareHost = (url: URL): string => url.hostname.toLowerCase().replace(/^\[|\]$/g, '')

function secureContextOf(ca: string | undefined): SecureContext | undefined {
  if (ca === undefined) return undefined
  try {
    const certificates = ca.match(PEM_CERTIFICATE) ?? []
    // NOTE: createSecureContext passes over what it cannot read, and then trusts nobody.
    if (certificates.length === 0) throw new Error('no certificate found')
    for (const certificate of certificates) new X509Certificate(certificate)
    return createSecureContext({ ca })
  } catch (cause) {
    throw Object.assign(new Error('the certificates of the endpoint cannot be read', { cause }), {
      code: 'CA_INVALID',
      hint: 'ca-file must hold certificates in PEM',
    })
  }
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs

interface ThroughProxy {
  readonly proxy: URL
  readonly direct: Connector
  readonly secureContext: SecureContext | undefined
  readonly timeoutMs: number
}

/** Asks the proxy for a connection to the destination, and does TLS with the destination through it. */
function throughProxy({ proxy, direct, secureContext, timeoutMs }: ThroughProxy): Connector {
  const ask = proxy.protocol === 'https:' ? requestHttps : requestHttp
  return (destination, callback) => {
    const options = connectRequest(proxy, destination)
    const connected = atMostOnce(callback)
    const request = ask({ ...options, timeout: timeoutMs, ...(secureContext && { secureContext }) })
    request.once('connect', (answer, socket: Socket, head: Buffer) => {
      const status = answer.statusCode ?? 0
      socket.setTimeout(0)
      if (head.length > 0) socket.unshift(head)
      if (status < 200 || status >= 300) {
        socket.on('error', () => {}).destroy()
        connected(new ProxyRefusal(status), null)
      } else if (destination.protocol === 'https:') direct({ ...destination, httpSocket: socket }, connected)
      else connected(null, socket)
    })
    request.once('timeout', () => request.destroy(new ProxySilence('it did not answer in time')))
    request.on('error', error => connected(new ProxyFailure(error), null))
    request.end()
  }
}

/** NOTE: undici breaks when it is told twice how one connection ended. */
function atMostOnce(callback: buildConnector.Callback): buildConnector.Callback {
  let called = false
  return (...result) => {
    if (!called) callback(...result)
    called = true
  }
}

function connectRequest(proxy: URL, destination: Destination): RequestOptions {
  const port = destination.port || (destination.protocol === 'https:' ? '443' : '80')
  const host = destination.hostname.includes(':') ? `[${destination.hostname}]` : destination.hostname
  const login = basicLogin(proxy)
  return {
    method: 'CONNECT',
    host: bareHost(proxy),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    path: `${host}:${port}`,
    headers: {
      host: `${host}:${port}`,
      ...(login && { 'proxy-authorization': login }),
    },
    agent: false,
  }
}

class ProxySilence extends Error {
  readonly code = 'TIMEOUT'
}

/** NOTE: with a code of our own, since after some others undici connects again at once, without end. */
class ProxyFailure extends Error {
  readonly code: string

  constructor(cause: Error & { code?: string }) {
    super(`the proxy: ${cause.message || cause.code}`, { cause })
    this.code = `PROXY_${cause.code ?? 'FAILED'}`
  }
}
