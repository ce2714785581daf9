// Makes the event of an incident from what the node asked for and what its point or batch shows. Pure.

import { boundedEvent } from './bounded-event.ts'
import { durationSince } from './duration.ts'
import type { IncidentEvent, Series } from './event.ts'
import { type Level, levelName } from './level.ts'
import { messageOr } from './message.ts'
import type { NodeSettings } from './node-settings.ts'
import type { News } from './observation.ts'
import type { PointData, Scope } from './point.ts'
import type { Group, OutsideReading } from './reading.ts'

/** What a point or a batch shows, apart from its level. */
export interface Sighting {
  readonly name: string
  readonly group: Group
  readonly scope: PointData
  /** Nanoseconds, by the points' clock. */
  readonly time: bigint
  /** Present when the level came with the point. */
  readonly outside?: OutsideReading
  /** Made only when there is something to tell. */
  readonly series: () => Series
  /** Rows of the whole batch, where the series may lack the oldest. */
  readonly rows?: number
}

export function composeEvent(
  settings: NodeSettings,
  incident: string,
  news: News,
  sighting: Sighting,
): IncidentEvent {
  const { scope, group, time, outside } = sighting
  const level = levelName(news.level)
  const duration = outside?.duration ?? durationSince(news.openedTime, time)
  const values = {
    id: incident,
    name: sighting.name,
    taskName: settings.task,
    group: group.text,
    level,
    time,
    duration,
    scope,
  }
  const written = outside?.message ?? settings.message?.render({ ...values, message: '' })
  const message = messageOr(written, incident, level)
  const details = settings.details?.renderMarked({ ...values, message })
  const condition = conditionText(settings, news.level, scope)
  const series = sighting.series()
  const present = series.values.length
  const whole: IncidentEvent = {
    kind: news.kind,
    incident,
    level,
    previousLevel: levelName(news.previousLevel),
    message,
    ...(details && { details: details.text, ownText: details.own }),
    time,
    duration,
    recoverable: !settings.noRecoveries,
    task: settings.task,
    node: settings.node,
    group: group.text,
    groupTags: group.tags,
    series: [series],
    ...(condition !== undefined && { condition }),
    ...(settings.priority !== undefined && { priority: settings.priority }),
    ...(settings.labels.length > 0 && { labels: settings.labels }),
  }
  return boundedEvent(whole, (sighting.rows ?? present) - present)
}

/** The condition that holds for the level, or its first where a reset keeps the level up. */
function conditionText(settings: NodeSettings, level: Level, scope: Scope): string | undefined {
  const conditions = settings.thresholds.find(threshold => threshold.level === level)?.conditions
  return (conditions?.find(condition => condition.holds(scope)) ?? conditions?.[0])?.source
}
