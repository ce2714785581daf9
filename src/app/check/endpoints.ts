// Layer 5: the way to each receiver: its name, its proxy, the connection and its TLS. No request is ever sent, and so
// no event; nothing of a URL but its host is ever told.
import { lookup } from 'node:dns/promises'
import { isIP, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Settings } from '../../config/settings.ts'
import { adviceFor } from '../../squadcast/advice.ts'
import { answerText } from '../../squadcast/answer-text.ts'
import { type Redact, redactor } from '../../squadcast/redact.ts'
import { connectorFor, proxyFor, type Way } from '../../squadcast/tunnel.ts'
import { isIncomplete } from '../last-good.ts'
import type { CheckAround, Finding } from './finding.ts'
import { findingsOf, PATIENCE_MS } from './finding.ts'

const { passed, warned, failed, skipped } = findingsOf('endpoints')

const DAY_MS = 86_400_000
const EXPIRES_SOON_MS = 14 * DAY_MS

interface Receiver {
  readonly name: string
  readonly url: string
  readonly ca?: string | undefined
  readonly proxy?: string | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** @param broken keys of the configuration with a problem: those endpoints are not among the settings. */
export async function endpointsLayer(
  settings: Settings,
  broken: readonly string[],
  around: CheckAround,
): Promise<Finding[]> {
  const tables = new Set(broken.flatMap(key => /^endpoint\[\d+\]/.exec(key)?.[0] ?? []))
  const left = [...tables].map(table => skipped('endpoint', `${table} is not right: see configuration`))
  const checked = await Promise.all(receiversOf(settings).map(receiver => oneReceiver(receiver, around)))
  return [...checked.flat(), ...left]
}

function receiversOf({ endpoints, heartbeat, fallback }: Settings): Receiver[] {
  const way = fallback?.way
  return [
    ...endpoints
      .filter(endpoint => !isIncomplete(endpoint))
      .map(({ name, url, ca, proxy, headers }) => ({
        name,
        url: url.reveal(),
        ca,
        proxy: proxy?.reveal(),
        headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, value.reveal()])),
      })),
    ...(heartbeat ? [{ name: '[heartbeat]', url: heartbeat.url.reveal(), headers: {} }] : []),
    ...(way && 'url' in way ? [{ name: '[fallback]', url: way.url.reveal(), headers: {} }] : []),
  ]
}

async function oneReceiver(receiver: Receiver, around: CheckAround): Promise<Finding[]> {
  const { name, headers, ca } = receiver
  const url = new URL(receiver.url)
  const way: Way = { url, ca, proxy: receiver.proxy, env: around.env, timeoutMs: PATIENCE_MS }
  let proxy: URL | undefined
  try {
    proxy = proxyFor(way)
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string }
    return [failed('endpoint-proxy', `${name}: ${message}`, hint)]
  }
  const redact = redactor({ url, proxy, headers })
  const named = await nameFinding(name, proxy ?? url, redact, around)
  if (named?.outcome === 'failed')
    return [named, skipped('endpoint-connection', `${name}: not tried, since its host has no address`)]
  return [...(named ? [named] : []), await connectionFinding(name, way, { proxy, redact }, around)]
}

/** Of the proxy, where one stands between: it asks for the other name itself. */
async function nameFinding(
  name: string,
  { hostname }: URL,
  redact: Redact,
  { clock }: CheckAround,
): Promise<Finding | undefined> {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host)) return undefined
  try {
    const found = await inTime(lookup(host, { all: true }), clock)
    return passed(
      'endpoint-name',
      redact(`${name}: ${host} has ${found.length === 1 ? 'an address' : `${found.length} addresses`}`),
    )
  } catch (error) {
    return failure('endpoint-name', name, error, redact)
  }
}

async function connectionFinding(
  name: string,
  way: Way,
  { proxy, redact }: { readonly proxy: URL | undefined; readonly redact: Redact },
  { clock }: CheckAround,
): Promise<Finding> {
  const { url } = way
  let socket: Socket | undefined
  try {
    socket = await inTime(connected(way), clock)
    const through = proxy ? ` through the proxy ${proxy.host}` : ''
    if (!(socket instanceof TLSSocket))
      return passed('endpoint-connection', redact(`${name}: ${url.host} accepts${through}, without TLS`))
    const leftMs = Date.parse(socket.getPeerCertificate().valid_to ?? '') - clock.wallMs()
    const days = Number.isNaN(leftMs) ? '' : `, certificate for ${Math.floor(leftMs / DAY_MS)} days`
    const says = redact(`${name}: ${url.host} accepts${through}, ${socket.getProtocol()}${days}`)
    return leftMs < EXPIRES_SOON_MS
      ? warned('endpoint-connection', says, 'have the certificate renewed: after that nothing is delivered')
      : passed('endpoint-connection', says)
  } catch (error) {
    return failure('endpoint-connection', name, error, redact)
  } finally {
    socket?.on('error', () => {}).destroy()
  }
}

/** As for an attempt, and nothing is sent on it. */
function connected(way: Way): Promise<Socket> {
  const { hostname, host, protocol, port } = way.url
  return new Promise((resolve, reject) => {
    const connect = connectorFor(way)
    connect({ hostname: hostname.replace(/^\[|\]$/g, ''), host, protocol, port }, (error, socket) =>
      socket ? resolve(socket) : reject(error ?? new Error('no connection')),
    )
  })
}

function failure(check: string, name: string, error: unknown, redact: Redact): Finding {
  const text = redact(answerText({ kind: 'failed', error, begun: false }))
  return failed(check, `${name}: ${text}`, adviceFor({ text }))
}

class OutOfTime extends Error {
  readonly code = 'TIMEOUT'
}

function inTime<Result>(work: Promise<Result>, clock: CheckAround['clock']): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const cancel = clock.after(PATIENCE_MS, () =>
    late.reject(new OutOfTime(`nothing within ${PATIENCE_MS / 1000} s`)),
  )
  return Promise.race([work, late.promise]).finally(cancel)
}
