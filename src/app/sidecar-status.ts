// How the sidecar stands, for a command: what it says itself; and where it cannot be asked, why, with what its store
// can still tell. Never rejects: to have no answer is an answer, too.
import type { Settings } from '../config/settings.ts'
import type { Standing } from '../outbox/standing-rows.ts'
import { type Absence, absenceOf, whetherOneRuns } from './absence.ts'
import { AskingError, askSidecar } from './asking-http.ts'
import { isStatus } from './status-shape.ts'
import type { StatusView } from './status-view.ts'
import { instant, openStore } from './store-view.ts'

/** Without a sidecar: the same names as in /status.json, as far as the store knows. */
export interface AbsentView {
  readonly state: 'critical' | 'unknown'
  readonly sentence: string
  readonly problems: readonly Absence[]
  readonly delivering: false
  readonly incidents?: StatusView['incidents']
  readonly pending?: number
  readonly oldestPendingAt?: string
  readonly deadLetters?: number
}

export type SidecarStatus = { readonly present: StatusView } | { readonly absent: AbsentView }

export async function sidecarStatus(settings: Settings): Promise<SidecarStatus> {
  try {
    return { present: statusFrom(await askSidecar(settings.http, '/status.json')) }
  } catch (error) {
    if (!(error instanceof AskingError)) throw error
    return { absent: absentView(absenceOf(error, whetherOneRuns(settings)), whatIsStored(settings)) }
  }
}

/** What stands there has at least what every version had. Throws AskingError. */
export function statusFrom(value: unknown): StatusView {
  if (isStatus(value)) return value
  throw new AskingError('not-a-sidecar', 'what answers there is no sidecar')
}

export function absentView(absence: Absence, stored: Standing | undefined): AbsentView {
  const view = { state: absence.severity, problems: [absence], delivering: false } as const
  if (!stored) return { ...view, sentence: absence.text }
  const { byLevel, pending, oldestPendingAt, deadLetters } = stored
  const open = Object.values(byLevel).reduce((sum, count) => sum + count, 0)
  return {
    ...view,
    sentence: `${absence.text} In its store: ${open} open, ${pending} waiting.`,
    incidents: { open, byLevel },
    pending,
    ...(oldestPendingAt !== undefined && { oldestPendingAt: instant(oldestPendingAt) }),
    deadLetters,
  }
}

function whatIsStored({ store: { path } }: Settings): Standing | undefined {
  try {
    const store = openStore(path)
    try {
      return store.standing()
    } finally {
      store.close()
    }
  } catch {
    // Not there, or not for this user: what was said before is enough.
    return undefined
  }
}
