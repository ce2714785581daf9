// The [[endpoint]] tables: each on its own, and their names together. Says what is wrong; decides no delivery.
import { levelFromName } from '../incident/level.ts'
import { trustedCertificates } from './certificates.ts'
import type { Inquiry } from './inquiry.ts'
import type { KeyPath } from './locate.ts'
import type { Configuration } from './schema.ts'
import { secretUrl } from './secret-url.ts'
import type { EndpointSettings } from './settings.ts'

type EndpointTable = Configuration['endpoint'][number]

/** An endpoint with a problem is left out of the answer. */
export function endpointSettings(tables: readonly EndpointTable[], inquiry: Inquiry): EndpointSettings[] {
  checkNames(tables, inquiry)
  return tables
    .map((table, index) => oneEndpoint(table, ['endpoint', index], inquiry))
    .filter(endpoint => endpoint !== undefined)
}

function oneEndpoint(table: EndpointTable, path: KeyPath, inquiry: Inquiry): EndpointSettings | undefined {
  const url = secretUrl(table, path, inquiry)
  const ca = trustedCertificates([...path, 'ca-file'], table['ca-file'], inquiry)
  const minLevel = table['min-level']
  return (
    url && {
      name: table.name,
      url,
      format: table.format,
      timeoutMs: table.timeout,
      concurrency: table.concurrency,
      coalesce: table.coalesce,
      retriggerOnRise: table['retrigger-on-rise'],
      postRepeatIntervalMs: table['post-repeat-interval'],
      minLevel: minLevel && levelFromName(minLevel),
      ca,
      proxy: table.proxy,
      headers: table.headers,
      priorityByLevel: table.priority,
    }
  )
}

function checkNames(tables: readonly EndpointTable[], inquiry: Inquiry): void {
  const firstByName = new Map<string, number>()
  for (const [index, { name }] of tables.entries()) {
    const path = ['endpoint', index, 'name']
    // A wrong name was left out when the file was read; what stands here instead is the default, not a choice.
    if (inquiry.isBroken(path)) return
    const first = firstByName.get(name)
    if (first === undefined) firstByName.set(name, index)
    else inquiry.problem(path, { code: 'conflict', message: `endpoint[${first}] is named "${name}" too` })
  }
  if (!firstByName.has('default') && !isListBroken(tables, inquiry)) tellNoDefault(tables.length, inquiry)
}

const isListBroken = (tables: readonly EndpointTable[], inquiry: Inquiry): boolean =>
  inquiry.isBroken(['endpoint']) || (tables.length === 0 && inquiry.document.has(['endpoint', 0]))

function tellNoDefault(count: number, inquiry: Inquiry): void {
  const message = count === 0 ? 'there is none' : 'none of them is named "default"'
  const hint =
    'add [[endpoint]] with name = "default": whatever names no endpoint, or an unknown one, goes there'
  inquiry.problem(['endpoint'], { code: 'missing', message, hint })
}
