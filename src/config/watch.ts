// [heartbeat], [self] and [fallback]: who hears of it when the sidecar or Squadcast itself is what fails. The first and
// the last are off until their section says where to; incidents about the sidecar go to "default" unless it says "".
import type { Inquiry } from './inquiry.ts'
import type { Configuration } from './schema.ts'
import { secretUrl, sourcesWritten } from './secret-url.ts'
import type { FallbackSettings, HeartbeatSettings, SelfSettings } from './settings.ts'

export function heartbeatSettings(
  table: Configuration['heartbeat'],
  inquiry: Inquiry,
): HeartbeatSettings | undefined {
  const path = ['heartbeat']
  if (!inquiry.document.has(['heartbeat', 'every']) && sourcesWritten(path, inquiry).length === 0)
    return undefined
  const url = secretUrl(table, path, inquiry)
  return url && { url, everyMs: table.every }
}

export function selfSettings(
  { endpoint }: Configuration['self'],
  endpoints: Configuration['endpoint'],
  inquiry: Inquiry,
): SelfSettings | undefined {
  if (endpoint === null) return undefined
  const names = [...new Set(endpoints.map(({ name }) => name))]
  // That there is no "default" is told where endpoints are.
  if (inquiry.document.has(['self', 'endpoint']) && names.length > 0 && !names.includes(endpoint)) {
    const message = 'there is no [[endpoint]] of this name'
    const hint = `there is ${names.map(name => `"${name}"`).join(', ')}`
    inquiry.problem(['self', 'endpoint'], { code: 'bad-value', message, hint })
  }
  return { endpoint }
}

export function fallbackSettings(
  table: Configuration['fallback'],
  inquiry: Inquiry,
): FallbackSettings | undefined {
  const [source] = sourcesWritten(['fallback'], inquiry)
  const hasCommand = inquiry.document.has(['fallback', 'command'])
  if (hasCommand && source !== undefined) {
    const message = `a way is given by ${source} too`
    inquiry.problem(['fallback', 'command'], { code: 'conflict', message, hint: 'keep one of them' })
  }
  if (hasCommand) return table.command && { afterMs: table.after, way: { command: table.command } }
  if (source === undefined) return nowhereToFallBack(inquiry)
  const url = secretUrl(table, ['fallback'], inquiry)
  return url && { afterMs: table.after, way: { url } }
}

function nowhereToFallBack(inquiry: Inquiry): undefined {
  const path = ['fallback', 'after']
  if (!inquiry.document.has(path)) return
  const hint = 'add command, url, url-file or url-env'
  inquiry.problem(path, { code: 'missing', message: 'there is nothing to do after it', hint })
}
