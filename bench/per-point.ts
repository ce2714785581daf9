// CPU of the agent for each point, on one connection: absorbing, passing through, and with conditions in the node;
// each as a ratio to the protobufjs agent in the same run. All take turns, so that what else the machine does falls
// on all alike. Figures without a bar are those that flatter less.
import { type Agent, startProtobufAgent, startSidecar } from './agents.ts'
import { Course } from './course.ts'
import { type Figure, figuresOf, type Scenario } from './figures.ts'
import { Receiver } from './receiver.ts'

const RUNS = 5
/** Of the points in one run: the one takes ten times as long as the other. */
const TIMES = { protobufjs: 10, sidecar: 40 }

const text = (name: string, stringValue: string) => ({ name, values: [{ type: 'STRING', stringValue }] })

interface Kind {
  readonly options?: readonly object[]
  readonly level?: string
  readonly hasOpen?: true
  readonly atLeast?: number
}

const CONDITIONS = [text('warn', '"usage_user" > 70 AND "host" != \'x\''), text('crit', '"usage_user" > 90')]
const KINDS: Readonly<Record<string, Kind>> = {
  absorbing: { level: 'OK', atLeast: 8 },
  'an incident open': { level: 'OK', hasOpen: true },
  'passing through': { options: [{ name: 'passThrough', values: [] }], level: 'OK', atLeast: 7 },
  'two conditions': { options: CONDITIONS, atLeast: 5 },
}

export const perPoint: Scenario = {
  name: 'per-point',
  about: 'CPU for each point: absorbing, passing through, two conditions; against protobufjs',
  async run() {
    const receiver = await Receiver.listen()
    const agents = {
      returning: await startProtobufAgent(),
      decoding: await startProtobufAgent('decoding'),
      sidecar: await startSidecar({ url: receiver.url }),
    }
    try {
      return await compare(agents)
    } finally {
      for (const agent of Object.values(agents)) await agent.end()
      receiver.close()
    }
  },
}

type Agents = Readonly<Record<'returning' | 'decoding' | 'sidecar', Agent>>

async function compare({ returning, decoding, sidecar }: Agents): Promise<Figure[]> {
  const theirs = { task: 'bench', level: 'OK', times: TIMES.protobufjs }
  const base = await Course.open(returning, theirs)
  const decode = await Course.open(decoding, theirs)
  const kinds = new Map<string, Course>()
  for (const [task, { atLeast: _, ...kind }] of Object.entries(KINDS))
    kinds.set(task, await Course.open(sidecar, { task, ...kind, times: TIMES.sidecar }))
  for (let run = 0; run < RUNS; run++)
    for (const course of [base, decode, ...kinds.values()]) await course.run()
  const absorbing = kinds.get('absorbing')!
  for (let run = 0; run < RUNS; run++) for (const course of [decode, absorbing]) await course.runPiecemeal()
  return [
    of('protobufjs agent, returning', base.least.cpu, 'µs'),
    of('protobufjs agent, only decoding', decode.least.cpu, 'µs'),
    ...[...kinds].flatMap(([kind, course]) => figuresOfKind(kind, course, base.least.cpu)),
    of('absorbing, only decoding / sidecar', decode.least.cpu / absorbing.least.cpu, 'times'),
    of('two small writes a point, absorbing', absorbing.leastPiecemeal.cpu, 'µs'),
    of(
      'the same, only decoding / sidecar',
      decode.leastPiecemeal.cpu / absorbing.leastPiecemeal.cpu,
      'times',
    ),
  ]
}

const of = figuresOf('per-point')

function figuresOfKind(kind: string, { least: { cpu, perSecond } }: Course, base: number): Figure[] {
  const { atLeast } = KINDS[kind]!
  return [
    of(kind, cpu, 'µs'),
    of(`${kind}, points a second`, perSecond, ''),
    of(`${kind}, protobufjs / sidecar`, base / cpu, 'times', atLeast === undefined ? undefined : { atLeast }),
  ]
}
