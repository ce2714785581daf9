// What makes an incident open, tell again and close: each sentence of the design, with points of one or more
// groups, nodes and tasks. That the same holds for any sequence is for book-properties.test.ts.
import test from 'ava'
import { Book } from '../../src/incident/book.ts'
import { Level, levelName } from '../../src/incident/level.ts'
import type { Decision, Observation } from '../../src/incident/observation.ts'
import { ALPHA, observe, story } from './stories.ts'

const { ok, info, warning, critical } = Level

/** Takes levels one after the other, each of `ALPHA` unless said otherwise. */
const stories = (book: Book, ...steps: (readonly [Level, Partial<Observation>?])[]): string[] =>
  steps.map(([level, changed]) => story(observe(book, level, changed)))

const kinds = (decision: Decision | undefined): string[] =>
  (decision?.changes ?? []).map(change =>
    'level' in change ? `${change.change} ${levelName(change.level)}` : change.change,
  )

for (const level of [info, warning, critical]) {
  test(`the first ${levelName(level)} opens the incident and is told`, t => {
    const book = new Book()
    const decision = observe(book, level, { time: 42n })
    t.deepEqual(decision, {
      opening: 1,
      changes: [
        { change: 'open', opening: 1, endpoint: 'default', id: 'disk/alpha', openedTime: 42n },
        {
          change: 'contributor',
          opening: 1,
          task: 'disk',
          node: 'squadcast2',
          group: 'host=alpha',
          level,
        },
        { change: 'told', opening: 1, task: 'disk', level, at: 0 },
      ],
      news: { kind: 'trigger', level, previousLevel: ok, openedTime: 42n },
    })
    t.is(book.levelOf(ALPHA), level)
    t.is(book.size, 1)
  })
}

test('an OK of what is not open changes nothing and is not kept', t => {
  const book = new Book()
  t.is(observe(book, ok), undefined)
  t.is(book.size, 0)
  t.false(book.hasOpen('disk', 'squadcast2'))
  t.is(book.levelOf(ALPHA), ok)
})

test('the same level again changes nothing', t => {
  t.deepEqual(stories(new Book(), [warning], [warning], [warning]), [
    'trigger OK>WARNING',
    'nothing changed',
    'nothing changed',
  ])
})

test('each rise above what was told is told again', t => {
  const book = new Book()
  t.deepEqual(stories(book, [info], [warning]), ['trigger OK>INFO', 'trigger INFO>WARNING'])
  const last = observe(book, critical, { time: 99n })
  t.deepEqual(kinds(last), ['contributor CRITICAL', 'told CRITICAL'])
  t.deepEqual(last?.news, { kind: 'trigger', level: critical, previousLevel: warning, openedTime: 7n })
  t.is(last?.opening, 1)
})

test('a fall changes the state and is no event', t => {
  const book = new Book()
  observe(book, critical)
  const fall = observe(book, info)
  t.is(story(fall), 'no event')
  t.deepEqual(kinds(fall), ['contributor INFO'])
  t.is(book.levelOf(ALPHA), info)
})

test('a rise that was told since the incident opened is no event', t => {
  const book = new Book()
  t.deepEqual(stories(book, [critical], [warning], [critical], [info], [warning]), [
    'trigger OK>CRITICAL',
    'no event',
    'no event',
    'no event',
    'no event',
  ])
})

test('a fall to OK resolves, with the level before it, and leaves nothing behind', t => {
  const book = new Book()
  stories(book, [critical], [warning])
  const resolve = observe(book, ok, { time: 1_000n })
  t.deepEqual(kinds(resolve), ['contributor OK', 'close'])
  t.deepEqual(resolve?.news, { kind: 'resolve', level: ok, previousLevel: warning, openedTime: 7n })
  t.is(book.size, 0)
  t.deepEqual([...book.incidents()], [])
  t.false(book.hasOpen('disk', 'squadcast2'))
})

test('an incident that opens again has another opening and tells from the start', t => {
  const book = new Book()
  stories(book, [critical], [ok])
  const again = observe(book, info, { time: 50n })
  t.is(story(again), 'trigger OK>INFO')
  t.is(again?.opening, 2)
  t.is(again?.news?.openedTime, 50n)
  t.is(story(observe(book, critical)), 'trigger INFO>CRITICAL')
})

const BETA: Partial<Observation> = { group: 'host=beta' }

