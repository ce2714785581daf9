// Asks Kapacitor for its tasks, and the sidecar for what it sees of them, both at once. Each may be away: then it is said
// why, and the other one's word stands.
import type { KapacitorSettings, Settings } from '../config/settings.ts'
import type { TaskAnswer } from '../kapacitor/answers.ts'
import { KapacitorClient, KapacitorError } from '../kapacitor/client.ts'
import { WITHIN_MS } from './asking-http.ts'
import { adviceSetting } from './scripts.ts'
import { sidecarStatus } from './sidecar-status.ts'
import type { SystemClock } from './system-clock.ts'
import { type TaskReport, taskReports } from './task-report.ts'

/** Somebody who could not be asked. */
export interface Away {
  readonly who: 'sidecar' | 'kapacitor'
  /** One sentence. */
  readonly text: string
  readonly cure: string
}

export interface AskedTasks {
  readonly reports: readonly TaskReport[]
  readonly away: readonly Away[]
}

export async function askTasks(settings: Settings, clock: Pick<SystemClock, 'after'>): Promise<AskedTasks> {
  const [listed, sidecar] = await Promise.all([listTasks(settings.kapacitor, clock), sidecarStatus(settings)])
  const [absence] = 'absent' in sidecar ? sidecar.absent.problems : []
  const away: Away[] = [
    ...('text' in listed ? [listed] : []),
    ...(absence ? [{ who: 'sidecar' as const, text: absence.text, cure: absence.cure }] : []),
  ]
  const setting = adviceSetting({
    functions: settings.kapacitor.functions,
    endpoints: settings.endpoints.map(({ name }) => name),
  })
  const reports = taskReports({
    ...{ setting, listed: 'tasks' in listed ? listed.tasks : undefined },
    sidecar: 'present' in sidecar ? sidecar.present : undefined,
  })
  return { reports, away }
}

async function listTasks(
  { url, username, password, ca }: KapacitorSettings,
  clock: Pick<SystemClock, 'after'>,
): Promise<{ readonly tasks: readonly TaskAnswer[] } | Away> {
  if (url === undefined)
    return {
      ...{ who: 'kapacitor', text: '[kapacitor] url is "": Kapacitor is not asked for its tasks.' },
      cure: 'Give [kapacitor] url its address; the sidecar then revives dead tasks, too.',
    }
  const address = { url, username, password: password?.reveal(), ca, timeoutMs: WITHIN_MS }
  const client = new KapacitorClient(address, clock)
  try {
    return { tasks: await client.tasks() }
  } catch (error) {
    if (!(error instanceof KapacitorError)) throw error
    return { who: 'kapacitor', text: `${error.message}, at ${url}.`, cure: error.hint }
  } finally {
    await client.close()
  }
}
