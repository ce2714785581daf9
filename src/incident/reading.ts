// Reads off a point what it says about an incident: level, id, message, duration; and of whom it speaks: group.
// An option that names a field or tag wins over the search by the usual names.
import { boundedDuration } from './duration.ts'
import { capId } from './id.ts'
import { LEVEL_NAMES, type Level, levelFromName } from './level.ts'
import type { FieldNames, NodeSettings } from './node-settings.ts'
import type { FieldValue, Point, PointData, Scope } from './point.ts'

/** Fields and tags that were read as level, id, message or duration, and so are no data. */
export interface Consumed {
  readonly fields: ReadonlySet<string>
  readonly tags: ReadonlySet<string>
}

export const NOTHING_CONSUMED: Consumed = { fields: new Set(), tags: new Set() }

/** Where a value was found. */
interface Found {
  readonly kind: 'field' | 'tag'
  readonly name: string
  readonly text: string
}

const USUAL_NAMES = {
  level: 'level',
  idField: 'id',
  idTags: ['id', 'alertID'],
  message: 'message',
  duration: 'duration',
}

/** The level that upstream gave the point, any case where an option names it; undefined when it carries none. */
export function levelFromOutside(names: FieldNames, scope: Scope): Level | undefined {
  if (!namesLevel(names)) return usualLevel(scope)
  const text = levelSource(names, scope)?.text
  return text === undefined ? undefined : levelFromName(text.toUpperCase())
}

/** What nearly every point is asked: as `levelSource` finds it, and without making anything. */
function usualLevel(scope: Scope): Level | undefined {
  const inField = scope.field(USUAL_NAMES.level)
  const level = typeof inField === 'string' ? levelFromName(inField) : undefined
  if (level !== undefined) return level
  const inTag = scope.tag(USUAL_NAMES.level)
  return inTag === undefined ? undefined : levelFromName(inTag)
}

const namesLevel = (names: FieldNames): boolean =>
  names.levelField !== undefined || names.levelTag !== undefined

function levelSource(names: FieldNames, scope: Scope): Found | undefined {
  if (namesLevel(names)) return field(scope, names.levelField) ?? tag(scope, names.levelTag)
  return validLevel(field(scope, USUAL_NAMES.level)) ?? validLevel(tag(scope, USUAL_NAMES.level))
}

function validLevel(found: Found | undefined): Found | undefined {
  return found && (LEVEL_NAMES as readonly string[]).includes(found.text) ? found : undefined
}

/** Everything that upstream says about the incident, for a point that has a level from outside. */
export interface OutsideReading {
  readonly id?: string
  readonly message?: string
  /** Nanoseconds. */
  readonly duration?: bigint
  readonly consumed: Consumed
}

export function readOutside(names: FieldNames, scope: Scope): OutsideReading {
  const fields = new Set<string>()
  const tags = new Set<string>()
  const note = (found: Found | undefined): string | undefined => {
    if (found) (found.kind === 'field' ? fields : tags).add(found.name)
    return found?.text
  }
  note(levelSource(names, scope))
  const id = note(idSource(names, scope))
  const message = note(field(scope, names.messageField ?? USUAL_NAMES.message))
  const durationName = names.durationField ?? USUAL_NAMES.duration
  const duration = scope.field(durationName)
  const isDuration = typeof duration === 'bigint'
  if (isDuration) fields.add(durationName)
  return {
    consumed: { fields, tags },
    ...(id !== undefined && { id }),
    ...(message !== undefined && { message }),
    ...(isDuration && { duration: boundedDuration(duration) }),
  }
}

function idSource(names: FieldNames, scope: Scope): Found | undefined {
  if (names.idField !== undefined || names.idTag !== undefined)
    return field(scope, names.idField) ?? tag(scope, names.idTag)
  const inField = field(scope, USUAL_NAMES.idField)
  if (inField) return inField
  for (const name of USUAL_NAMES.idTags) {
    const found = tag(scope, name)
    if (found) return found
  }
  return undefined
}

/** A field that is a string with something in it. */
function field(scope: Scope, name: string | undefined): Found | undefined {
  const value: FieldValue | undefined = name === undefined ? undefined : scope.field(name)
  return typeof value === 'string' && value !== '' ? { kind: 'field', name: name!, text: value } : undefined
}

function tag(scope: Scope, name: string | undefined): Found | undefined {
  const value = name === undefined ? undefined : scope.tag(name)
  return value ? { kind: 'tag', name: name!, text: value } : undefined
}

/** Whose points these are: dimensions of a stream point, tags of a batch. */
export interface GroupSource {
  readonly name: string
  readonly byName: boolean
  readonly tags: readonly (readonly [name: string, value: string])[]
}

/** Characters of a group that is surely not cut, measurement and all. */
const LONGEST_PLAIN = 100

export interface Group {
  /** As Kapacitor writes it: `host=a,region=eu`, led by the measurement where grouped by it; `nil` when empty. */
  readonly text: string
  readonly tags: Readonly<Record<string, string>>
}

/** The group without the tags that were read as level or id. */
export function groupOf(source: GroupSource, consumed: Consumed): Group {
  const own = source.tags.filter(([name]) => !consumed.tags.has(name))
  const pairs = own.map(([name, value]) => `${name}=${value}`).join(',')
  const tags = Object.fromEntries(own)
  if (!source.byName) return { text: pairs || 'nil', tags }
  return { text: pairs ? `${source.name}\n${pairs}` : source.name || 'nil', tags }
}

/** Tags of a group that some point's level or id may be read from. */
export const tagsThatMayBeConsumed = ({ levelTag, idTag }: FieldNames): ReadonlySet<string> =>
  new Set([USUAL_NAMES.level, ...USUAL_NAMES.idTags, ...[levelTag, idTag].filter(name => name !== undefined)])

/**
 * The text of a stream point's group, as `groupOf` makes it and sooner. Undefined where only the whole reading can
 * tell: tags of it may have been read as level or id, or it is too long to stand as it is.
 */
export function plainGroup(point: Point, mayBeConsumed: ReadonlySet<string>): string | undefined {
  let pairs = ''
  for (const name of point.dimensions) {
    if (mayBeConsumed.has(name)) return undefined
    pairs += `${pairs === '' ? '' : ','}${name}=${point.tag(name) ?? ''}`
  }
  const { name, byName } = point
  if (pairs.length + (byName ? name.length : 0) > LONGEST_PLAIN) return undefined
  if (!byName) return pairs || 'nil'
  return pairs ? `${name}\n${pairs}` : name || 'nil'
}

export interface Subject {
  readonly name: string
  readonly group: string
  readonly scope: PointData
}

/** The incident's id: what upstream says, else the script's template, else Kapacitor's default. */
export function incidentId(settings: NodeSettings, outside: string | undefined, subject: Subject): string {
  if (outside !== undefined) return capId(outside)
  const { task } = settings
  if (settings.id) {
    const id = settings.id.render({ ...EMPTY_VALUES, ...subject, taskName: task })
    if (id !== '') return capId(id)
  }
  const own = `${subject.name}:${subject.group}`
  return capId(settings.thresholds.length > 0 ? `${task}:${own}` : own)
}

// An id's template is refused at Init when it names any of these.
const EMPTY_VALUES = { id: '', level: '', message: '', time: 0n, duration: 0n }
