// What conditions and templates may read of a point. This file owns the shapes; it never looks into a message.

/** A field's value as Kapacitor sent it: DOUBLE is number, INT is bigint. */
export type FieldValue = number | bigint | string | boolean

/** Names are exact; undefined means that the point has no such field or tag. */
export interface Scope {
  field(name: string): FieldValue | undefined
  tag(name: string): string | undefined
}

/** What templates read: all names too. */
export interface PointData extends Scope {
  tags(): ReadonlyMap<string, string>
  fields(): ReadonlyMap<string, FieldValue>
}

/** One point as it came. Valid only until the next one is read. */
export interface Point extends PointData {
  /** Nanoseconds since the epoch. */
  readonly time: bigint
  /** The measurement. Empty inside a batch. */
  readonly name: string
  /**
   * Names of the tags that a stream point is grouped by. Empty inside a batch. Mostly the very same list as that of the
   * point before, if they are the same.
   */
  readonly dimensions: readonly string[]
  /** Grouped by measurement too. */
  readonly byName: boolean
  /** Mixes the bytes of a tag's value into a number, one after the other; of a tag that is not there, none. */
  mixTag(name: string, from: number, mix: (number: number, byte: number) => number): number
}
