// What of the feed one listener wants, read from the query of its address. Pure.
import { Level, type LevelName, levelFromName } from '../incident/level.ts'

/** One happening, with the fields of its log line. */
export interface FeedEntry {
  readonly number: number
  readonly event: string
  readonly task?: unknown
  readonly endpoint?: unknown
  readonly incident?: unknown
  readonly incidentLevel?: unknown
  readonly kind?: unknown
}

export type Wants = (entry: FeedEntry) => boolean

/**
 * `?task=&endpoint=&kind=` may repeat: any of them. `incident` is part of an id, in any case. `level`: of incidents at
 * least this one. What a happening has not got it does not match.
 */
export function feedFilter(query: URLSearchParams): Wants {
  const tasks = query.getAll('task')
  const endpoints = query.getAll('endpoint')
  const kinds = query.getAll('kind')
  const incident = query.get('incident')?.toLowerCase()
  const level = levelFromName((query.get('level') ?? '').toUpperCase())
  const tests: Wants[] = []
  if (tasks.length > 0) tests.push(({ task }) => tasks.includes(String(task)))
  if (endpoints.length > 0) tests.push(({ endpoint }) => endpoints.includes(String(endpoint)))
  if (kinds.length > 0) tests.push(({ event }) => kinds.includes(event))
  if (incident)
    tests.push(entry =>
      String(entry.incident ?? '')
        .toLowerCase()
        .includes(incident),
    )
  if (level) tests.push(entry => levelOf(entry) >= level)
  return entry => tests.every(test => test(entry))
}

/** A resolve carries OK, and belongs to whatever it resolves; so does its delivery. */
function levelOf({ incidentLevel, event, kind }: FeedEntry): Level {
  if (event === 'resolve' || kind === 'resolve') return Level.critical
  return levelFromName(incidentLevel as LevelName) ?? Level.ok
}
