// Layer 6: Kapacitor's HTTP API, without which no task is revived: does it answer, of which version, does it let us in?
import type { KapacitorSettings } from '../../config/settings.ts'
import { KapacitorClient, KapacitorError } from '../../kapacitor/client.ts'
import { readScript } from '../../kapacitor/script.ts'
import { type CheckAround, type Finding, findingsOf, PATIENCE_MS } from './finding.ts'

const { passed, warned, failed, skipped } = findingsOf('kapacitor')

export async function kapacitorLayer(
  settings: KapacitorSettings,
  { clock }: CheckAround,
): Promise<Finding[]> {
  const { url, username, password, ca } = settings
  if (url === undefined)
    return [skipped('kapacitor', '[kapacitor] url is "": tasks are not revived, and nobody is asked')]
  const address = { url, username, password: password?.reveal(), ca, timeoutMs: PATIENCE_MS }
  const client = new KapacitorClient(address, clock)
  try {
    const answered = await versionFinding(client, url)
    return answered.outcome === 'failed'
      ? [answered, skipped('kapacitor-tasks', 'the tasks were not asked for, since the ping failed')]
      : [answered, await tasksFinding(client, settings)]
  } finally {
    await client.close()
  }
}

async function versionFinding(client: KapacitorClient, url: string): Promise<Finding> {
  try {
    const version = await client.ping()
    // One that somebody built by hand may have none.
    const says = `Kapacitor ${version || 'of a version that it does not tell'} answers at ${url}`
    return version === '' || /^v?1\./.test(version)
      ? passed('kapacitor-ping', says)
      : warned('kapacitor-ping', says, 'the sidecar is made for Kapacitor 1: see whether tasks connect')
  } catch (error) {
    return refused('kapacitor-ping', error, url)
  }
}

async function tasksFinding(
  client: KapacitorClient,
  { functions, url = '' }: KapacitorSettings,
): Promise<Finding> {
  try {
    const tasks = await client.tasks()
    const ours = tasks.filter(({ script }) => readScript(script, functions).uses > 0)
    const enabled = ours.filter(({ status }) => status === 'enabled').length
    const names = functions.map(name => `@${name}()`).join(' or ')
    return passed(
      'kapacitor-tasks',
      `${tasks.length} tasks, ${ours.length} with ${names}, ${enabled} of these enabled`,
    )
  } catch (error) {
    return refused('kapacitor-tasks', error, url)
  }
}

function refused(check: string, error: unknown, url: string): Finding {
  if (!(error instanceof KapacitorError)) throw error
  return failed(check, `${error.message} at ${url}`, error.hint)
}