test('several groups with one id are one incident, which resolves only when all have recovered', t => {
  t.deepEqual(stories(new Book(), [critical], [warning, BETA], [ok], [ok, BETA]), [
    'trigger OK>CRITICAL',
    'no event',
    'no event',
    'resolve WARNING>OK',
  ])
})

test("a group tells when it lifts the task's highest level, not when it only lifts its own", t => {
  t.deepEqual(stories(new Book(), [warning], [info, BETA], [warning, BETA], [critical, BETA]), [
    'trigger OK>WARNING',
    'no event',
    'no event',
    'trigger WARNING>CRITICAL',
  ])
})

test("previousLevel is the task's highest before the point, whichever group held it", t => {
  const book = new Book()
  stories(book, [warning], [info, BETA])
  t.is(story(observe(book, critical, { group: 'host=gamma' })), 'trigger WARNING>CRITICAL')
})

test('two nodes of one task speak for the task together', t => {
  const other = { node: 'squadcast5' }
  const book = new Book()
  t.deepEqual(stories(book, [critical], [critical, other], [ok], [ok, other]), [
    'trigger OK>CRITICAL',
    'no event',
    'no event',
    'resolve CRITICAL>OK',
  ])
})

const MEMORY: Partial<Observation> = { task: 'memory', node: 'squadcast3' }

test('a second task with the same id is told too, with its own levels', t => {
  t.deepEqual(stories(new Book(), [critical], [info, MEMORY], [warning, MEMORY], [warning]), [
    'trigger OK>CRITICAL',
    'trigger OK>INFO',
    'trigger INFO>WARNING',
    'no event',
  ])
})

test('one resolve closes what two tasks told, with the last level of the task that held out', t => {
  t.deepEqual(stories(new Book(), [critical], [info, MEMORY], [ok], [ok, MEMORY]), [
    'trigger OK>CRITICAL',
    'trigger OK>INFO',
    'no event',
    'resolve INFO>OK',
  ])
})

test('a task that recovered while another holds the incident open has told its levels already', t => {
  const book = new Book()
  stories(book, [warning], [warning, MEMORY], [ok])
  t.deepEqual(stories(book, [warning], [critical]), ['no event', 'trigger WARNING>CRITICAL'])
})

test('one id on two endpoints is two incidents', t => {
  const book = new Book()
  t.deepEqual(stories(book, [critical], [critical, { endpoint: 'database-team' }], [ok]), [
    'trigger OK>CRITICAL',
    'trigger OK>CRITICAL',
    'resolve CRITICAL>OK',
  ])
  t.is(book.size, 1)
})

test('two ids of one group are two incidents', t => {
  const book = new Book()
  t.deepEqual(stories(book, [critical], [warning, { id: 'disk/alpha/var' }], [ok]), [
    'trigger OK>CRITICAL',
    'trigger OK>WARNING',
    'resolve CRITICAL>OK',
  ])
  t.is(book.levelOf({ ...ALPHA, id: 'disk/alpha/var' }), warning)
})

test('noRecoveries closes without a word', t => {
  const book = new Book()
  const silent = { noRecoveries: true }
  observe(book, critical, silent)
  const closed = observe(book, ok, silent)
  t.is(story(closed), 'no event')
  t.deepEqual(kinds(closed), ['contributor OK', 'close'])
  t.is(book.size, 0)
  t.is(story(observe(book, critical, silent)), 'trigger OK>CRITICAL')
})

test('without retrigger on rise only the first trigger of an incident is told, whichever task it is', t => {
  const once = { retriggerOnRise: false }
  const book = new Book()
  t.deepEqual(
    stories(
      book,
      [info, once],
      [critical, once],
      [critical, { ...MEMORY, ...once }],
      [ok, once],
      [ok, { ...MEMORY, ...once }],
    ),
    ['trigger OK>INFO', 'no event', 'no event', 'no event', 'resolve CRITICAL>OK'],
  )
  t.is(story(observe(book, warning, once)), 'trigger OK>WARNING')
})

test('a rise that was withheld is told once the endpoint allows it', t => {
  const book = new Book()
  stories(book, [info, { retriggerOnRise: false }], [critical, { retriggerOnRise: false }])
  t.deepEqual(stories(book, [critical], [critical]), ['trigger CRITICAL>CRITICAL', 'nothing changed'])
})
