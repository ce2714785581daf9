// What a restart of the sidecar that runs would cost now. Asks its listener for the metrics, and changes nothing.
import type { HttpSettings } from '../config/settings.ts'

export interface RestartCost {
  /** Tasks with a live connection, and their connections: each of them ends. */
  readonly tasks: number
  readonly connections: number
  readonly openIncidents: number
  readonly pendingEvents: number
  /** False: what is not on the disk may be lost with the process. */
  readonly durable: boolean
}

const WITHIN_MS = 3_000
const PREFIX = 'kapacitor_squadcast_'

/** Never rejects: where nobody can be asked, it says why. */
export async function askRestartCost(http: HttpSettings): Promise<RestartCost | { readonly why: string }> {
  const { bindAddress, token } = http
  if (!bindAddress) return { why: 'it has no listener to ask ([http] bind-address)' }
  const at = `${dialled(bindAddress.host)}:${bindAddress.port}`
  try {
    const answer = await fetch(`http://${at}/metrics`, {
      headers: token ? { authorization: `Bearer ${token.reveal()}` } : {},
      redirect: 'error',
      signal: AbortSignal.timeout(WITHIN_MS),
    })
    if (answer.status !== 200) return { why: `${at} answers ${answer.status}` }
    return costOf(await answer.text()) ?? { why: `what answers at ${at} is no sidecar` }
  } catch (error) {
    return { why: `nobody answers at ${at} (${reason(error)})` }
  }
}

/** Of metrics in Prometheus's text format; undefined where they are not the sidecar's. */
export function costOf(metrics: string): RestartCost | undefined {
  const values = (name: string): number[] =>
    [...metrics.matchAll(new RegExp(`^${PREFIX}${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].map(([, text]) =>
      Number(text),
    )
  const sum = (name: string): number => values(name).reduce((total, value) => total + value, 0)
  const [durable] = values('durable')
  if (durable === undefined) return undefined
  return {
    tasks: values('connections').filter(count => count > 0).length,
    connections: sum('connections'),
    openIncidents: sum('open_incidents'),
    pendingEvents: sum('pending_events'),
    durable: durable === 1,
  }
}

/** Where a listener on every address can be reached from this machine. */
const dialled = (host: string): string => {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return address.includes(':') ? `[${address}]` : address
}

function reason(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } }
  return name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? String(name))
}
