// What a book forgets after a dead letter, and how it goes on from what a store kept.
import test from 'ava'
import { Book } from '../../src/incident/book.ts'
import { Level } from '../../src/incident/level.ts'
import type { OpenIncident } from '../../src/incident/state-change.ts'
import { ALPHA, observe, story } from './stories.ts'

const { ok, info, warning, critical } = Level

test('after a dead letter the next point of the same level tells again, once', t => {
  const book = new Book()
  const { opening } = observe(book, critical)!
  t.deepEqual(book.untell(opening, 'default', ALPHA.id, 'disk'), {
    change: 'told',
    opening,
    task: 'disk',
    level: ok,
    at: 0,
  })
  const again = observe(book, critical)
  t.is(story(again), 'trigger CRITICAL>CRITICAL')
  t.is(again?.opening, opening)
  t.is(again?.news?.openedTime, 7n)
  t.deepEqual(again?.changes, [{ change: 'told', opening, task: 'disk', level: critical, at: 0 }])
  t.is(story(observe(book, critical)), 'nothing changed')
})

test('after a dead letter a fall tells too, at its level', t => {
  const book = new Book()
  const { opening } = observe(book, critical)!
  book.untell(opening, 'default', ALPHA.id, 'disk')
  t.is(story(observe(book, warning)), 'trigger CRITICAL>WARNING')
})

test('after a dead letter of the only trigger, a point that recovers resolves', t => {
  const book = new Book()
  const { opening } = observe(book, critical)!
  book.untell(opening, 'default', ALPHA.id, 'disk')
  t.is(story(observe(book, ok)), 'resolve CRITICAL>OK')
})

test('a recovery of one group tells what its task still has to tell of another', t => {
  const book = new Book()
  observe(book, critical)
  const { opening } = observe(book, info, { group: 'host=beta' })!
  book.untell(opening, 'default', ALPHA.id, 'disk')
  t.is(story(observe(book, ok, { group: 'host=beta' })), 'trigger CRITICAL>CRITICAL')
})

test('a dead letter of one task leaves what another told', t => {
  const book = new Book()
  const memory = { task: 'memory' }
  const { opening } = observe(book, critical)!
  observe(book, warning, memory)
  book.untell(opening, 'default', ALPHA.id, 'memory')
  t.is(story(observe(book, critical)), 'nothing changed')
  t.is(story(observe(book, warning, memory)), 'trigger WARNING>WARNING')
})

test('a dead letter lets the one trigger be told again where rises are not', t => {
  const once = { retriggerOnRise: false }
  const book = new Book()
  const { opening } = observe(book, info, once)!
  observe(book, critical, once)
  book.untell(opening, 'default', ALPHA.id, 'disk')
  t.is(story(observe(book, critical, once)), 'trigger CRITICAL>CRITICAL')
})

test('a dead letter of an earlier opening says nothing of the present one', t => {
  const book = new Book()
  const { opening: first } = observe(book, critical)!
  observe(book, ok)
  t.is(book.untell(first, 'default', ALPHA.id, 'disk'), undefined)
  observe(book, critical)
  t.is(book.untell(first, 'default', ALPHA.id, 'disk'), undefined)
  t.is(story(observe(book, critical)), 'nothing changed')
})

test('two dead letters of one task are forgotten once', t => {
  const book = new Book()
  observe(book, warning)
  const { opening } = observe(book, critical)!
  t.truthy(book.untell(opening, 'default', ALPHA.id, ALPHA.task))
  t.is(book.untell(opening, 'default', ALPHA.id, ALPHA.task), undefined)
  t.is(story(observe(book, critical)), 'trigger CRITICAL>CRITICAL')
})

test('a dead letter of another endpoint, id or task changes nothing', t => {
  const book = new Book()
  const { opening } = observe(book, critical)!
  t.is(book.untell(opening, 'other', ALPHA.id, 'disk'), undefined)
  t.is(book.untell(opening, 'default', 'disk/beta', 'disk'), undefined)
  t.is(book.untell(opening, 'default', ALPHA.id, 'memory'), undefined)
  t.is(story(observe(book, critical)), 'nothing changed')
})

const stored: OpenIncident = {
  opening: 12,
  endpoint: 'default',
  id: ALPHA.id,
  openedTime: -3n,
  contributors: [
    { task: 'disk', node: 'squadcast2', group: 'host=alpha', level: warning },
    { task: 'disk', node: 'squadcast2', group: 'host=beta', level: info },
    { task: 'memory', node: 'squadcast3', group: 'host=alpha', level: info },
  ],
  told: [
    { task: 'disk', level: critical, at: 0 },
    { task: 'memory', level: info, at: 0 },
  ],
}

test('a restored book knows who is open, and what was told', t => {
  const book = new Book([stored], 20)
  t.is(book.size, 1)
  t.is(book.levelOf(ALPHA), warning)
  t.is(book.levelOf({ ...ALPHA, group: 'host=beta' }), info)
  t.true(book.hasOpen('memory', 'squadcast3'))
  t.false(book.hasOpen('memory', 'squadcast2'))
  t.is(story(observe(book, warning)), 'nothing changed')
  t.is(story(observe(book, critical)), 'no event')
  t.is(story(observe(book, warning, { task: 'memory', node: 'squadcast3' })), 'trigger INFO>WARNING')
})

test('a restored incident resolves when all of its contributors have recovered, old ones too', t => {
  const book = new Book([stored], 20)
  t.is(story(observe(book, ok)), 'no event')
  t.is(story(observe(book, ok, { task: 'memory', node: 'squadcast3' })), 'no event')
  const resolve = observe(book, ok, { group: 'host=beta' })
  t.is(story(resolve), 'resolve INFO>OK')
  t.is(resolve?.opening, 12)
  t.is(resolve?.news?.openedTime, -3n)
})

test('an opening never gets a number that the store has seen', t => {
  const after = (book: Book): number => observe(book, info, { id: 'new' })!.opening
  t.is(after(new Book([], 20)), 21)
  t.is(after(new Book([stored], 20)), 21)
  t.is(after(new Book([stored])), 13)
})

test('a restored incident of which nothing was told tells at its next point', t => {
  const book = new Book([{ ...stored, told: [] }], 12)
  t.is(story(observe(book, warning)), 'trigger WARNING>WARNING')
})
