// Rows from one store to another with the same tables, whatever their columns: for the state in memory while the
// disk takes nothing, and for what can still be read of a damaged file.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

export interface Shape {
  readonly table: string
  readonly columns: readonly string[]
  readonly keys: readonly string[]
  readonly hasRowid: boolean
}

type Row = Record<string, SQLInputValue>

export function shapes(db: DatabaseSync): Shape[] {
  const tables = db
    .prepare(
      `SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
    )
    .all() as { name: string; wr: number }[]
  return tables.map(({ name: table, wr }) => {
    const columns = db.prepare('SELECT name, pk FROM pragma_table_info(?) ORDER BY cid').all(table) as {
      name: string
      pk: number
    }[]
    return {
      table,
      columns: columns.map(({ name }) => name),
      keys: columns
        .filter(({ pk }) => pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map(({ name }) => name),
      hasRowid: wr === 0,
    }
  })
}

/** Columns that both have: an older file may lack some, a newer one may have more. */
export function shared(from: readonly Shape[], to: readonly Shape[]): Shape[] {
  return to.flatMap(shape => {
    const known = from.find(({ table }) => table === shape.table)
    if (!known) return []
    return [{ ...shape, columns: shape.columns.filter(column => known.columns.includes(column)) }]
  })
}

/** Every row that the query gives, until the file cannot be read any further. */
export function* readable(db: DatabaseSync, sql: string): IterableIterator<Row> {
  try {
    const statement = db.prepare(sql)
    statement.setReadBigInts(true)
    for (const row of statement.iterate()) yield row as Row
  } catch {
    // What comes after it is behind the damage.
  }
}

/** How rows are put where some may be already. upsert: the new values count; but never those of `lasting`. */
export interface PutOptions {
  readonly how: 'upsert' | 'ignore'
  readonly lasting?: readonly string[]
}

/** Puts rows into a table. Returns how many there were. */
export function put(
  db: DatabaseSync,
  { table, columns, keys }: Shape,
  rows: Iterable<Row>,
  { how, lasting = [] }: PutOptions,
): number {
  const fixed = [...keys, ...lasting]
  const updates = columns
    .filter(column => !fixed.includes(column))
    .map(column => `${name(column)} = excluded.${name(column)}`)
  const conflict =
    how === 'ignore' || updates.length === 0
      ? 'ON CONFLICT DO NOTHING'
      : `ON CONFLICT (${keys.map(name).join(', ')}) DO UPDATE SET ${updates.join(', ')}`
  const statement = db.prepare(
    `INSERT INTO ${name(table)} (${columns.map(name).join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${conflict}`,
  )
  let count = 0
  for (const row of rows) {
    statement.run(...columns.map(column => row[column] ?? null))
    count++
  }
  return count
}

/** An identifier in SQL: `group` is a word of its own there. */
export const name = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`
