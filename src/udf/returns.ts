// The points that go back: what is passed through is the frames as they came, as runs of the input's bytes;
// what made an event carries its level, id, message and duration under the names that the script gives.
import type { Change } from '../incident/judgement.ts'
import type { FieldNames } from '../incident/node-settings.ts'
import type { Additions } from '../wire/annotate.ts'

/** Frames that follow one another in the input, kept as few slices of it. */
export class Runs {
  #done: Buffer[] = []
  #bytes: Buffer | undefined
  #from = 0
  #end = 0

  add(bytes: Buffer, from: number, end: number): void {
    if (this.#bytes !== bytes || this.#end !== from) {
      this.#finish()
      this.#bytes = bytes
      this.#from = from
    }
    this.#end = end
  }

  push(bytes: Buffer): void {
    this.#finish()
    this.#done.push(bytes)
  }

  take(): Buffer[] {
    this.#finish()
    const taken = this.#done
    this.#done = []
    return taken
  }

  #finish(): void {
    if (this.#bytes) this.#done.push(this.#bytes.subarray(this.#from, this.#end))
    this.#bytes = undefined
  }
}

/** Looks a field or tag up in what is to be annotated. */
export interface Present {
  field(name: string): unknown
  tag(name: string): unknown
}

/** What an event adds to its point, under configured names that the point lacks; undefined: nothing. */
export function additionsFor(names: FieldNames, change: Change, point: Present): Additions | undefined {
  const event = change.event
  if (!event) return undefined
  const tags = new Map<string, string>()
  const strings = new Map<string, string>()
  const ints = new Map<string, bigint>()
  const { level } = event
  const addField = (name: string | undefined, value: string): void => {
    if (name !== undefined && point.field(name) === undefined) strings.set(name, value)
  }
  const addTag = (name: string | undefined, value: string): void => {
    if (name !== undefined && point.tag(name) === undefined) tags.set(name, value)
  }
  addField(names.levelField, level)
  addTag(names.levelTag, level)
  addField(names.idField, event.incident)
  addTag(names.idTag, event.incident)
  addField(names.messageField, event.message)
  if (names.durationField !== undefined && point.field(names.durationField) === undefined)
    ints.set(names.durationField, event.duration)
  return tags.size + strings.size + ints.size === 0 ? undefined : { tags, strings, ints }
}
