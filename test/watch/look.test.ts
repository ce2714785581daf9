// What counts as trouble, in which words, and of what nobody can tell.
import test from 'ava'
import { Level } from '../../src/incident/level.ts'
import { type Facts, look } from '../../src/watch/look.ts'
import { endpoint, facts, refused } from './facts.ts'

const textsOf = (more: Partial<Facts>): string[] => look(facts(more)).troubles.map(({ text }) => text)

test('nothing is wrong with a sidecar that works, or whose rate is used up', t => {
  t.deepEqual(textsOf({}), [])
  t.deepEqual(textsOf({ endpoints: [endpoint('up'), endpoint('limited', { pending: 7 })] }), [])
  t.deepEqual(textsOf({ endpoints: [endpoint('removed', { pending: 0 })] }), [])
})

test('an endpoint that takes nothing is told with its last answer and what can be done about it', t => {
  const [trouble] = look(
    facts({ endpoints: [endpoint('blocked', { pending: 2 })], adviceFor: ({ status }) => `see ${status}` }),
  ).troubles
  t.deepEqual(trouble, {
    ...{ cause: 'endpoint', name: 'ops', level: Level.critical, cure: 'see 404' },
    text: 'endpoint ops is blocked, and 2 events wait; its last answer was: 404 Not Found',
  })
  t.deepEqual(textsOf({ endpoints: [endpoint('failing', { text: null })] }), [
    'endpoint ops is failing, and 1 event waits',
  ])
  t.deepEqual(textsOf({ endpoints: [endpoint('removed', { pending: 3 })] }), [
    'endpoint ops is not configured, and 3 events wait for it',
  ])
})

test('dead letters are critical where a CRITICAL trigger is among them', t => {
  const letters = { count: 2, isMore: false, hasCritical: false, newest: 9, incidents: ['cpu:a', 'cpu:b'] }
  const [warning] = look(facts({ deadLetters: letters })).troubles
  t.like(warning, { level: Level.warning, extent: 9 })
  t.is(warning?.text, '2 events were refused for good, the newest of cpu:a, cpu:b')
  const [critical] = look(facts({ deadLetters: { ...letters, isMore: true, hasCritical: true } })).troubles
  t.is(critical?.level, Level.critical)
  t.regex(critical?.text ?? '', /^more than 2 events/)
})

test('a store that is not durable warns; one that holds everything up is critical', t => {
  const levelOf = (isVolatile: boolean) =>
    look(facts({ store: { isVolatile, reason: 'full' } })).troubles.map(({ level }) => level)
  t.deepEqual(levelOf(true), [Level.warning])
  t.deepEqual(levelOf(false), [Level.critical])
})

test('tasks that do not run are told with the reason, those that somebody disabled are not', t => {
  t.deepEqual(textsOf(refused('cpu')), ['the script of task cpu was refused: option crit: no such field'])
  const tasks = ['waiting', 'queued', 'reviving', 'alive', 'disabled', 'gone'].map(state => ({
    ...{ task: state, state },
  }))
  t.deepEqual(textsOf({ kapacitor: { isReachable: true, tasks } }), [
    'task waiting is enabled and not connected (waiting)',
    'task queued is enabled and not connected (queued)',
    'task reviving is enabled and not connected (reviving)',
  ])
  t.deepEqual(textsOf({ kapacitor: { isReachable: false, tasks } }), [], 'what was listed may be old')
})

test('a task without levels is told once, however many nodes it has', t => {
  const node = { task: 'cpu', points: 3, withoutLevels: true }
  const troubles = look(
    facts({ nodes: [node, node, { task: 'mem', points: 1, withoutLevels: false }] }),
  ).troubles
  t.deepEqual(
    troubles.map(({ name, level }) => [name, level]),
    [['cpu', Level.warning]],
  )
})

for (const [what, subject, more, isUnknown] of [
  [
    'an endpoint that was asked nothing since the start',
    'endpoint',
    { endpoints: [endpoint('up', { pending: 1, text: null })] },
    true,
  ],
  ['an endpoint for which nothing waits', 'endpoint', { endpoints: [endpoint('up', { text: null })] }, false],
  ['an endpoint that is no more', 'endpoint', {}, false],
  ['dead letters that cannot be read', 'dead-letters', { deadLetters: undefined }, true],
  [
    'a task, while Kapacitor has not answered yet',
    'not-revived',
    { kapacitor: { isReachable: undefined, tasks: [] } },
    true,
  ],
  ['a task that is not listed any more', 'not-revived', {}, false],
  [
    'levels of a task that has sent nothing yet',
    'without-levels',
    {
      nodes: [{ task: 'ops', points: 0, withoutLevels: false }],
      kapacitor: { isReachable: true, tasks: [{ task: 'ops', state: 'alive' }] },
    },
    true,
  ],
  [
    'levels of a task that is about to connect',
    'without-levels',
    { kapacitor: { isReachable: true, tasks: [{ task: 'ops', state: 'waiting' }] } },
    true,
  ],
  [
    'levels of a task that sends some',
    'without-levels',
    { nodes: [{ task: 'ops', points: 1, withoutLevels: false }] },
    false,
  ],
  [
    'levels of a task that is disabled',
    'without-levels',
    { kapacitor: { isReachable: true, tasks: [{ task: 'ops', state: 'disabled' }] } },
    false,
  ],
  ['levels of a task that is gone', 'without-levels', {}, false],
] as const satisfies readonly (readonly [string, string, Partial<Facts>, boolean])[])
  test(`whether it is over: ${what} is ${isUnknown ? 'unknown' : 'known'}`, t => {
    t.is(look(facts(more)).isUnknown({ cause: subject, name: 'ops' }), isUnknown)
  })
