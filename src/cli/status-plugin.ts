// The line of a monitoring plugin (Nagios, Icinga, Zabbix …): state, sentence, and figures behind a bar, as
// monitoring-plugins.org's guidelines have it. Pure.
import type { SidecarStatus } from '../app/sidecar-status.ts'
import type { StatusView } from '../app/status-view.ts'
import { type TerminalText, terminal } from '../terminal/text.ts'
import { visible } from '../terminal/visible.ts'
import { plain } from './terminal-lines.ts'

const NAMES = { fine: 'OK', warning: 'WARNING', critical: 'CRITICAL', unknown: 'UNKNOWN' } as const

export function pluginLine(status: SidecarStatus): TerminalText {
  const { state, sentence } = 'present' in status ? status.present : status.absent
  const figures = 'present' in status ? figuresOf(status.present) : []
  return line(state, sentence, figures)
}

/** Plugins have 4 KB in all, and old ones of NRPE 1 KB. */
const MOST_CHARACTERS = 600

/** For what is wrong before anybody could be asked. */
export const unknownLine = (why: string): TerminalText => line('unknown', why, [])

function line(state: keyof typeof NAMES, sentence: string, figures: readonly string[]): TerminalText {
  // NOTE: a bar would begin the figures; and some take a line break for one even where it is escaped.
  const line = plain(sentence.slice(0, MOST_CHARACTERS)).replace(/\s+/g, ' ').replaceAll('|', '/')
  const whole = visible(line)
  const text = whole.length > MOST_CHARACTERS ? `${whole.slice(0, MOST_CHARACTERS)}…` : whole
  return terminal`kapacitor-squadcast ${NAMES[state]}: ${text}${figures.length > 0 ? ` | ${figures.join(' ')}` : ''}\n`
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
