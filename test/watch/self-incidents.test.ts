// Incidents about the sidecar itself: when they are told and when they are over, over restarts and moves. Time is what a
// look is told of it.
import test from 'ava'
import { Book } from '../../src/incident/book.ts'
import type { Change, EndpointPolicy } from '../../src/incident/judgement.ts'
import { Level } from '../../src/incident/level.ts'
import type { Facts } from '../../src/watch/look.ts'
import { SelfIncidents } from '../../src/watch/self-incidents.ts'
import { FoldedChanges } from '../incident/folded-changes.ts'
import { endpoint, facts, refused } from './facts.ts'

const MINUTE = 60_000
const STEP = 10_000
const POLICY: EndpointPolicy = { endpoint: 'default', minLevel: Level.info, retriggerOnRise: true }
const DOWN = facts({ endpoints: [endpoint('blocked')] })
const FINE = facts({ endpoints: [endpoint('up')] })
const ID = 'kapacitor-squadcast/here/endpoint/ops'

class Scene {
  readonly told: string[] = []
  readonly messages: string[] = []
  readonly details: (string | undefined)[] = []
  readonly folded = new FoldedChanges()
  policy: EndpointPolicy | undefined = POLICY
  host = 'here'
  book = new Book()
  #at = Date.UTC(2026, 0, 1)
  #incidents = new SelfIncidents(this.book, this.host)

