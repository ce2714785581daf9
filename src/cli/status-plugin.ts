// The line of a monitoring plugin (Nagios, Icinga, Zabbix …): state, sentence, and figures behind a bar, as
// monitoring-plugins.org's guidelines have it. Pure.
import type { SidecarStatus } from '../app/sidecar-status.ts'
import type { StatusView } from '../app/status-view.ts'
import { plain } from './terminal-lines.ts'

const NAMES = { fine: 'OK', warning: 'WARNING', critical: 'CRITICAL', unknown: 'UNKNOWN' } as const

export function pluginLine(status: SidecarStatus): string {
  const { state, sentence } = 'present' in status ? status.present : status.absent
  const figures = 'present' in status ? figuresOf(status.present) : []
  return line(state, sentence, figures)
}

/** For what is wrong before anybody could be asked. */
export const unknownLine = (why: string): string => line('unknown', why, [])

function line(state: keyof typeof NAMES, sentence: string, figures: readonly string[]): string {
  // NOTE: a bar would begin the figures.
  const text = plain(sentence).replaceAll('|', '/')
  return `kapacitor-squadcast ${NAMES[state]}: ${text}${figures.length > 0 ? ` | ${figures.join(' ')}` : ''}\n`
}

function figuresOf({ incidents, pending, oldestPendingAt, at, budget, connections }: StatusView): string[] {
  const { CRITICAL = 0, WARNING = 0, INFO = 0 } = incidents.byLevel
  const oldest = oldestPendingAt === undefined ? 0 : Math.max(0, Date.parse(at) - Date.parse(oldestPendingAt))
  return [
    `open=${incidents.open};;;0`,
    `open_critical=${CRITICAL};;;0`,
    `open_warning=${WARNING};;;0`,
    `open_info=${INFO};;;0`,
    `pending=${pending};;;0`,
    `oldest_pending=${Math.round(oldest / 1000)}s;;;0`,
    `requests=${budget.used};;;0;${budget.rate}`,
    `connections=${connections};;;0`,
  ]
}
