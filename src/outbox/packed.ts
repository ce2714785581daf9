// Many rows as few texts, one for each column: made by SQLite itself and read by JSON.parse, they cross between
// threads for a tenth of what as many objects would cost.
import type { DatabaseSync } from 'node:sqlite'

/** Columns by the names they have in the query, each the JSON of a list with a value for every row. */
export interface Packed {
  readonly length: number
  readonly columns: Readonly<Record<string, string>>
}

/** @param bigints columns that hold integers beyond 2^53: they come as texts. */
export function pack(db: DatabaseSync, sql: string, bigints: readonly string[] = []): Packed {
  const names = db
    .prepare(sql)
    .columns()
    .map(({ name }) => name)
  const lists = names.map(name => {
    const value = bigints.includes(name) ? `CAST("${name}" AS TEXT)` : `"${name}"`
    return `json_group_array(${value}) AS "${name}"`
  })
  const row = db.prepare(`SELECT count(*) AS "row count", ${lists.join(', ')} FROM (${sql})`).get()
  const { 'row count': length, ...columns } = row as { 'row count': number } & Record<string, string>
  return { length, columns }
}

/** A column's values, one for each row. */
export const column = (packed: Packed, name: string): readonly unknown[] =>
  JSON.parse(packed.columns[name]!) as unknown[]

/** The rows again, each made by its number. */
export function unpack<Row>(packed: Packed, make: (at: number) => Row): Row[] {
  const rows: Row[] = []
  for (let at = 0; at < packed.length; at++) rows.push(make(at))
  return rows
}