  /** Looks every ten seconds. */
  pass(ms: number, seen: Facts): void {
    for (let left = ms; left > 0; left -= STEP) {
      this.#at += STEP
      const moment = { elapsedMs: STEP, at: this.#at, time: BigInt(this.#at) * 1_000_000n }
      for (const change of this.#incidents.look(seen, this.policy, moment)) this.#take(change)
    }
  }

  restart(began: readonly { endpoint: string; agoMs: number }[] = []): void {
    this.book = new Book(this.folded.stored(), this.folded.lastOpening)
    this.#incidents = new SelfIncidents(this.book, this.host, began)
  }

  get open(): number {
    return this.#incidents.open
  }

  #take({ changes, event, endpoint: to }: Change): void {
    this.folded.take(changes)
    if (!event) return
    this.told.push(`${event.kind} ${to} ${event.incident} ${event.level}`)
    this.messages.push(event.message)
    this.details.push(event.details)
  }
}

const TRIGGER = `trigger default ${ID} CRITICAL`
const RESOLVE = `resolve default ${ID} OK`

test('what stands for ten minutes is told once, with what to do, and once when it is over', t => {
  const scene = new Scene()
  scene.pass(10 * MINUTE, DOWN)
  t.deepEqual(scene.told, [])
  scene.pass(STEP, DOWN)
  scene.pass(60 * MINUTE, DOWN)
  t.deepEqual(scene.told, [TRIGGER])
  scene.pass(2 * MINUTE - STEP, FINE)
  t.deepEqual(scene.told, [TRIGGER])
  scene.pass(STEP, FINE)
  t.deepEqual(scene.told, [TRIGGER, RESOLVE])
  t.is(scene.messages[1], 'kapacitor-squadcast on here: endpoint ops takes events again')
  t.is(scene.book.size, 0)
})

test('what comes and goes by itself is told to nobody; what never stays away for long is', t => {
  const scene = new Scene()
  for (let round = 0; round < 20; round++) {
    scene.pass(9 * MINUTE, DOWN)
    scene.pass(2 * MINUTE, FINE)
  }
  t.deepEqual(scene.told, [])
  for (let round = 0; round < 20; round++) {
    scene.pass(MINUTE, DOWN)
    scene.pass(MINUTE, FINE)
  }
  t.deepEqual(scene.told, [TRIGGER])
})

test('told before a restart: neither told again nor forgotten, and resolved when it is over', t => {
  const scene = new Scene()
  scene.pass(11 * MINUTE, DOWN)
  scene.restart()
  // Nothing was sent yet: nobody can tell.
  scene.pass(30 * MINUTE, facts({ endpoints: [endpoint('up', { pending: 1, text: null })] }))
  scene.pass(30 * MINUTE, DOWN)
  t.deepEqual(scene.told, [TRIGGER])
  scene.restart()
  scene.pass(3 * MINUTE, FINE)
  t.deepEqual(scene.told, [TRIGGER, RESOLVE])
})

test('an outage that began before a restart counts from its beginning', t => {
  const scene = new Scene()
  scene.restart([{ endpoint: 'ops', agoMs: 9 * MINUTE }])
  scene.pass(MINUTE, DOWN)
  t.deepEqual(scene.told, [])
  scene.pass(STEP, DOWN)
  t.deepEqual(scene.told, [TRIGGER])
})

test('another host name has another id, and what was told by the old one is still resolved', t => {
  const scene = new Scene()
  scene.pass(11 * MINUTE, DOWN)
  scene.host = 'there'
  scene.restart()
  scene.pass(3 * MINUTE, FINE)
  scene.pass(11 * MINUTE, DOWN)
  t.deepEqual(scene.told, [TRIGGER, RESOLVE, TRIGGER.replace('/here/', '/there/')])
})

test('thousands of tasks are one incident that names the first and counts the rest, and ends with the last', t => {
  const scene = new Scene()
  const many = Array.from({ length: 3000 }, (_, n) => `task${n}`)
  scene.pass(11 * MINUTE, facts(refused(...many)))
  t.deepEqual(scene.told, ['trigger default kapacitor-squadcast/here/not-revived CRITICAL'])
  t.is(
    scene.messages[0],
    'kapacitor-squadcast on here: 3000 tasks do not run: task0, task1, task2 and 2997 more',
  )
  t.regex(
    scene.details[0] ?? '',
    /^The script of task task0 was refused: .*\n(?:.*\n){9}And 2990 more\.\nMend /,
  )
  t.true((scene.details[0] ?? '').length < 2000)
  scene.restart()
  scene.pass(11 * MINUTE, facts(refused('task7')))
  t.is(scene.told.length, 1)
  scene.pass(10 * MINUTE, facts())
  t.is(scene.told.length, 2)
  t.is(scene.messages[1], 'kapacitor-squadcast on here: all tasks run again')
})

test('another task joins without a word on the same day, and with one on the next', t => {
  const scene = new Scene()
  scene.pass(11 * MINUTE, facts(refused('a')))
  scene.pass(11 * MINUTE, facts(refused('a', 'b')))
  t.is(scene.told.length, 1)
  scene.pass(24 * 60 * MINUTE, facts(refused('a', 'b')))
  t.is(scene.told.length, 1)
  scene.pass(11 * MINUTE, facts(refused('a', 'b', 'c')))
  t.is(scene.told.length, 2)
  t.is(scene.messages[1], 'kapacitor-squadcast on here: 3 tasks do not run: a, b, c')
})

test('dead letters that become critical are told again, more of the same only after a day', t => {
  const scene = new Scene()
  const letters = (newest: number, hasCritical: boolean) =>
    facts({ deadLetters: { count: 1, isMore: false, hasCritical, newest, incidents: ['cpu:a'] } })
  scene.pass(2 * MINUTE, letters(1, false))
  scene.pass(MINUTE, letters(2, false))
  scene.pass(MINUTE, letters(3, true))
  const id = 'kapacitor-squadcast/here/dead-letters'
  t.deepEqual(scene.told, [`trigger default ${id} WARNING`, `trigger default ${id} CRITICAL`])
  scene.pass(25 * 60 * MINUTE, letters(3, true))
  t.is(scene.told.length, 2)
  scene.pass(MINUTE, letters(4, true))
  t.is(scene.told.length, 3)
  scene.pass(2 * MINUTE, facts({ deadLetters: undefined }))
  t.is(scene.told.length, 3, 'a store that cannot be asked says nothing')
  scene.pass(2 * MINUTE, facts())
  t.is(scene.told.at(-1), `resolve default ${id} OK`)
})

test('another endpoint for it: ended at the old one, told at the new one at once if it still stands', t => {
  const scene = new Scene()
  scene.pass(11 * MINUTE, DOWN)
  scene.policy = { ...POLICY, endpoint: 'other' }
  scene.pass(STEP, DOWN)
  t.deepEqual(scene.told, [TRIGGER, RESOLVE, `trigger other ${ID} CRITICAL`])
  t.is(scene.messages[1], 'kapacitor-squadcast on here: no longer told here ([self] of its configuration)')
  scene.policy = undefined
  scene.pass(STEP, DOWN)
  t.is(scene.told.at(-1), `resolve other ${ID} OK`)
  scene.pass(60 * MINUTE, DOWN)
  t.is(scene.told.length, 4)
  t.is(scene.open, 0)
})

test('an endpoint that takes only what is critical is not told the rest', t => {
  const scene = new Scene()
  scene.policy = { ...POLICY, minLevel: Level.critical }
  scene.pass(60 * MINUTE, facts({ nodes: [{ task: 'cpu', points: 1, withoutLevels: true }] }))
  t.deepEqual(scene.told, [])
  t.is(scene.book.size, 0)
})

test('resolved by hand it is told no more until it was over', t => {
  const scene = new Scene()
  scene.pass(11 * MINUTE, DOWN)
  scene.folded.take(scene.book.mute('default', ID)!.changes)
  scene.pass(60 * MINUTE, DOWN)
  scene.pass(3 * MINUTE, FINE)
  t.deepEqual(scene.told, [TRIGGER])
  scene.pass(11 * MINUTE, DOWN)
  t.deepEqual(scene.told, [TRIGGER, TRIGGER])
})

test('a group that no version knows is ended', t => {
  const scene = new Scene()
  scene.pass(11 * MINUTE, DOWN)
  const open = scene.folded.stored()
  const renamed = open.map(incident => ({
    ...incident,
    contributors: incident.contributors.map(one => ({ ...one, group: 'weather/rain' })),
  }))
  scene.book = new Book(renamed)
  const moment = { elapsedMs: STEP, at: 1, time: 1n }
  const [change] = new SelfIncidents(scene.book, 'here').look(FINE, POLICY, moment)
  t.is(change?.event?.kind, 'resolve')
})
