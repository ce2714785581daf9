// What the fallback is told: one incident, or a summary of many, as JSON and as a few environment variables. Pure.
import type { EndpointStatus } from '../delivery/status.ts'
import type { IncidentEvent } from '../incident/event.ts'

/** An open incident that Squadcast has not taken. */
export interface UntakenIncident {
  readonly incident: string
  readonly endpoint: string
  readonly task: string
  /** Of its first CRITICAL trigger; wall clock, ms. */
  readonly since: number
  /** Undefined: it cannot be read. */
  readonly event: IncidentEvent | undefined
  readonly isDead: boolean
  readonly answer: string | null
}

export interface ReportAround {
  readonly host: string
  /** Wall clock, ms. */
  readonly now: number
  readonly endpoint: (name: string) => EndpointStatus | undefined
}

/** The JSON that a command reads, or that is posted. */
export interface FallbackReport {
  readonly kind: 'incident' | 'summary'
  readonly host: string
  readonly level: 'CRITICAL'
  readonly message: string
  /** What Squadcast, or the way to it, said last. */
  readonly why: string
  /** Incidents that it tells of. */
  readonly count: number
  /** Of a summary the first of them. */
  readonly incidents: readonly ReportedIncident[]
}

interface ReportedIncident {
  readonly id: string
  readonly endpoint: string
  readonly message: string
  readonly details?: string
  readonly task: string
  readonly group?: string
  readonly tags?: Readonly<Record<string, string>>
  /** RFC 3339. */
  readonly since: string
  readonly waitedSeconds: number
  readonly why: string
}

/** Characters; a variable of the environment has a limit, and an argument list too. */
const MOST_CHARACTERS = 2000

export function reportOne(untaken: UntakenIncident, around: ReportAround): FallbackReport {
  const told = reported(untaken, around)
  const { message, why } = told
  return { kind: 'incident', host: around.host, level: 'CRITICAL', message, why, count: 1, incidents: [told] }
}

/** @param first the oldest of them. @param count all of them. */
export function reportAll(
  first: readonly UntakenIncident[],
  count: number,
  around: ReportAround,
): FallbackReport {
  const incidents = first.map(untaken => {
    const { details: _, ...rest } = reported(untaken, around)
    return rest
  })
  const message = `${count} more CRITICAL incidents were not taken by Squadcast`
  const why = incidents[0]?.why ?? ''
  return { kind: 'summary', host: around.host, level: 'CRITICAL', message, why, count, incidents }
}

function reported(untaken: UntakenIncident, around: ReportAround): ReportedIncident {
  const { incident: id, endpoint, task, since, event } = untaken
  return {
    ...{ id, endpoint, message: event?.message ?? `${id} is CRITICAL` },
    ...(event?.details !== undefined && { details: event.details }),
    task,
    ...(event && { group: event.group, tags: event.groupTags }),
    since: new Date(since).toISOString(),
    waitedSeconds: Math.max(0, Math.round((around.now - since) / 1000)),
    why: whyUntaken(untaken, around.endpoint(endpoint)),
  }
}

/** A sentence without its full stop. */
export function whyUntaken(
  { endpoint, isDead, answer }: Pick<UntakenIncident, 'endpoint' | 'isDead' | 'answer'>,
  status: EndpointStatus | undefined,
): string {
  if (isDead) return `it was refused for good${said(answer)}`
  const last = answer ?? status?.lastAnswer?.answer.text ?? null
  switch (status?.state) {
    case undefined:
    case 'removed':
      return `endpoint ${endpoint} is not configured`
    case 'blocked':
    case 'failing':
      return `endpoint ${endpoint} is ${status.state}${said(status.lastAnswer?.answer.text ?? answer)}`
    case 'limited':
      return `the rate of the organisation is used up${said(last)}`
    default:
      return last === null
        ? 'it waits for its turn: rate and concurrency'
        : `it was not accepted${said(last)}`
  }
}

const said = (answer: string | null): string => (answer === null ? '' : `; the last answer was: ${answer}`)

/** For scripts that read no JSON. */
export function reportVariables({
  kind,
  host,
  message,
  why,
  count,
  incidents,
}: FallbackReport): Record<string, string> {
  const only = kind === 'incident' ? incidents[0] : undefined
  const values = {
    KIND: kind,
    HOST: host,
    LEVEL: 'CRITICAL',
    MESSAGE: message,
    WHY: why,
    COUNT: String(count),
    INCIDENT: only?.id ?? '',
    ENDPOINT: only?.endpoint ?? '',
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`KAPACITOR_SQUADCAST_${name}`, variable(value)]),
  )
}

/** One line, without what no variable can hold. */
const variable = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .slice(0, MOST_CHARACTERS)
    .toWellFormed()
