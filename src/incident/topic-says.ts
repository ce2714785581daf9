// What Kapacitor's topic of an alert says of an incident, on its way to a change: for a point that was lost on the way
// here. It knows no point, so that its events show an id, a level and the alert's message. Pure.
import type { Book } from './book.ts'
import { boundedEvent } from './bounded-event.ts'
import type { Who } from './contributors.ts'
import { durationSince } from './duration.ts'
import type { IncidentEvent } from './event.ts'
import type { Change, EndpointPolicy } from './judgement.ts'
import { higher, Level, levelName } from './level.ts'
import { messageOr } from './message.ts'
import type { NodeSettings } from './node-settings.ts'
import type { News } from './observation.ts'

export interface TopicSaying {
  readonly who: Who
  readonly level: Level
  /** Nanoseconds, by the points' clock. */
  readonly time: bigint
  /** Empty: the usual text. */
  readonly message: string
}

interface Around {
  readonly book: Book
  readonly policy: EndpointPolicy
  /** Wall clock, ms. */
  readonly at: number
}

/** Undefined: it is nothing new. */
export function judgeTopic(
  settings: NodeSettings,
  saying: TopicSaying,
  { book, policy, at }: Around,
): Change | undefined {
  const { who, level, time } = saying
  const { noRecoveries, recoveryDelayMs, silentAfterMs } = settings
  const counts = level >= higher(policy.minLevel, settings.minLevel)
  const decision = book.observe({
    ...who,
    level: counts ? level : Level.ok,
    ...{ time, at, noRecoveries, retriggerOnRise: policy.retriggerOnRise },
    ...(recoveryDelayMs !== undefined && { recoveryDelayMs }),
    ...(silentAfterMs !== undefined && { silentAfterMs }),
  })
  if (!decision) return undefined
  const { changes, opening, news, heldUntil } = decision
  const change = { changes, opening, endpoint: who.endpoint, level }
  if (!news) return change
  const event = topicEvent(settings, saying, news)
  if (heldUntil === undefined) return { ...change, event }
  return { ...change, changes: [...changes, book.hold(who, event)] }
}

function topicEvent(settings: NodeSettings, { who, time, message }: TopicSaying, news: News): IncidentEvent {
  const level = levelName(news.level)
  const { priority, labels } = settings
  const said = news.level === Level.ok ? `${who.id} is OK: its topic in Kapacitor says so` : message
  return boundedEvent({
    kind: news.kind,
    incident: who.id,
    level,
    previousLevel: levelName(news.previousLevel),
    message: messageOr(said, who.id, level),
    time,
    duration: durationSince(news.openedTime, time),
    recoverable: !settings.noRecoveries,
    task: who.task,
    node: who.node,
    group: who.group,
    groupTags: {},
    series: [],
    ...(priority !== undefined && { priority }),
    ...(labels.length > 0 && { labels }),
  })
}
