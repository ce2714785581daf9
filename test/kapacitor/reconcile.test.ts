// What a topic knows against what is open here.
import test from 'ava'
import { Level } from '../../src/incident/level.ts'
import type { Topic } from '../../src/kapacitor/answers.ts'
import {
  type Finding,
  type NodeView,
  type OpenHere,
  Reconciler,
  TOPIC_GROUP,
} from '../../src/kapacitor/reconcile.ts'

const SECOND = 1_000_000_000n

const open = (id: string, rest: Partial<OpenHere> = {}): OpenHere => ({
  ...{ endpoint: 'default', id, group: `host=${id}`, level: Level.critical, opening: 5 },
  ...{ openedTime: 10n * SECOND, ...rest },
})
const view = (incidents: readonly OpenHere[], rest: Partial<NodeView> = {}): NodeView => ({
  ...{ task: 'cpu', node: 'squadcast3', open: incidents, isSettled: true },
  ...{ hasSameIds: true, hearsAll: true, ...rest },
})
/** `a CRITICAL 20`: an id, its level, and the second of its event. */
const topic = (events: Readonly<Record<string, readonly [Level, number]>>, collected = 1): Topic => ({
  collected,
  events: Object.entries(events).map(([id, [level, second]]) => ({
    ...{ id, level, time: BigInt(second) * SECOND, message: `${id} speaks` },
  })),
})

const said = (findings: readonly Finding[]): string[] =>
  findings.map(finding =>
    finding.found === 'level'
      ? `${finding.open ? 'known' : 'new'} ${finding.event.id} ${finding.event.level}`
      : `${finding.found} ${finding.open.id}`,
  )

/** Two looks, ten seconds apart: what is found then. */
function found(reconciler: Reconciler, of: NodeView, known: Topic | undefined): string[] {
  const first = reconciler.look(of, known, 0)
  return [...said(first).map(text => `at once: ${text}`), ...said(reconciler.look(of, known, 10_000))]
}

test('an id that the topic shows as OK since it opened has recovered', t => {
  t.deepEqual(found(new Reconciler(), view([open('a')]), topic({ a: [Level.ok, 20] })), ['recovered a'])
})

test('an OK of before it opened says nothing', t => {
  t.deepEqual(found(new Reconciler(), view([open('a')]), topic({ a: [Level.ok, 9] })), [])
})

test('nothing is found where the topic and the book agree', t => {
  t.deepEqual(
    found(new Reconciler(), view([open('a')]), topic({ a: [Level.critical, 12], b: [Level.ok, 3] })),
    [],
  )
})

test('a level above what is known here is found, and one of an id that is not known at all', t => {
  const known = view([open('a', { level: Level.warning })])
  t.deepEqual(found(new Reconciler(), known, topic({ a: [Level.critical, 12], b: [Level.info, 3] })), [
    'known a 3',
    'new b 1',
  ])
})

test('an id that is not known is not taken where it may be another node’s, or ids differ', t => {
  const events = topic({ b: [Level.critical, 3] })
  t.deepEqual(found(new Reconciler(), view([], { hearsAll: false }), events), [])
  t.deepEqual(found(new Reconciler(), view([], { hasSameIds: false }), events), [])
})

test('an id that is not listed is let be where the memory of the topic may be gone', t => {
  const both = view([open('a'), open('b')])
  t.deepEqual(found(new Reconciler(), both, topic({}, 0)), [])
  t.deepEqual(found(new Reconciler(), both, undefined), [])
  // b came after the topic was opened: it proves nothing of what was before.
  t.deepEqual(found(new Reconciler(), both, topic({ b: [Level.critical, 12] }, 1)), [])
})

test('it has recovered where another incident outlived a start of the topic', t => {
  const both = view([open('a'), open('b')])
  t.deepEqual(found(new Reconciler(), both, topic({ b: [Level.critical, 12] }, 0)), ['recovered a'])
})

test('in a topic that collected more, the very event that opened an incident before it started is a proof', t => {
  const both = [open('a'), open('b')]
  const known = topic({ b: [Level.critical, 10] }, 3)
  t.deepEqual(found(new Reconciler(), view(both, { newestBefore: 5 }), known), ['recovered a'])
  t.deepEqual(found(new Reconciler(), view(both, { newestBefore: 4 }), known), [])
  const later = topic({ b: [Level.critical, 11] }, 3)
  t.deepEqual(found(new Reconciler(), view(both, { newestBefore: 5 }), later), [])
})

test('what outlived a start was not of this opening: it is an old memory', t => {
  const both = view([open('a'), open('b')])
  t.deepEqual(found(new Reconciler(), both, topic({ b: [Level.critical, 8] }, 0)), [])
})

test('after a start of Kapacitor only what opened before the proof has recovered', t => {
  const three = view([open('a'), open('b'), open('c', { openedTime: 15n * SECOND })])
  t.deepEqual(found(new Reconciler(9), three, topic({ b: [Level.critical, 12] }, 0)), ['recovered a'])
})

test('without the same ids a missing one proves nothing', t => {
  const both = view([open('a'), open('b')], { hasSameIds: false })
  t.deepEqual(found(new Reconciler(), both, topic({ b: [Level.critical, 12] }, 0)), [])
})

test('what the topic said before its task was disabled is remembered, until Kapacitor starts', t => {
  const reconciler = new Reconciler()
  reconciler.look(view([open('a')], { isSettled: false }), topic({ a: [Level.ok, 20] }), -60_000)
  t.deepEqual(said(reconciler.look(view([open('a')]), topic({}, 0), 0)), ['recovered a'])
  const another = new Reconciler()
  another.look(view([open('a')], { isSettled: false }), topic({ a: [Level.ok, 20] }), -60_000)
  another.kapacitorStarted(5)
  t.deepEqual(found(another, view([open('a')]), topic({}, 0)), [])
})

test('nothing is done before the node is settled', t => {
  const early = view([open('a')], { isSettled: false })
  t.deepEqual(found(new Reconciler(), early, topic({ a: [Level.ok, 20] })), [])
})

test('what changes between two looks has not stood', t => {
  const reconciler = new Reconciler()
  const one = view([open('a', { level: Level.warning })])
  reconciler.look(one, topic({ a: [Level.critical, 12] }), 0)
  t.deepEqual(reconciler.look(one, topic({ a: [Level.ok, 13] }), 10_000), [])
  t.true(reconciler.isSuspicious('cpu', 'squadcast3'))
  t.deepEqual(reconciler.look(view([]), topic({ a: [Level.ok, 13] }), 20_000), [])
  t.false(reconciler.isSuspicious('cpu', 'squadcast3'))
})

test('what was taken from the topic gives way to the point’s own contributor', t => {
  const both = view([open('a', { group: TOPIC_GROUP }), open('a')])
  t.deepEqual(found(new Reconciler(), both, topic({ a: [Level.critical, 12] })), ['double a'])
})
