// What Kapacitor 1.5.9 and 1.8.3 post where an OK is withheld, lost or late, as it was recorded: what each post makes.
import { readFileSync } from 'node:fs'
import test from 'ava'
import { alertFromJson } from '../../src/http/alert-json.ts'
import { Book } from '../../src/incident/book.ts'
import { Level } from '../../src/incident/level.ts'
import { judgePost } from '../../src/incident/posts.ts'
import { FoldedChanges } from './folded-changes.ts'
import { seconds } from './points.ts'

interface Recorded {
  readonly course: string
  readonly version: string
  readonly body: { readonly id: string }
}

const recorded = readFileSync(new URL('../fixtures/occurrences.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Recorded)

/** For each post of one id what it made, a resolve that goes first included. `lost`: posts that never arrived. */
interface Course {
  readonly id: string
  readonly made: readonly string[]
  readonly lost?: readonly number[]
  readonly repeatInterval?: bigint
}

const COURSES: Readonly<Record<string, readonly Course[]>> = {
  norecoveries: [{ id: 'backup/db1', made: ['CRITICAL', 'CRITICAL'] }],
  match: [{ id: 'cpu/a', made: ['CRITICAL', 'OK CRITICAL'] }],
  lost: [
    { id: 'ping/shop', made: ['CRITICAL', 'OK', 'CRITICAL', 'OK'] },
    { id: 'ping/shop', made: ['CRITICAL', 'OK CRITICAL', 'OK'], lost: [1] },
    { id: 'ping/shop', made: ['CRITICAL', 'OK'], lost: [1, 2] },
  ],
  inhibit: [{ id: 'cpu/a', made: ['CRITICAL', 'CRITICAL', 'OK'] }],
  aggregate: [
    { id: 'agg', made: ['CRITICAL', '', 'CRITICAL', 'OK', 'CRITICAL'] },
    { id: 'agg', made: ['CRITICAL', '', 'CRITICAL', 'CRITICAL'], lost: [3] },
  ],
  krestart: [
    { id: 'cpu/a', made: ['CRITICAL', '', '', '', '', '', 'OK'] },
    { id: 'cpu/a', made: ['CRITICAL', '', '', 'OK'], lost: [1, 4, 5] },
  ],
  duration: [{ id: 'cpu/a', made: ['CRITICAL', '', 'CRITICAL', ''] }],
  reminder: [
    { id: 'disk/a', made: ['CRITICAL', '', '', 'OK'] },
    { id: 'disk/a', made: ['CRITICAL', 'CRITICAL', 'CRITICAL', 'OK'], repeatInterval: seconds(3600) },
  ],
  batch: [{ id: 'w/a', made: ['CRITICAL', '', '', '', '', '', '', 'OK'] }],
}

test('every recorded course is looked at', t => {
  t.deepEqual([...new Set(recorded.map(({ course }) => course))].sort(), Object.keys(COURSES).sort())
})

for (const [course, expected] of Object.entries(COURSES))
  for (const version of ['1.5.9', '1.8.3'])
    for (const { id, made, lost = [], repeatInterval } of expected)
      for (const restarts of [false, true])
        test(`${course} of ${version}, without ${lost.join() || 'none'}${repeatInterval ? ', with reminders' : ''}${restarts ? ', restarted before each' : ''}`, t => {
          const stored = new FoldedChanges()
          let book = new Book()
          const policy = {
            ...{ endpoint: 'default', minLevel: Level.info, retriggerOnRise: true },
            ...(repeatInterval !== undefined && { postRepeatInterval: repeatInterval }),
          }
          const posts = recorded
            .filter(one => one.course === course && one.version === version && one.body.id === id)
            .filter((_, index) => !lost.includes(index))
          const events = posts.map(({ body }) => {
            const { alert } = alertFromJson({ text: JSON.stringify(body), isCut: false }, 0n)
            const { changes } = judgePost(alert, { book, policy, at: 0 })
            for (const one of changes) stored.take(one.changes)
            const known = book.posts({ endpoint: 'default', id })
            // As the sidecar writes it down before it stops.
            if (known?.posted)
              stored.take([
                { change: 'repeated', opening: known.incident.opening, alertTime: known.posted.newest },
              ])
            if (restarts) book = new Book(structuredClone(stored.stored()), stored.lastOpening)
            return changes.flatMap(({ event }) => event?.level ?? []).join(' ')
          })
          t.deepEqual(events, made)
        })
