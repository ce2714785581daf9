// The series of a point as one text: equal if and only if database, retention policy, measurement and tags are. Points of
// one time are ordered by it. Pure.
import type { PointOrigin } from './selection.ts'
import type { Series } from './series-key.ts'

/** Keys that are known by their text. Beyond, all are forgotten and read again. */
const KNOWN_KEYS = 50_000

export class PointKeys {
  readonly #keys = new WeakMap<Series, PointOrigin & { readonly key: string }>()
  readonly #origins = new Map<string, PointOrigin>()

  of(origin: PointOrigin): string {
    const { series, database, retentionPolicy } = origin
    const known = this.#keys.get(series)
    if (known?.database === database && known?.retentionPolicy === retentionPolicy && known) return known.key
    const key = JSON.stringify([
      database ?? null,
      retentionPolicy ?? null,
      series.name,
      ...series.tags.flat(),
    ])
    this.#keys.set(series, { series, database, retentionPolicy, key })
    return key
  }

  /** Of one key the same object again, for some time. */
  read(key: string): PointOrigin {
    const known = this.#origins.get(key)
    if (known) return known
    const [database, retentionPolicy, name, ...tags] = JSON.parse(key) as [
      ...[string | null, string | null, string],
      ...string[],
    ]
    const origin = {
      series: { name, tags: pairs(tags) },
      ...{ database: database ?? undefined, retentionPolicy: retentionPolicy ?? undefined },
    }
    if (this.#origins.size >= KNOWN_KEYS) this.#origins.clear()
    this.#origins.set(key, origin)
    return origin
  }
}

const pairs = (texts: readonly string[]): (readonly [string, string])[] =>
  texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1]!] as const] : []))
