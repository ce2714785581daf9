// Dead letters as people are shown them, and as they leave for another program. What is done with them is the
// daemon's work.
import { decodeEvent } from '../incident/event.ts'
import { levelName } from '../incident/level.ts'
import type { DeadLetterRow, Objection, Selection } from '../outbox/dead-letter-rows.ts'
import type { StoreReader } from '../outbox/reader.ts'
import { type AttemptView, eventView, instant, type PageOf } from './store-view.ts'

export interface DeadLetterView {
  readonly seq: number
  readonly incident: string
  readonly endpoint: string
  readonly task: string
  readonly kind: string
  readonly level: string
  readonly createdAt: string
  readonly diedAt: string
  /** receiver: it refused the event. own: the stored event could not be read, or not be rendered. */
  readonly fault: DeadLetterRow['fault']
  readonly attempts: readonly AttemptView[]
  /** Why a retry would be refused without --force. */
  readonly objection?: string
}

const OBJECTIONS: Readonly<Record<Objection, string>> = {
  overtaken: 'a newer event of its incident was received since, or may have been',
  closed: 'its incident is over and no resolve of it waits: the page would stay open',
}

export const objectionText = (objection: Objection): string => OBJECTIONS[objection]

export function deadLetterPage(
  store: StoreReader,
  selection: Selection,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): PageOf<DeadLetterView> {
  const rows = store.deadLetters(selection, { order: 'descending', from: before, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const items = shown.map(row => deadLetterView(store, row))
  const last = shown.at(-1)
  return rows.length > limit && last ? { items, next: last.seq } : { items }
}

/** Each that is chosen, the oldest first, whatever their number. */
export function* everyDeadLetter(store: StoreReader, selection: Selection): Generator<DeadLetterView> {
  let from = 0
  for (;;) {
    const rows = store.deadLetters(selection, { order: 'ascending', from, limit: 500 })
    for (const row of rows) yield deadLetterView(store, row)
    const last = rows.at(-1)
    if (!last) return
    from = last.seq
  }
}

function deadLetterView(store: StoreReader, row: DeadLetterRow): DeadLetterView {
  const { seq, incident, endpoint, task, kind, level, createdAt, diedAt, fault } = row
  const objection = store.objection(row)
  const event = store.event(seq)
  return {
    seq,
    incident,
    endpoint,
    task,
    kind,
    level: levelName(level),
    createdAt: instant(createdAt),
    diedAt: instant(diedAt),
    fault,
    attempts: event ? eventView(store, event).attempts : [],
    ...(objection && { objection: objectionText(objection) }),
  }
}

/** What was to be told, for a person. Undefined: it cannot be read. */
export function messageOf(
  store: StoreReader,
  seq: number,
): { message: string; details?: string } | undefined {
  try {
    const { message, details } = decodeEvent(store.body(seq))
    return { message, ...(details !== undefined && { details }) }
  } catch {
    return undefined
  }
}

/** One line of JSON with the event as it is stored, numbers exact; what cannot be read stands as a text. */
export function exportLine(store: StoreReader, letter: DeadLetterView): string {
  const body = store.body(letter.seq)
  const isReadable = messageOf(store, letter.seq) !== undefined
  const event = isReadable ? `"event":${body}` : `"unreadable":${JSON.stringify(body)}`
  return `${JSON.stringify(letter).slice(0, -1)},${event}}`
}
