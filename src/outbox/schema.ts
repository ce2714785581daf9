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
    received    INTEGER NOT NULL DEFAULT 0,  -- 1: some trigger may have been received
    muted_at    INTEGER,                     -- ms; resolved by hand, and nothing of it is news since
    fallback_at INTEGER                      -- ms; told by the fallback, since the receiver had not taken it
  ) STRICT;
  CREATE UNIQUE INDEX incident_open ON incident (endpoint, id) WHERE closed_at IS NULL;
  CREATE INDEX incident_id ON incident (id);
  CREATE INDEX incident_closed ON incident (closed_at) WHERE closed_at IS NOT NULL;

  CREATE INDEX incident_standing ON incident (opening) WHERE closed_at IS NULL;

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
    state        TEXT NOT NULL DEFAULT 'pending',  -- pending, delivered, coalesced, dead, discarded
    attempts     INTEGER NOT NULL DEFAULT 0,
    unsure       INTEGER NOT NULL DEFAULT 0, -- attempts that may have been received
    bare         INTEGER NOT NULL DEFAULT 0,
    due_at       INTEGER,                    -- ms
    settled_at   INTEGER,                    -- ms
    coalesced_by INTEGER,
    fault        TEXT                        -- of dead letters; receiver: it refused. own: not read, not rendered
  ) STRICT;
  CREATE INDEX event_pending ON event (seq) WHERE state = 'pending';
  CREATE INDEX event_dead ON event (seq) WHERE state = 'dead';
  CREATE INDEX event_opening ON event (opening);
  CREATE INDEX event_untaken ON event (opening)
    WHERE kind = 'trigger' AND level = 3 AND state IN ('pending', 'dead');
  CREATE INDEX event_settled ON event (state, settled_at) WHERE settled_at IS NOT NULL;

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

  -- What happened to an incident, in order, for a person who asks why. Nothing is decided by it.
  CREATE TABLE story (
    number  INTEGER PRIMARY KEY,
    opening INTEGER NOT NULL,
    at      INTEGER NOT NULL,                -- ms
    what    TEXT NOT NULL,                   -- see story.ts
    task    TEXT,
    node    TEXT,
    "group" TEXT,
    level   INTEGER,
    seq     INTEGER,                         -- of the event, where it is one
    text    TEXT
  ) STRICT;
  CREATE INDEX story_opening ON story (opening);

  -- Times in which nothing got through to an endpoint. ms, all of them.
  CREATE TABLE outage (
    endpoint       TEXT NOT NULL,
    began_at       INTEGER NOT NULL,
    cause          TEXT NOT NULL,            -- failing, blocked
    answer         TEXT NOT NULL,
    back_at        INTEGER,                  -- it worked again
    over_at        INTEGER,                  -- all that had waited is settled
    delivered_late INTEGER NOT NULL,
    unseen         INTEGER NOT NULL,         -- incidents that opened and closed, and nobody was told
    dead           INTEGER NOT NULL,
    PRIMARY KEY (endpoint, began_at)
  ) STRICT, WITHOUT ROWID;

  -- What other processes ask of the daemon. Done together with what comes of it, once.
  CREATE TABLE instruction (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,                -- ms
    kind    TEXT NOT NULL,
    body    TEXT NOT NULL,                   -- JSON
    done_at INTEGER,                         -- ms
    answer  TEXT                             -- JSON; of one that is not done yet, how far it is
  ) STRICT;
  CREATE INDEX instruction_open ON instruction (id) WHERE done_at IS NULL;

  -- The last Init of each node of Kapacitor's tasks: a task that it may be dialing for must not be touched.
  CREATE TABLE node_init (
    task    TEXT NOT NULL,
    node    TEXT NOT NULL,
    at      INTEGER NOT NULL,                -- ms
    enabled TEXT,                            -- last-enabled of the task while the node was connected; NULL: unknown
    refused TEXT,                            -- why its script was refused
    PRIMARY KEY (task, node)
  ) STRICT, WITHOUT ROWID;

  -- Tasks that are being revived: disabled, and not enabled again yet.
  CREATE TABLE revival (
    task     TEXT PRIMARY KEY,
    at       INTEGER NOT NULL,               -- ms
    before   TEXT NOT NULL,                  -- Kapacitor's modified before it was disabled
    disabled TEXT                            -- and after; NULL: unknown
  ) STRICT, WITHOUT ROWID;

  -- The last start of Kapacitor, by the newest opening of then.
  CREATE TABLE kapacitor_start (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    opening INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Of posts: the newest alert that changed something, ns by Kapacitor's clock. NULL: not known.
  ALTER TABLE contributor ADD COLUMN alert_time INTEGER;
  `,
]

const MAJOR_SCALE = 1000

const versionOf = (db: DatabaseSync): number =>
  (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version

/** For who only looks: throws StoreError when the file is of another version, or not a store yet. */
export function requireSchema(db: DatabaseSync): void {
  const version = versionOf(db)
  refuseNewer(version)
  if (version >= MAJOR * MAJOR_SCALE + STEPS.length) return
  throw new StoreError('absent', 'the store was made by an older version, or never begun', {
    hint: 'Start the sidecar once: it brings the store up to date.',
  })
}

function refuseNewer(version: number): void {
  const major = Math.floor(version / MAJOR_SCALE)
  if (major > MAJOR)
    throw new StoreError('newer-version', `the store was written by a newer version (format ${major})`, {
      hint: 'Install that version again, or set the file aside and start with an empty store.',
    })
}

/** Brings the file up to date. Throws StoreError when it was written by a newer major version. */
export function migrate(db: DatabaseSync): void {
  const version = versionOf(db)
  refuseNewer(version)
  const done = version % MAJOR_SCALE
  for (let step = done; step < STEPS.length; step++) {
    db.exec('BEGIN IMMEDIATE')
    db.exec(STEPS[step]!)
    db.exec(`PRAGMA user_version = ${MAJOR * MAJOR_SCALE + step + 1}`)
    db.exec('COMMIT')
  }
}
