// Why the sidecar that should run gives no answer, whether one runs at all, and what to do about it. The store's lock
// tells who runs; it is looked at, never taken.
import { statSync } from 'node:fs'
import type { Settings } from '../config/settings.ts'
import { daemonRuns } from './asking.ts'
import type { AskingError, AskingErrorCode } from './asking-http.ts'

export const ABSENCE_CODES = ['not-running', 'sidecar-silent', 'cannot-ask'] as const
export type AbsenceCode = (typeof ABSENCE_CODES)[number]

export interface Absence {
  readonly code: AbsenceCode
  /** unknown: it may well be fine. */
  readonly severity: 'critical' | 'unknown'
  /** One sentence. */
  readonly text: string
  readonly cure: string
}

/** Undefined: this user may not look. */
export type Runs = boolean | undefined

export function whetherOneRuns({ store: { path } }: Settings): Runs {
  try {
    // NOTE: to look for a file in a folder that may not be entered says that it is not there.
    statSync(`${path}.lock`)
    return daemonRuns(path)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? false : undefined
  }
}

/** What turns the listener on, as it stands in the configuration. */
export const LISTENER_LINES = ['[http]', 'bind-address = "127.0.0.1:9192"'] as const

const START = 'Start it: `systemctl start kapacitor-squadcast`. If it ends again, its log says why.'
const CURES: Readonly<Record<AskingErrorCode, string>> = {
  'listener-off': `Put ${LISTENER_LINES.join(' ')} into the configuration, and restart the sidecar.`,
  'any-port': 'Give [http] bind-address a port of its own, and restart the sidecar.',
  unanswered:
    'It listens once it has started. If it stays so, its log says why (`http-cannot-listen`); or it was started with another configuration.',
  timeout:
    'If it stays so, its log says what it does; `systemctl restart kapacitor-squadcast` starts it anew.',
  unauthorized:
    'Run this as a user who may read [http] token-file: sudo -u kapacitor-squadcast ... If that is no help, the sidecar runs by another token: reload it.',
  refused: 'Do what it says, and ask again.',
  'not-a-sidecar': 'Give one of the two another address: that of the sidecar is [http] bind-address.',
}

/** These say nothing of how it goes. */
const UNKNOWABLE: ReadonlySet<AskingErrorCode> = new Set([
  'listener-off',
  'any-port',
  'unauthorized',
  'refused',
])

export function absenceOf({ code, message }: AskingError, runs: Runs): Absence {
  const isUnknowable = UNKNOWABLE.has(code)
  // Who answers, runs.
  if (runs === false && code !== 'unauthorized' && code !== 'refused')
    return {
      code: 'not-running',
      severity: 'critical',
      text: sentence('no sidecar runs', message),
      cure: START,
    }
  const known = runs ? 'a sidecar runs' : 'whether a sidecar runs is not for this user to see'
  const text = code === 'unauthorized' || code === 'refused' ? sentence(message) : sentence(known, message)
  if (isUnknowable) return { code: 'cannot-ask', severity: 'unknown', text, cure: CURES[code] }
  const cure = runs ? CURES[code] : `${START} If it does run: ${lower(CURES[code])}`
  return { code: 'sidecar-silent', severity: 'critical', text, cure }
}

const sentence = (...parts: readonly string[]): string => {
  const text = parts.join('; ')
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`
}

const lower = (text: string): string => `${text[0]!.toLowerCase()}${text.slice(1)}`
