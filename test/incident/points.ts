// Points and nodes made by hand, for what needs no bytes.
import { type Condition, compileCondition } from '../../src/incident/condition/condition.ts'
import { Level } from '../../src/incident/level.ts'
import type { NodeSettings, Threshold } from '../../src/incident/node-settings.ts'
import type { FieldValue, Point } from '../../src/incident/point.ts'

export interface PointParts {
  readonly name?: string
  /** Seconds; default 0. */
  readonly at?: number
  readonly dimensions?: readonly string[]
  readonly byName?: boolean
  readonly tags?: Readonly<Record<string, string>>
  readonly fields?: Readonly<Record<string, FieldValue>>
}

export const seconds = (count: number): bigint => BigInt(count) * 1_000_000_000n

export function point(parts: PointParts = {}): Point {
  const tags = new Map(Object.entries(parts.tags ?? {}))
  const fields = new Map(Object.entries(parts.fields ?? {}))
  return {
    time: seconds(parts.at ?? 0),
    name: parts.name ?? 'cpu',
    dimensions: parts.dimensions ?? [],
    byName: parts.byName ?? false,
    field: name => fields.get(name),
    tag: name => tags.get(name),
    mixTag: (name, from, mix) => Buffer.from(tags.get(name) ?? '').reduce(mix, from),
    tags: () => tags,
    fields: () => fields,
  }
}

/** A node without options, but for those given. */
export const nodeWith = (parts: Partial<NodeSettings> = {}): NodeSettings => ({
  task: 'cpu_alert',
  node: 'squadcast2',
  endpoint: 'default',
  names: {},
  thresholds: [],
  minLevel: Level.info,
  noRecoveries: false,
  passThrough: false,
  all: false,
  labels: [],
  ...parts,
})

/** One condition, or several of which any may hold. */
type Sources = string | readonly string[]

type Conditions = Readonly<
  Partial<Record<'info' | 'warn' | 'crit' | 'infoReset' | 'warnReset' | 'critReset', Sources>>
>

/** Highest level first, as the options of a node are read. */
export function thresholds(given: Conditions): Threshold[] {
  const of = (level: Level, sources?: Sources, resets: Sources = []): Threshold[] =>
    sources === undefined ? [] : [{ level, conditions: compiled(sources), resets: compiled(resets) }]
  return [
    ...of(Level.critical, given.crit, given.critReset),
    ...of(Level.warning, given.warn, given.warnReset),
    ...of(Level.info, given.info, given.infoReset),
  ]
}

const compiled = (sources: Sources): Condition[] => [sources].flat().map(source => compileCondition(source))
