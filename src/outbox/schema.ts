// The tables of the store, and how an older file becomes a newer one. Steps are numbered, only add, and are
// never changed once released: an older sidecar can still work on a file whose steps it does not know.
import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store-error.ts'

/** Raised when older versions can no longer work on the file. */
export const MAJOR = 1

const STEPS: readonly string[] = [
  `
  -- One opening of an incident, from its first trigger to its resolve.
  CREATE TABLE incident (
    opening     INTEGER PRIMARY KEY,
    endpoint    TEXT NOT NULL,
    id          TEXT NOT NULL,
    opened_time INTEGER NOT NULL,            -- ns, by the points' clock
    opened_at   INTEGER NOT NULL,            -- ms
    closed_at   INTEGER,                     -- ms; NULL while it is open
    received    INTEGER NOT NULL DEFAULT 0   -- 1: some trigger may have been received
  ) STRICT;
  CREATE UNIQUE INDEX incident_open ON incident (endpoint, id) WHERE closed_at IS NULL;
  CREATE INDEX incident_id ON incident (id);

  -- Who holds an open incident up. Only levels above OK.
  CREATE TABLE contributor (
    opening INTEGER NOT NULL,
    task    TEXT NOT NULL,
    node    TEXT NOT NULL,
    "group" TEXT NOT NULL,
    level   INTEGER NOT NULL,
    since   INTEGER NOT NULL,                -- ms
    silent_after INTEGER,                    -- ms; recovers when it is silent for so long
    silent_for   INTEGER,                    -- ms; how long it has been silent, as far as could be heard
    quietly      INTEGER,                    -- 1: its node never tells recoveries
    PRIMARY KEY (opening, task, node, "group")
  ) STRICT, WITHOUT ROWID;

  -- The highest level told for each task of an open incident.
  CREATE TABLE told (
    opening INTEGER NOT NULL,
    task    TEXT NOT NULL,
    level   INTEGER NOT NULL,
    at      INTEGER NOT NULL,                -- ms
    PRIMARY KEY (opening, task)
  ) STRICT, WITHOUT ROWID;

  -- Incidents whose contributors have all recovered, and whose resolve waits.
  CREATE TABLE held (
    opening INTEGER PRIMARY KEY,
    due_at  INTEGER NOT NULL,                -- ms
    body    TEXT NOT NULL
  ) STRICT;

  CREATE TABLE event (
    seq          INTEGER PRIMARY KEY,
    opening      INTEGER NOT NULL,
    task         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    level        INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,           -- ms
    body         TEXT NOT NULL,
    state        TEXT NOT NULL DEFAULT 'pending',  -- pending, delivered, coalesced, dead
    attempts     INTEGER NOT NULL DEFAULT 0,
    unsure       INTEGER NOT NULL DEFAULT 0, -- attempts that may have been received
    bare         INTEGER NOT NULL DEFAULT 0,
    due_at       INTEGER,                    -- ms
    settled_at   INTEGER,                    -- ms
    coalesced_by INTEGER
  ) STRICT;
  CREATE INDEX event_pending ON event (seq) WHERE state = 'pending';
  CREATE INDEX event_opening ON event (opening);

  CREATE TABLE attempt (
    attempt    INTEGER PRIMARY KEY,
    seq        INTEGER NOT NULL,
    started_at INTEGER NOT NULL,             -- ms
    ended_at   INTEGER,                      -- ms; NULL while in flight
    outcome    TEXT,                         -- NULL while in flight; lost: cut off by a crash
    received   TEXT,
    status     INTEGER,
    text       TEXT,
    latency_ms REAL
  ) STRICT;
  CREATE INDEX attempt_seq ON attempt (seq);
  CREATE INDEX attempt_ended ON attempt (ended_at);
  `,
]

const MAJOR_SCALE = 1000

/** Brings the file up to date. Throws StoreError when it was written by a newer major version. */
export function migrate(db: DatabaseSync): void {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  const major = Math.floor(version / MAJOR_SCALE)
  if (major > MAJOR)
    throw new StoreError('newer-version', `the store was written by a newer version (format ${major})`, {
      hint: 'Install that version again, or set the file aside and start with an empty store.',
    })
  const done = version % MAJOR_SCALE
  for (let step = done; step < STEPS.length; step++) {
    db.exec('BEGIN IMMEDIATE')
    db.exec(STEPS[step]!)
    db.exec(`PRAGMA user_version = ${MAJOR * MAJOR_SCALE + step + 1}`)
    db.exec('COMMIT')
  }
}
