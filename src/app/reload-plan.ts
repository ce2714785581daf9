// What becomes of a new configuration while the sidecar runs: what is swapped, what has to wait for a restart and is
// left as it is, and what forbids it. Pure; nothing is changed here.
import { isSame } from '../config/same.ts'
import type { Settings } from '../config/settings.ts'

export type ReloadPlan =
  | { readonly refused: string }
  | {
      /** To run by from now on. */
      readonly settings: Settings
      /** Keys as they stand in the file. */
      readonly swapped: readonly string[]
      readonly needRestart: readonly string[]
    }

/** Where a connected task tells. */
export interface NamedEndpoint {
  readonly task: string
  readonly endpoint: string
}

export function planReload(current: Settings, next: Settings, named: readonly NamedEndpoint[]): ReloadPlan {
  const left = droppedButNamed(current, next, named)
  if (left) return { refused: `endpoint "${left.endpoint}" is left out, and task ${left.task} names it` }
  const settings = merged(current, next)
  return {
    settings,
    swapped: [...endpointChanges(current, settings), ...differences(current, settings)],
    needRestart: differences(settings, next),
  }
}

function droppedButNamed(
  current: Settings,
  next: Settings,
  named: readonly NamedEndpoint[],
): NamedEndpoint | undefined {
  const has = ({ endpoints }: Settings, wanted: string): boolean =>
    endpoints.some(({ name }) => name === wanted)
  return named.find(({ endpoint }) => has(current, endpoint) && !has(next, endpoint))
}

/** A listener that asks for a token must not lose it while it goes on listening to others, nor the other way round. */
function merged(current: Settings, next: Settings): Settings {
  const { squadcast, endpoints, heartbeat, self, fallback } = next
  const token = current.http.token && next.http.token ? next.http.token : current.http.token
  return {
    ...current,
    ...{ squadcast, endpoints, heartbeat, self, fallback },
    http: { ...current.http, token },
    log: { ...current.log, level: next.log.level },
  }
}

function endpointChanges(current: Settings, next: Settings): string[] {
  const names = new Set([...current.endpoints, ...next.endpoints].map(({ name }) => name))
  const of = ({ endpoints }: Settings, wanted: string) => endpoints.find(({ name }) => name === wanted)
  return [...names]
    .filter(name => !isSame(of(current, name), of(next, name)))
    .map(name => `endpoint "${name}"`)
}

const SECTIONS = [
  'udf',
  'squadcast',
  'store',
  'http',
  'kapacitor',
  'heartbeat',
  'self',
  'fallback',
  'log',
] as const

function differences(one: Settings, other: Settings): string[] {
  return SECTIONS.flatMap(section => {
    const [before, after] = [one[section] ?? {}, other[section] ?? {}]
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter(key => !isSame(Reflect.get(before, key), Reflect.get(after, key)))
      .map(key => `${section}.${spelled(key)}`)
  })
}

const FILES: Readonly<Record<string, string>> = {
  ca: 'ca-file',
  token: 'token-file',
  password: 'password-file',
  way: 'command or url',
  ratePerMinute: 'rate',
}

/** `maxSizeBytes` as it stands in the file: `max-size`. */
const spelled = (key: string): string =>
  FILES[key] ?? key.replace(/(Ms|Bytes)$/, '').replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
