import test from 'ava'
import {
  afterChange,
  afterFailure,
  type Cause,
  downBecause,
  type Failure,
  type Standing,
  UP,
} from '../../src/delivery/health.ts'

const failure = (incident: string, given: Partial<Failure> = {}): Failure => ({
  incident,
  cause: 'failing',
  own: false,
  alone: false,
  probe: false,
  now: 0,
  ...given,
})
const longest = () => 0.999_999
const after = (...failures: Failure[]): Standing =>
  failures.reduce<Standing>((standing, one) => afterFailure(standing, one, longest), UP)

const table: {
  readonly name: string
  readonly failures: Failure[]
  readonly ends: Standing['name']
  readonly down?: Cause
}[] = [
  { name: 'one failure raises a doubt', failures: [failure('a')], ends: 'doubted' },
  {
    name: 'one incident that fails again and again stays a doubt',
    failures: [failure('a'), failure('a')],
    ends: 'doubted',
  },
  {
    name: 'the only incident takes the endpoint down',
    failures: [failure('a', { alone: true })],
    ends: 'doubted',
    down: 'failing',
  },
  {
    name: 'an endpoint that is down stays down until an answer says otherwise',
    failures: [failure('a', { alone: true }), failure('a')],
    ends: 'doubted',
    down: 'failing',
  },
  {
    name: 'two incidents in a row shut the gate',
    failures: [failure('a'), failure('b')],
    ends: 'shut',
    down: 'failing',
  },
  {
    name: 'the last answer gives the cause',
    failures: [failure('a'), failure('b', { cause: 'blocked' })],
    ends: 'shut',
    down: 'blocked',
  },
  { name: 'a poisoned incident raises no doubt', failures: [failure('a', { own: true })], ends: 'up' },
  {
    name: 'a poisoned incident does not shut the gate',
    failures: [failure('a'), failure('b', { own: true })],
    ends: 'doubted',
  },
  {
    name: 'two incidents shut the gate with a poisoned one between them',
    failures: [failure('a'), failure('b', { own: true }), failure('c')],
    ends: 'shut',
    down: 'failing',
  },
  {
    name: 'a poisoned incident that is alone takes the endpoint down, and the next one is only a doubt',
    failures: [failure('a', { own: true, alone: true }), failure('b')],
    ends: 'doubted',
    down: 'failing',
  },
]

for (const { name, failures, ends, down } of table) {
  test(name, t => {
    const standing = after(...failures)
    t.is(standing.name, ends)
    t.is<Cause | undefined, Cause | undefined>(downBecause(standing), down)
  })
}

const shut = after(failure('a'), failure('b', { now: 10 }))
const probeAt = (standing: Standing) => (standing.name === 'shut' ? Math.round(standing.probeAt) : undefined)

test('each failed probe puts off the next one, up to a minute', t => {
  let standing = shut
  const moments = [probeAt(standing)]
  for (let probe = 1; probe <= 7; probe += 1) {
    standing = afterFailure(standing, failure('c', { probe: true, now: 0 }), longest)
    moments.push(probeAt(standing))
  }
  t.deepEqual(moments, [1_009, 1_999, 3_999, 7_999, 15_999, 31_999, 59_999, 59_999])
})

test('a blocked endpoint is probed once a minute', t => {
  const blocked = afterFailure(shut, failure('c', { cause: 'blocked', probe: true, now: 500 }), () => 0)
  t.is(probeAt(blocked), 60_500)
})

test('an attempt that comes home after the gate closed does not put off the probe', t => {
  const standing = afterFailure(shut, failure('c', { cause: 'blocked', now: 5_000 }), longest)
  t.is(probeAt(standing), probeAt(shut))
  t.is(downBecause(standing), 'blocked')
})

test('new settings open the gate, but only an answer brings the endpoint up', t => {
  const changed = afterChange(shut)
  t.is(changed.name, 'doubted')
  t.is(downBecause(changed), 'failing')
  t.is(afterFailure(changed, failure('a'), longest).name, 'doubted')
  t.is(afterChange(after(failure('a'))), UP)
})
