// A damaged file of the store: it is set aside under a name of its own, for people to look at, and what can still
// be read of it goes into a new one.
import { existsSync, renameSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction, openReadOnly } from './database.ts'
import { put, readable, type Shape, shapes, shared } from './tables-copy.ts'

/** Renames the file and what SQLite keeps beside it. @returns its new path. */
export function setAside(path: string, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  let aside = `${path}.damaged-${stamp}`
  for (let n = 2; existsSync(aside); n++) aside = `${path}.damaged-${stamp}-${n}`
  renameSync(path, aside)
  for (const suffix of ['-wal', '-shm'])
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  return aside
}

/** What was read of a damaged file. */
export interface Recovered {
  readonly incidents: number
  readonly pending: number
}

/** Copies what can be read into an empty store. */
export function recover(aside: string, into: DatabaseSync): Recovered {
  const damaged = openReadOnly(aside)
  if (damaged) {
    inTransaction(into, () => {
      for (const shape of shared(shapesOf(damaged), shapes(into))) copyBothWays(damaged, into, shape)
      makeWhole(into)
    })
    damaged.close()
  }
  const count = (sql: string) => (into.prepare(sql).get() as { n: number }).n
  return {
    incidents: count('SELECT count(*) AS n FROM incident WHERE closed_at IS NULL'),
    pending: count(`SELECT count(*) AS n FROM event WHERE state = 'pending'`),
  }
}

function shapesOf(damaged: DatabaseSync): Shape[] {
  try {
    return shapes(damaged)
  } catch {
    return []
  }
}

/** From both ends, since neither gets past the damage. */
function copyBothWays(damaged: DatabaseSync, into: DatabaseSync, shape: Shape): void {
  const order = shape.hasRowid ? 'rowid' : shape.keys.map(key => `"${key}"`).join(', ')
  put(into, shape, readable(damaged, `SELECT * FROM ${shape.table} NOT INDEXED`), { how: 'ignore' })
  const backwards = order.replaceAll(',', ' DESC,')
  put(into, shape, readable(damaged, `SELECT * FROM ${shape.table} ORDER BY ${backwards} DESC`), {
    how: 'ignore',
  })
}

/** Events whose incident was not readable are told all the same; notes on incidents that are gone are dropped. */
function makeWhole(db: DatabaseSync): void {
  db.exec(`
    INSERT INTO incident (opening, endpoint, id, opened_time, opened_at, closed_at, received)
      SELECT opening, 'default', coalesce(json_extract(body, '$.incident'), task), 0, min(created_at), max(created_at), 1
      FROM event WHERE json_valid(body) AND opening NOT IN (SELECT opening FROM incident) GROUP BY opening;
    DELETE FROM event WHERE opening NOT IN (SELECT opening FROM incident);
    DELETE FROM contributor WHERE opening NOT IN (SELECT opening FROM incident WHERE closed_at IS NULL);
    DELETE FROM told WHERE opening NOT IN (SELECT opening FROM incident WHERE closed_at IS NULL);
    DELETE FROM held WHERE opening NOT IN (SELECT opening FROM incident WHERE closed_at IS NULL);`)
}
