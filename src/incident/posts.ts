// An alert that Kapacitor posted, on its way to a change of an incident. All posts of an (endpoint, id) are one
// contributor, since a post does not name its task; repeats change nothing, and OK resolves. A post that begins another
// occurrence ends the one before, whose OK was withheld or lost. Pure.
import type { Book } from './book.ts'
import { boundedEvent } from './bounded-event.ts'
import { POSTS, type Posted } from './contributors.ts'
import { durationSince } from './duration.ts'
import type { IncidentEvent, Series } from './event.ts'
import type { Again } from './incident.ts'
import type { Change, EndpointPolicy } from './judgement.ts'
import { Level, levelName } from './level.ts'
import { messageOr } from './message.ts'
import type { Decision, News, Observation } from './observation.ts'
import { compareText } from './order.ts'

/** Kapacitor's alert JSON, read and checked. */
export interface PostedAlert {
  readonly id: string
  readonly level: Level
  /** Absent: Kapacitor's default text. */
  readonly message?: string
  /** The author's own. */
  readonly details?: string
  /** Nanoseconds since the epoch. */
  readonly time: bigint
  /** It has no time that can be read: `time` is when it arrived. */
  readonly timedByArrival?: boolean
  /** Nanoseconds. Absent: since the incident opened. */
  readonly duration?: bigint
  /** Absent: not said. */
  readonly previousLevel?: Level
  readonly recoverable: boolean
  readonly series: readonly Series[]
}

/** What became of a post: changes to commit, the post's own last; and where that notifies nobody, why. */
export interface PostJudgement {
  readonly changes: readonly Change[]
  /** A sentence without its full stop. */
  readonly why?: string
}

export interface PostSurroundings {
  readonly book: Book
  readonly policy: EndpointPolicy
  /** Wall clock, ms. */
  readonly at: number
}

export function judgePost(alert: PostedAlert, context: PostSurroundings): PostJudgement {
  const { book, policy } = context
  const incident = { endpoint: policy.endpoint, id: alert.id }
  const known = book.posts(incident)
  const seen = observationOf(alert, known?.posted, context)
  const again = known?.posted && seen.level > Level.ok ? whyAgain(alert, known.posted, policy) : undefined
  const isOver = again === 'occurrence' && (known?.incident.muted || hasRecovered(alert, known?.posted))
  const ended = isOver ? endBefore(alert, seen, context) : []
  const judgement = judgeOne(alert, { ...seen, ...(again && { again }) }, context)
  noteNewest(alert, book.posts(incident)?.posted)
  return { ...judgement, changes: [...ended, ...judgement.changes] }
}

function observationOf(
  alert: PostedAlert,
  known: Posted | undefined,
  { policy, at }: PostSurroundings,
): Observation {
  const { endpoint, minLevel, retriggerOnRise } = policy
  // A late one, such as of another group, is not the newest.
  const alertTime = known && known.newest > alert.time ? known.newest : alert.time
  const level = alert.level >= minLevel ? alert.level : Level.ok
  return {
    ...POSTS,
    ...{ endpoint, id: alert.id, level, time: alert.time, alertTime, at, retriggerOnRise },
    // An alert that tells no recoveries posts none.
    noRecoveries: false,
  }
}

/**
 * Why a post that repeats a level notifies. Kapacitor's duration counts from the first alert of an occurrence; after a
 * restart of its own, from the newest alert that its topic holds. So what began behind all posts that are known is
 * another occurrence, whatever was withheld or lost in between.
 */
function whyAgain(alert: PostedAlert, known: Posted, policy: EndpointPolicy): Again | undefined {
  const { time } = alert
  const began = earliestBegin(alert)
  if (began !== undefined && began > known.newest) return 'occurrence'
  const { postRepeatInterval } = policy
  if (postRepeatInterval !== undefined && time - known.changed >= postRepeatInterval) return 'reminder'
  return undefined
}

/** How much later than another one a post may arrive without anything having happened. */
const MOST_DELAY = 60_000_000_000n
/** What is shorter is of an alert-template that writes another unit, as by `{{ .Duration.Seconds }}`. */
const MIN_DURATION = 1_000_000n
/** An alert-template may cut a time to one of these, and leave the duration whole. */
const CUT_TO = [1_000_000_000n, 1_000_000n, 1_000n]

