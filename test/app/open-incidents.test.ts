// What is open, from the book: searched, limited, with who contributes and what waits.
import test from 'ava'
import { countByLevel, incidentSearch, openIncidents } from '../../src/app/open-incidents.ts'
import type { LaneStatus } from '../../src/delivery/status.ts'
import { Book } from '../../src/incident/book.ts'
import { Level } from '../../src/incident/level.ts'

const T0 = 1_780_000_000_000_000_000n

function book(): Book {
  const made = new Book()
  const say = (id: string, task: string, group: string, level: Level, endpoint = 'default') =>
    made.observe({
      ...{ endpoint, id, task, node: 'squadcast2', group, level, time: T0, at: 1 },
      ...{ noRecoveries: false, retriggerOnRise: true },
    })
  say('cpu/a', 'cpu', 'host=a', Level.critical)
  say('cpu/a', 'cpu', 'host=a,core=1', Level.warning)
  say('cpu/a', 'load', 'host=a', Level.info)
  say('cpu/b', 'cpu', 'host=b', Level.warning)
  say('disk/a', 'Disk', 'host=a', Level.critical, 'storage')
  return made
}

const nothingWaits = (): undefined => undefined
const search = (query = '') => incidentSearch(new URLSearchParams(query))
const ids = (query: string, from = book()): string[] =>
  openIncidents(from.incidents(), search(query), nothingWaits).incidents.map(({ id }) => id)

test('each open incident is told with its level, who contributes, and what was told', t => {
  const { open, matching, incidents } = openIncidents(
    book().incidents(),
    search('search=cpu/a'),
    nothingWaits,
  )
  t.is(open, 3)
  t.is(matching, 1)
  t.deepEqual(incidents, [
    {
      ...{ id: 'cpu/a', endpoint: 'default', opening: 1, level: 'CRITICAL', state: 'open' },
      openedAt: '2026-05-28T20:26:40Z',
      tasks: [
        { task: 'cpu', level: 'CRITICAL', told: 'CRITICAL', groups: 2 },
        { task: 'load', level: 'INFO', told: 'INFO', groups: 1 },
      ],
    },
  ])
})

test('the newest come first, and no more than was asked for', t => {
  t.deepEqual(ids(''), ['disk/a', 'cpu/b', 'cpu/a'])
  t.deepEqual(ids('limit=2'), ['disk/a', 'cpu/b'])
  t.deepEqual(ids('limit=none'), ['disk/a', 'cpu/b', 'cpu/a'])
})

test('it is searched in ids and names of tasks, in any case; by level and by endpoint', t => {
  t.deepEqual(ids('search=DISK'), ['disk/a'])
  t.deepEqual(ids('search=load'), ['cpu/a'])
  t.deepEqual(ids('level=critical'), ['disk/a', 'cpu/a'])
  t.deepEqual(ids('level=WARNING&endpoint=default'), ['cpu/b', 'cpu/a'])
  t.deepEqual(ids('search=nothing'), [])
})

test('what waits of it is told', t => {
  const lane: LaneStatus = { pending: 2, attempts: 3, isUnderWay: false, nextTryAt: 0 }
  const [one] = openIncidents(book().incidents(), search('search=cpu/b'), (endpoint, id) =>
    endpoint === 'default' && id === 'cpu/b' ? lane : undefined,
  ).incidents
  t.deepEqual(one!.delivery, {
    ...{ pending: 2, attempts: 3, underWay: false, nextTryAt: '1970-01-01T00:00:00.000Z' },
  })
})

test('one whose resolve waits is recovering, and counts as OK; one resolved by hand is muted', t => {
  const made = book()
  made.observe({
    ...{
      endpoint: 'default',
      id: 'cpu/b',
      task: 'cpu',
      node: 'squadcast2',
      group: 'host=b',
      level: Level.ok,
    },
    ...{ time: T0, at: 1, noRecoveries: false, retriggerOnRise: true, recoveryDelayMs: 1000 },
  })
  made.mute('storage', 'disk/a')
  const states = openIncidents(made.incidents(), search(), nothingWaits).incidents.map(({ state }) => state)
  t.deepEqual(states, ['muted', 'recovering', 'open'])
  t.deepEqual(countByLevel(made.incidents()), { CRITICAL: 2, WARNING: 0, INFO: 0, OK: 1 })
})
