// All layers, in their order. Those that wait for others run side by side; those that only read go one by one, so that
// nothing which waits is held up by them. A layer that has nothing to go by is skipped, and says so.
import type { Settings } from '../../config/settings.ts'
import { daemonRuns } from '../asking.ts'
import { adviceSetting } from '../scripts.ts'
import { type CheckedConfiguration, configurationLayer, readForCheck } from './configuration.ts'
import { endpointsLayer } from './endpoints.ts'
import { type CheckAround, type Finding, findingsOf, type Layer } from './finding.ts'
import { kapacitorLayer } from './kapacitor.ts'
import { kapacitorConfLayer } from './kapacitor-conf.ts'
import { secretsLayer } from './secrets.ts'
import { socketsLayer } from './sockets.ts'
import { storeLayer } from './store.ts'
import { tickscriptsLayer } from './tickscripts.ts'

export interface CheckRequest {
  readonly config: string | undefined
  readonly kapacitorConf: string | undefined
  readonly tickscripts: string | undefined
}

const USUAL_FUNCTIONS = ['squadcast', 'squadcastBatch']

/** Layer by layer, as soon as one is known. */
export async function* check(request: CheckRequest, around: CheckAround): AsyncGenerator<readonly Finding[]> {
  const checked = readForCheck(request.config, around.env)
  yield configurationLayer(checked)
  const { settings, broken } = checked
  const isOwned = settings && ownedBy(settings)
  const run = (layer: Layer, section: string | undefined, work: Work) =>
    goesBy(checked, layer, section) ?? whole(layer, () => work(settings!))
  const waited = await Promise.all([
    run('sockets', 'udf', ({ udf }) => socketsLayer(udf, isOwned, around)),
    run('secrets', undefined, () => secretsLayer(checked, around)),
    run('endpoints', undefined, all => endpointsLayer(all, broken, around)),
    run('kapacitor', 'kapacitor', all => kapacitorLayer(all.kapacitor, around)),
  ])
  yield waited[0]
  yield await run('store', 'store', ({ store }) => storeLayer(store, isOwned, around))
  yield* waited.slice(1)
  const { findings, edges } = kapacitorConfLayer(request.kapacitorConf, ourSide(checked))
  yield findings
  const { functions } = ourSide(checked)
  const endpointNames = broken.some(key => key.startsWith('endpoint')) ? undefined : names(settings)
  yield tickscriptsLayer(request.tickscripts, adviceSetting({ functions, edges, endpoints: endpointNames }))
}

type Work = (settings: Settings) => readonly Finding[] | Promise<readonly Finding[]>

/** What nobody thought of ends one layer, not the others. NOTE: its words are not told, which may quote anything. */
async function whole(layer: Layer, work: () => ReturnType<Work>): Promise<readonly Finding[]> {
  try {
    return await work()
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException
    return [findingsOf(layer).failed(layer, `the rest could not be looked at (${code ?? name})`)]
  }
}

const names = (settings: Settings | undefined): string[] | undefined =>
  settings?.endpoints.map(({ name }) => name)

/** What keeps a layer from being looked at; undefined: nothing. */
function goesBy(
  { settings, broken }: CheckedConfiguration,
  layer: Layer,
  section: string | undefined,
): Finding[] | undefined {
  const { skipped } = findingsOf(layer)
  if (!settings) return [skipped(layer, 'there is no configuration to go by')]
  if (section === undefined) return undefined
  const isBroken = broken.some(key => key === section || key.startsWith(`${section}.`))
  return isBroken ? [skipped(layer, `[${section}] of the configuration is not right: see above`)] : undefined
}

function ownedBy({ store }: Settings): boolean | undefined {
  try {
    return daemonRuns(store.path)
  } catch {
    return undefined
  }
}

function ourSide({ settings, broken }: CheckedConfiguration) {
  const isRight = (section: string): boolean =>
    settings !== undefined && !broken.some(key => key.startsWith(`${section}.`))
  return {
    functions: isRight('kapacitor') ? settings!.kapacitor.functions : USUAL_FUNCTIONS,
    sockets: isRight('udf') ? settings!.udf : undefined,
  }
}
