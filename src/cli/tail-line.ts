// One happening as a line for a person: local time, level or what it is, the incident, and what of it. Pure, but that the
// machine says where it is.
import pc from 'picocolors'
import { padded, painted, type TerminalText, terminal } from '../terminal/text.ts'
import { hanging, plain } from './terminal-lines.ts'

/** As the feed and the history have them. */
export interface Told {
  readonly at: string
  readonly severity: string
  readonly event: string
  readonly text: string
  readonly [field: string]: unknown
}

export interface LineForm {
  readonly colour: boolean
  /** Longer lines are broken, and go on under their label. Undefined: each is one line, however long. */
  readonly columns: number | undefined
}

/** `12:34:56  ` */
const INDENT = 10
const LABELS = 12

export function tailLine(told: Told, { colour, columns }: LineForm): TerminalText {
  const head = terminal`${clock(told.at)}  ${padded(painted(paint(told, colour), labelOf(told)), LABELS)} `
  const text = plain(whatOf(told))
  return columns === undefined ? terminal`${head}${text}\n` : hanging(head, text, INDENT, columns)
}

/** `14:03:11`, by the clock on the wall. */
export const clock = (at: string): string => {
  const time = new Date(at)
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map(part => String(part).padStart(2, '0'))
    .join(':')
}

/** `2026-05-28`, by the clock on the wall. */
export function dayOf(at: string): string {
  const time = new Date(at)
  const [month, day] = [time.getMonth() + 1, time.getDate()].map(part => String(part).padStart(2, '0'))
  return `${time.getFullYear()}-${month}-${day}`
}

const isEvent = ({ event }: Told): boolean => event === 'trigger' || event === 'resolve'

const labelOf = (told: Told): string => (isEvent(told) ? text(told, 'incidentLevel') : told.event)

function paint({ event, incidentLevel, severity }: Told, colour: boolean): (text: string) => string {
  const { red, yellow, green, dim } = pc.createColors(colour)
  if (event === 'trigger') return incidentLevel === 'CRITICAL' ? red : yellow
  if (event === 'resolve' || event === 'delivered') return green
  if (severity === 'error' || severity === 'fatal') return red
  if (severity === 'warn') return yellow
  return dim
}

function whatOf(told: Told): string {
  const { event } = told
  const incident = text(told, 'incident')
  if (incident === '') return told.text
  const kind = text(told, 'kind')
  switch (event) {
    case 'trigger':
    case 'resolve':
      return `${incident}  ${event}${messageOf(told)}${at(told)}`
    case 'delivered':
      return `${incident}  ${kind}${after(told)}${at(told)}`
    case 'coalesced':
      return `${incident}  ${kind} gave way to event ${told.by}`
    case 'dead-letter':
      return `${incident}  ${kind}: ${text(told, 'answer')}${at(told)}`
    default:
      // The others say themselves what they are about.
      return told.text.includes(incident) ? told.text : `${incident}  ${kind ? `${kind} ` : ''}${told.text}`
  }
}

/** What the incident says of itself, unless that is what the line says already. */
function messageOf(told: Told): string {
  const message = text(told, 'message')
  const isPlain = message === `${text(told, 'incident')} is ${text(told, 'incidentLevel')}`
  return message === '' || isPlain ? '' : `: ${message}`
}

const at = (told: Told): string => {
  const endpoint = text(told, 'endpoint')
  return endpoint === '' || endpoint === 'default' ? '' : ` (at ${endpoint})`
}

function after({ latencyMs }: Told): string {
  if (typeof latencyMs !== 'number') return ''
  if (latencyMs < 1000) return ` in ${Math.round(latencyMs)} ms`
  return latencyMs < 60_000
    ? ` in ${(latencyMs / 1000).toFixed(1)} s`
    : ` after ${Math.round(latencyMs / 60_000)} min`
}

const text = (told: Told, field: string): string => {
  const value = told[field]
  return typeof value === 'string' ? value : ''
}