/** When its occurrence began, at the earliest. Undefined: it does not say. */
function earliestBegin({ time, duration, timedByArrival }: PostedAlert): bigint | undefined {
  if (duration === undefined || (duration > 0n && duration < MIN_DURATION)) return undefined
  if (timedByArrival) return time - duration - MOST_DELAY
  const unit = CUT_TO.find(one => time % one === 0n) ?? 1n
  const began = time - duration
  return began - (((began % unit) + unit) % unit)
}

/**
 * Whether the occurrence before is over for certain. Kapacitor says so by the level before; of another series with the
 * same id it would say so too.
 */
const hasRecovered = (alert: PostedAlert, known: Posted | undefined): boolean =>
  alert.recoverable &&
  alert.previousLevel === Level.ok &&
  (known?.source === undefined || known.source === sourceOf(alert))

/** Ends the occurrence before: its resolve goes ahead of the new trigger, unless somebody resolved it by hand. */
function endBefore(alert: PostedAlert, seen: Observation, { book }: PostSurroundings): Change[] {
  const decision = book.observe({ ...seen, level: Level.ok, again: 'occurrence' })
  if (!decision) return []
  const { changes, opening, news } = decision
  const change = { changes, opening, endpoint: seen.endpoint, level: Level.ok }
  if (!news) return [change]
  const { id, time } = alert
  const message = `${id} is OK: another occurrence began, and the recovery before it was never posted`
  const over: PostedAlert = { id, level: Level.ok, message, time, recoverable: true, series: [] }
  return [{ ...change, event: postEvent(over, news) }]
}

function judgeOne(alert: PostedAlert, seen: Observation, { book, policy }: PostSurroundings): PostJudgement {
  const decision = book.observe(seen)
  const counted = countedAs(alert.level, policy.minLevel)
  if (!decision) return { changes: [], why: whyUnchanged(seen.level, counted) }
  const { changes, opening, news } = decision
  const change = { changes, opening, endpoint: seen.endpoint, level: alert.level }
  if (!news) return { changes: [change], why: whyUntold(seen.level, counted, decision) }
  return { changes: [{ ...change, event: postEvent(alert, news) }] }
}

/** In memory alone: a repeat writes nothing. */
function noteNewest(alert: PostedAlert, posted: Posted | undefined): void {
  if (!posted) return
  if (alert.time > posted.newest) posted.newest = alert.time
  posted.source = sourceOf(alert)
}

const sourceOf = ({ series: [first] }: PostedAlert): string | undefined =>
  first && JSON.stringify([first.name, Object.entries(first.tags).sort(([a], [b]) => compareText(a, b))])

const countedAs = (level: Level, minLevel: Level): string =>
  level > Level.ok && level < minLevel
    ? `${levelName(level)} counts as OK (the endpoint's min-level is ${levelName(minLevel)})`
    : levelName(level)

const whyUnchanged = (level: Level, counted: string): string =>
  level === Level.ok
    ? `${counted}, and no post of this id was open`
    : `${counted}, as the last post of this id`

function whyUntold(level: Level, counted: string, { changes }: Decision): string {
  if (level > Level.ok)
    return `${counted} is noted; it is not above what was told of this incident, or only its first trigger is told, or it was resolved by hand`
  const isClosed = changes.some(({ change }) => change === 'close')
  return isClosed
    ? `${counted}; the incident was resolved by hand before, and is closed now`
    : `${counted} is noted; a task still holds the incident open`
}

function postEvent(alert: PostedAlert, news: News): IncidentEvent {
  const { id, time, message, details, recoverable, series } = alert
  const level = levelName(news.level)
  const groupTags = series[0]?.tags ?? {}
  return boundedEvent({
    kind: news.kind,
    incident: id,
    level,
    previousLevel: levelName(news.previousLevel),
    message: messageOr(message, id, level),
    ...(details !== undefined && { details }),
    time,
    duration: alert.duration ?? durationSince(news.openedTime, time),
    recoverable,
    task: POSTS.task,
    node: POSTS.node,
    group: groupText(groupTags),
    groupTags,
    series,
  })
}

const groupText = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .join(',') || 'nil'
