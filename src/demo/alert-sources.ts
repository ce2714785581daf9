// What the two alert sources of a pretended Squadcast accept: the JSON that Kapacitor posts, and the Incident
// Webhook's. It reads a body and says what alert it is, or what is wrong with it; it keeps nothing. Pure.
import type { Alert } from './incident-ledger.ts'

export const ALERT_SOURCES = ['kapacitor', 'webhook'] as const
export type AlertSource = (typeof ALERT_SOURCES)[number]

/** Over this Squadcast answers 413. Bytes. */
export const LARGEST_BODY = 30_000

/** Why a body is not an alert. */
export class NotAnAlert extends Error {
  readonly status: 400 | 413

  constructor(message: string, status: 400 | 413 = 400) {
    super(message)
    this.status = status
  }
}

type Body = Readonly<Record<string, unknown>>

/** Throws NotAnAlert. */
export function readAlert(source: AlertSource, service: string, bytes: Buffer): Alert {
  if (bytes.length > LARGEST_BODY) throw new NotAnAlert('the body is larger than 30 KB', 413)
  const body = jsonObject(bytes)
  return { service, ...(source === 'kapacitor' ? kapacitorAlert(body) : webhookAlert(body)) }
}

function jsonObject(bytes: Buffer): Body {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new NotAnAlert('the body is not JSON in UTF-8')
  }
  if (isObject(value)) return value
  throw new NotAnAlert('the body is not a JSON object')
}

/** Level OK resolves, any other triggers. */
function kapacitorAlert(body: Body): Omit<Alert, 'service'> {
  const level = text(body, 'level')
  return {
    kind: level === 'OK' ? 'resolve' : 'trigger',
    eventId: text(body, 'id'),
    message: textOrEmpty(body, 'message'),
    level,
    priority: undefined,
  }
}

function webhookAlert(body: Body): Omit<Alert, 'service'> {
  if (body.status === 'resolve') {
    const message = body.message === undefined ? '' : textOrEmpty(body, 'message')
    return {
      kind: 'resolve',
      eventId: text(body, 'event_id'),
      message,
      level: undefined,
      priority: undefined,
    }
  }
  if (body.status !== 'trigger') throw new NotAnAlert('status is neither trigger nor resolve')
  text(body, 'description')
  return {
    kind: 'trigger',
    eventId: body.event_id === undefined ? undefined : text(body, 'event_id'),
    message: text(body, 'message'),
    level: levelAmong(body.tags),
    priority: body.priority === undefined ? undefined : priority(body.priority),
  }
}

function priority(value: unknown): string {
  if (typeof value === 'string' && /^P[1-5]$/.test(value)) return value
  throw new NotAnAlert('priority is not one of P1 to P5')
}

/** Checks all tags, and returns the value of the one that is called `level`. */
function levelAmong(tags: unknown): string | undefined {
  if (tags === undefined) return undefined
  if (!isObject(tags)) throw new NotAnAlert('tags is not an object')
  for (const [name, tag] of Object.entries(tags)) {
    if (tagValue(tag) === undefined)
      throw new NotAnAlert(`the tag ${JSON.stringify(name)} has no proper value`)
  }
  return tagValue(tags.level)
}

/** `"value"` or `{value: "...", color: "#rrggbb"}`. */
function tagValue(tag: unknown): string | undefined {
  if (typeof tag === 'string') return tag
  if (!isObject(tag) || typeof tag.value !== 'string') return undefined
  const { color } = tag
  return color === undefined || (typeof color === 'string' && /^#[\da-f]{6}$/i.test(color))
    ? tag.value
    : undefined
}

/** A text that must be there, and say something. */
function text(body: Body, key: string): string {
  const value = textOrEmpty(body, key)
  if (value === '') throw new NotAnAlert(`${key} is empty`)
  return value
}

function textOrEmpty(body: Body, key: string): string {
  const value = body[key]
  if (typeof value === 'string') return value
  throw new NotAnAlert(`${key} is missing, or no text`)
}

const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
