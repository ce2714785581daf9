// An alert that Kapacitor posted, on its way to a change of an incident. All posts of an (endpoint, id) are one
// contributor, since a post does not name its task; repeats change nothing, and OK resolves. Pure.
import type { Book } from './book.ts'
import { boundedEvent } from './bounded-event.ts'
import { POSTS } from './contributors.ts'
import type { IncidentEvent, Series } from './event.ts'
import type { Change, EndpointPolicy } from './judgement.ts'
import { Level, levelName } from './level.ts'
import type { Decision, News } from './observation.ts'

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
  /** Nanoseconds. Absent: since the incident opened. */
  readonly duration?: bigint
  readonly recoverable: boolean
  readonly series: readonly Series[]
}

/** What became of a post: a change to commit, or none; and where it tells nothing, why. */
export interface PostJudgement {
  readonly change?: Change
  /** A sentence without its full stop. */
  readonly why?: string
}

export interface PostSurroundings {
  readonly book: Book
  readonly policy: EndpointPolicy
  /** Wall clock, ms. */
  readonly at: number
}

export function judgePost(alert: PostedAlert, { book, policy, at }: PostSurroundings): PostJudgement {
  const { endpoint, minLevel, retriggerOnRise } = policy
  const level = alert.level >= minLevel ? alert.level : Level.ok
  const decision = book.observe({
    ...POSTS,
    ...{ endpoint, id: alert.id, level, time: alert.time, at, retriggerOnRise },
    // An alert that tells no recoveries posts none.
    noRecoveries: false,
  })
  const counted = countedAs(alert.level, minLevel)
  if (!decision) return { why: whyUnchanged(level, counted) }
  const { changes, opening, news } = decision
  const change = { changes, opening, endpoint, level: alert.level }
  if (!news) return { change, why: whyUntold(level, counted, decision) }
  return { change: { ...change, event: postEvent(alert, news) } }
}

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
  const sinceOpened = time > news.openedTime ? time - news.openedTime : 0n
  const groupTags = series[0]?.tags ?? {}
  return boundedEvent({
    kind: news.kind,
    incident: id,
    level,
    previousLevel: levelName(news.previousLevel),
    message: message ?? `${id} is ${level}`,
    ...(details !== undefined && { details }),
    time,
    duration: alert.duration ?? sinceOpened,
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
