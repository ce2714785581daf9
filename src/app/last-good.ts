// The last configuration that the sidecar ran by, kept beside the store without its secrets: with it a broken one does
// not end the sidecar, which Kapacitor needs to start. An endpoint whose secret is nowhere to be had keeps its events.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readDocument } from '../config/document.ts'
import { loadText } from '../config/load.ts'
import type { EndpointSettings, Settings } from '../config/settings.ts'
import { isWithheld, WITHHELD_HEADER, WITHHELD_URL, withoutSecrets } from '../config/withhold.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where the unit's StateDirectory= and the default of [store] path lead to. */
const USUAL_FOLDER = '/var/lib/kapacitor-squadcast'
const FILE = 'last-good.json'

interface Kept {
  /** Of this file; another is not read. */
  readonly version: 1
  readonly text: string
}

/** Throws what the system says. */
export function keepLastGood(storePath: string, text: string): void {
  const folder = dirname(storePath)
  const kept: Kept = { version: 1, text: withoutSecrets(text) }
  const fresh = join(folder, `${FILE}.new`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(fresh, `${JSON.stringify(kept)}\n`, { mode: 0o600 })
  renameSync(fresh, join(folder, FILE))
}

export interface LastGood {
  readonly settings: Settings
  readonly text: string
  readonly files: readonly string[]
  /** Their events wait. */
  readonly withoutSecret: readonly string[]
}

/** @param broken what is right in the configuration that is there now: it may say where, and have the secrets. */
export function readLastGood(
  path: string,
  env: Environment,
  broken: Settings | undefined,
): LastGood | undefined {
  for (const folder of [broken && dirname(broken.store.path), env.STATE_DIRECTORY ?? USUAL_FOLDER]) {
    const text = folder && keptIn(folder)
    if (!text) continue
    const { resolution, files } = loadText(text, { path }, withPlaces(text, env), WITHHELD_URL)
    if (!('settings' in resolution)) continue
    const settings = without(resolution.settings, broken)
    const withoutSecret = settings.endpoints.filter(isIncomplete).map(({ name }) => name)
    return { settings, text, files, withoutSecret }
  }
  return undefined
}

function keptIn(folder: string): string | undefined {
  try {
    const kept = JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Kept
    return kept.version === 1 ? kept.text : undefined
  } catch {
    return undefined
  }
}

/** Something of it is not known, so nothing can be delivered to it. */
export const isIncomplete = ({ url, proxy, headers }: EndpointSettings): boolean =>
  isWithheld(url) ||
  (proxy !== undefined && isWithheld(proxy)) ||
  Object.values(headers).some(value => value.reveal() === WITHHELD_HEADER)

/** Variables that the text asks for and that are not set must not make it unusable. */
function withPlaces(text: string, env: Environment): Environment {
  const read = readDocument(text)
  if (!('document' in read)) return env
  const { endpoint, heartbeat, fallback } = read.document.root
  const names = [endpoint, heartbeat, fallback]
    .flat()
    .map(table => (table as Record<string, unknown> | undefined)?.['url-env'])
    .filter(name => typeof name === 'string')
  return { ...Object.fromEntries(names.map(name => [name, WITHHELD_URL])), ...defined(env) }
}

const defined = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))

/** What was withheld is taken from the broken configuration, or left out. */
function without(settings: Settings, broken: Settings | undefined): Settings {
  const { heartbeat, fallback, http } = settings
  const way = fallback?.way
  const hasWay = way && ('url' in way ? !isWithheld(way.url) : !way.command[0]?.startsWith(WITHHELD_URL))
  return {
    ...settings,
    endpoints: settings.endpoints.map(endpoint => completed(endpoint, broken)),
    heartbeat: heartbeat && isWithheld(heartbeat.url) ? broken?.heartbeat : heartbeat,
    fallback: hasWay ? fallback : broken?.fallback,
    // Its token is not known, and without one anybody may ask.
    http: http.token && isWithheld(http.token) ? { ...http, bindAddress: undefined } : http,
  }
}

function completed(endpoint: EndpointSettings, broken: Settings | undefined): EndpointSettings {
  const now = broken?.endpoints.find(({ name }) => name === endpoint.name)
  return now && isIncomplete(endpoint)
    ? { ...endpoint, url: now.url, proxy: now.proxy, headers: now.headers }
    : endpoint
}
