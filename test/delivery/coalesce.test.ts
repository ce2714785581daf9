import test from 'ava'
import { coalesce } from '../../src/delivery/coalesce.ts'
import type { PendingEvent } from '../../src/delivery/ledger.ts'
import { Level } from '../../src/incident/level.ts'
import { pending } from './pending.ts'

/** `T1` is a trigger and `R1` a resolve of opening 1; seqs are places in the list. */
function lane(text: string, given: Record<number, Partial<PendingEvent>> = {}): PendingEvent[] {
  return text.split(' ').map((name, seq) =>
    pending({
      seq,
      opening: Number(name.slice(1)),
      kind: name.startsWith('T') ? 'trigger' : 'resolve',
      ...given[seq],
    }),
  )
}

const received = { openingReceived: true }
const uncertain = { certain: false }

interface Row {
  readonly name: string
  readonly lane: PendingEvent[]
  readonly inFlight?: PendingEvent
  /** [seq, by] */
  readonly dropped: [number, number][]
}

const table: Row[] = [
  { name: 'an empty lane loses nothing', lane: [], dropped: [] },
  {
    name: 'a later trigger replaces an earlier one',
    lane: lane('T1 T1 T1'),
    dropped: [
      [0, 1],
      [1, 2],
    ],
  },
  {
    name: 'a resolve takes its opening and itself away',
    lane: lane('T1 T1 R1'),
    dropped: [
      [0, 1],
      [1, 2],
      [2, 2],
    ],
  },
  {
    name: 'a trigger that may have been received stays, and so does the resolve',
    lane: lane('T1 R1', { 0: uncertain }),
    dropped: [],
  },
  {
    name: 'triggers of an opening that may have been received give way to the resolve, which stays',
    lane: lane('T1 R1', { 0: received, 1: received }),
    dropped: [[0, 1]],
  },
  {
    name: 'it is enough that the resolve knows that the opening was received',
    lane: lane('T1 R1', { 1: received }),
    dropped: [[0, 1]],
  },
  {
    name: 'a trigger under way keeps the resolve, and the triggers behind it give way',
    lane: lane('T1 R1'),
    inFlight: pending({ seq: 9 }),
    dropped: [[0, 1]],
  },
  { name: 'a resolve alone stays', lane: lane('R1'), dropped: [] },
  { name: 'resolves do not replace one another', lane: lane('R1 R2 R3'), dropped: [] },
  {
    name: 'a resolve that may have been received stays',
    lane: lane('T1 R1', { 1: uncertain }),
    dropped: [[0, 1]],
  },
  {
    name: 'openings do not replace one another, but each may vanish',
    lane: lane('R1 T2 R2 T3 R3 T4'),
    dropped: [
      [1, 2],
      [2, 2],
      [3, 4],
      [4, 4],
    ],
  },
  { name: 'triggers of different openings all stay', lane: lane('T1 T2 T3'), dropped: [] },
  {
    name: 'a resolve stays when another opening stands open before it',
    lane: lane('T1 T2 R2'),
    dropped: [[1, 2]],
  },
  {
    name: 'a resolve stays when the trigger under way belongs to another opening',
    lane: lane('T2 R2'),
    inFlight: pending({ seq: 9, opening: 1 }),
    dropped: [[0, 1]],
  },
  {
    name: 'an opening vanishes behind a resolve under way',
    lane: lane('T2 R2'),
    inFlight: pending({ seq: 9, opening: 1, kind: 'resolve' }),
    dropped: [
      [0, 1],
      [1, 1],
    ],
  },
  {
    name: 'a less severe trigger of the same task is the newer truth',
    lane: lane('T1 T1', { 1: { level: Level.warning } }),
    dropped: [[0, 1]],
  },
  {
    name: 'a less severe trigger of another task does not take the place of a more severe one',
    lane: lane('T1 T1', { 1: { level: Level.warning, task: 'mem_alert' } }),
    dropped: [],
  },
  {
    name: 'a trigger of another task replaces those that are not more severe',
    lane: lane('T1 T1 T1', {
      0: { level: Level.warning },
      1: { level: Level.info, task: 'mem_alert' },
      2: { level: Level.warning, task: 'disk_alert' },
    }),
    dropped: [
      [0, 2],
      [1, 2],
    ],
  },
  {
    name: 'a resolve takes triggers of every severity',
    lane: lane('T1 T1 R1', { 1: { level: Level.info, task: 'mem_alert' } }),
    dropped: [
      [0, 2],
      [1, 2],
      [2, 2],
    ],
  },
]

for (const { name, lane: waiting, inFlight, dropped } of table) {
  test(name, t => {
    const seen = coalesce(waiting, inFlight).map(({ event, by }) => [event.seq, by])
    t.deepEqual(seen, dropped)
  })
}

test('what is left loses nothing more', t => {
  for (const { lane: waiting, inFlight } of table) {
    const gone = new Set(coalesce(waiting, inFlight).map(({ event }) => event))
    const left = waiting.filter(event => !gone.has(event))
    t.deepEqual(coalesce(left, inFlight), [])
  }
})
