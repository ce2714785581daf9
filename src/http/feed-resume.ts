// Where in the feed a listener begins: with what comes, with what it has not seen, or with the newest few. Pure.

export interface FeedNow {
  /** The number of the newest happening. */
  readonly last: number
  /** Since when this process counts; RFC 3339. */
  readonly startedAt: string
}

export interface GoingOn {
  /** It is told what comes after this number. */
  readonly from: number
  /** What it has, by its own word: whatever lies between is missed. */
  readonly seen: number
}

/**
 * `after=N`: it has seen up to N, in the process that `started=` names, or in this one. `recent=N`: no more than the
 * newest N. Undefined: it wants only what comes.
 */
export function whereToGoOn(query: URLSearchParams, { last, startedAt }: FeedNow): GoingOn | undefined {
  const isOfThis = (query.get('started') ?? startedAt) === startedAt
  const seen = isOfThis ? numberIn(query, 'after') : undefined
  const recent = numberIn(query, 'recent')
  // Of another process nothing was seen of this one.
  const least = recent === undefined ? 0 : Math.max(0, last - recent)
  if (seen === undefined) return recent === undefined && isOfThis ? undefined : { from: least, seen: least }
  // A number of the future is of another process, too.
  return seen > last ? { from: least, seen: least } : { from: Math.max(seen, least), seen }
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
