// The newest happenings: bounded whatever comes, filtered, paused.
import test from 'ava'
import { type Filter, KEPT, lineOf, Stream } from '../../src/page/stream.ts'
import type { Happening } from '../../src/telemetry/feed.ts'

const AT = '2026-05-28T12:00:00.000Z'
const ALL: Filter = { kind: 'all', text: '' }

const happening = (number: number, event: string, fields: Partial<Happening> = {}): Happening => ({
  ...{ number, at: AT, severity: 'info', event, text: `${event} it`, ...fields },
})

const events = (stream: Stream, filter: Filter = ALL): string[] =>
  stream.shown(filter, 10).entries.map(({ event }) => event)

test('the newest come first, no more than are wanted, and the rest is counted', t => {
  const stream = new Stream()
  for (const [number, event] of ['one', 'two', 'three'].entries()) stream.add(happening(number, event))
  const { entries, matching } = stream.shown(ALL, 2)
  t.deepEqual(
    entries.map(({ event }) => event),
    ['three', 'two'],
  )
  t.is(matching, 3)
})

test('no more are kept than so many, and none is longer than so much', t => {
  const stream = new Stream()
  for (let number = 0; number < 10 * KEPT; number++)
    stream.add(happening(number, 'flood', { text: 'x'.repeat(5000) }))
  const { entries, matching } = stream.shown(ALL, 20_000)
  t.true(matching <= 1.5 * KEPT)
  t.true(matching >= KEPT)
  t.true(entries.every(({ text }) => text.length <= 601))
  t.is(entries[0]!.key, `0.${10 * KEPT - 1}`)
})

test('it is filtered by kind, and by what stands in any of its fields, in any case', t => {
  const stream = new Stream()
  stream.add(happening(1, 'trigger', { incident: 'cpu/A', incidentLevel: 'CRITICAL', task: 'cpu' }))
  stream.add(happening(2, 'retrying', { incident: 'cpu/A', severity: 'warn', endpoint: 'storage' }))
  stream.add(happening(3, 'node-started', { task: 'Disk' }))
  t.deepEqual(events(stream, { kind: 'events', text: '' }), ['trigger'])
  t.deepEqual(events(stream, { kind: 'deliveries', text: '' }), ['retrying'])
  t.deepEqual(events(stream, { kind: 'tasks', text: '' }), ['node-started'])
  t.deepEqual(events(stream, { kind: 'trouble', text: '' }), ['retrying'])
  t.deepEqual(events(stream, { kind: 'all', text: ' CPU/a ' }), ['retrying', 'trigger'])
  t.deepEqual(events(stream, { kind: 'all', text: 'critical' }), ['trigger'])
  t.deepEqual(events(stream, { kind: 'all', text: 'disk' }), ['node-started'])
})

test('while it is paused what is shown stays, and what comes is counted', t => {
  const stream = new Stream()
  stream.add(happening(1, 'before'))
  stream.pause()
  for (let number = 2; number < 3 * KEPT; number++) stream.add(happening(number, 'meanwhile'))
  t.deepEqual(events(stream), ['before'])
  t.is(stream.unseen, 3 * KEPT - 2)
  stream.goOn()
  t.is(events(stream)[0], 'meanwhile')
  stream.pause()
  t.is(stream.unseen, 0)
})

test('numbers that begin anew are other lines', t => {
  const stream = new Stream()
  stream.add(happening(1, 'old'))
  stream.newProcess()
  stream.note(AT, 'the sidecar has started anew')
  stream.add(happening(1, 'new'))
  const { entries } = stream.shown(ALL, 10)
  t.is(new Set(entries.map(({ key }) => key)).size, 3)
  t.deepEqual(events(stream), ['new', 'page', 'old'])
})

test('a line that is copied is one line', t => {
  const stream = new Stream()
  stream.add(happening(1, 'trigger', { text: 'a\nb', message: 'c\td' }))
  t.is(lineOf(stream.shown(ALL, 1).entries[0]!), `${AT}\tinfo\ttrigger\ta b: c d`)
})
