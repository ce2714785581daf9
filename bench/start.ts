// From the start of the process to `ready`, with 100,000 incidents open and as many events to deliver.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeEvent } from '../src/incident/event.ts'
import { openDatabase } from '../src/outbox/database.ts'
import { cpuEvent } from '../test/squadcast/events.ts'
import { startSidecar } from './agents.ts'
import { figuresOf, quantile, type Scenario } from './figures.ts'
import { publishedProgram } from './program.ts'

const INCIDENTS = 100_000
const STARTS = 3

export const start: Scenario = {
  name: 'start',
  about: 'until ready, with 100,000 open incidents and 100,000 events to deliver',
  async run() {
    // Compiled before a start is timed.
    publishedProgram()
    const full = mkdtempSync(join(tmpdir(), 'bench-'))
    try {
      fill(join(full, 'outbox.db'))
      const of = figuresOf('start')
      return [
        of('an empty store', await readyAfterMs(), 'ms'),
        of('100,000 open, 100,000 waiting', await readyAfterMs(full), 'ms', { atMost: 1500 }),
      ]
    } finally {
      rmSync(full, { recursive: true })
    }
  },
}

/** The median of some starts, each with a store of its own: a copy where there is one to copy. */
async function readyAfterMs(store?: string): Promise<number> {
  const took: number[] = []
  for (let start = 0; start < STARTS; start++) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'))
    if (store !== undefined) cpSync(store, folder, { recursive: true })
    const began = performance.now()
    const agent = await startSidecar({ folder })
    took.push(performance.now() - began)
    await agent.end()
  }
  return quantile(took, 0.5)
}

function fill(path: string): void {
  const db = openDatabase(path, 1 << 30)
  db.exec('PRAGMA synchronous = OFF; BEGIN')
  const incident = db.prepare(
    `INSERT INTO incident (opening, endpoint, id, opened_time, opened_at) VALUES (?, 'default', ?, 1, 1)`,
  )
  const contributor = db.prepare(
    `INSERT INTO contributor (opening, task, node, "group", level, since) VALUES (?, 'cpu', 'squadcast2', ?, 3, 1)`,
  )
  const told = db.prepare(`INSERT INTO told (opening, task, level, at) VALUES (?, 'cpu', 3, 1)`)
  const event = db.prepare(
    `INSERT INTO event (seq, opening, task, kind, level, created_at, body) VALUES (?, ?, 'cpu', 'trigger', 3, 1, ?)`,
  )
  const body = encodeEvent(cpuEvent())
  for (let n = 1; n <= INCIDENTS; n++) {
    incident.run(n, `cpu:${n}`)
    contributor.run(n, `host=${n}`)
    told.run(n)
    event.run(n, n, body)
  }
  db.exec('COMMIT')
  db.close()
}
