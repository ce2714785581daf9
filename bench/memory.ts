// What memory grows by: a million series that are all OK, and a hundred thousand incidents that are open.
import { setTimeout as pause } from 'node:timers/promises'
import { type Agent, startSidecar } from './agents.ts'
import { type Figure, figuresOf, type Scenario } from './figures.ts'
import { KapacitorEnd } from './kapacitor-end.ts'
import { blocks } from './points.ts'
import { Receiver } from './receiver.ts'

const MIB = 1024 * 1024
const SERIES = 1_000_000
const OPEN = 100_000
const AT_ONCE = 50_000

export const memory: Scenario = {
  name: 'memory',
  about: '1,000,000 series that are OK; 100,000 open incidents',
  run: async () => [...(await series()), ...(await openIncidents())],
}

/** What the process holds more than before, as it is and after a collection of garbage. */
async function grown(what: string, agent: Agent, before: number, atMost: number): Promise<Figure[]> {
  const of = figuresOf('memory')
  const more = (): number => (agent.residentBytes() - before) / MIB
  const asItIs = of(`${what}, as it is`, more(), 'MiB')
  await collected(agent)
  return [asItIs, of(what, more(), 'MiB', { atMost })]
}

async function series(): Promise<Figure[]> {
  const agent = await startSidecar({ collects: true })
  try {
    const end = await KapacitorEnd.connect(agent.stream, 'bench')
    await warm(end)
    await collected(agent)
    const before = agent.residentBytes()
    for (let from = 0; from < SERIES; from += AT_ONCE)
      await end.feed(blocks(AT_ONCE, SERIES, { level: 'OK' }, from), 1)
    return await grown(`${SERIES.toLocaleString('en')} series`, agent, before, 30)
  } finally {
    await agent.end()
  }
}

async function openIncidents(): Promise<Figure[]> {
  const receiver = await Receiver.listen()
  const agent = await startSidecar({ url: receiver.url, endpoint: 'concurrency = 64', collects: true })
  try {
    const end = await KapacitorEnd.connect(agent.stream, 'bench')
    await warm(end)
    await collected(agent)
    const before = agent.residentBytes()
    for (let from = 0; from < OPEN; from += AT_ONCE / 10) {
      await end.feed(blocks(AT_ONCE / 10, OPEN, { level: 'CRITICAL' }, from), 1)
      await receiver.received(from + AT_ONCE / 10)
    }
    return await grown(`${OPEN.toLocaleString('en')} open incidents`, agent, before, 150)
  } finally {
    await agent.end()
    receiver.close()
  }
}

/** So that what every run needs is there already. */
const warm = (end: KapacitorEnd): Promise<void> => end.feed(blocks(10_000, 100, { level: 'OK' }), 10)

/** Resolves when memory has stopped to shrink. */
async function collected(agent: Agent): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; agent.residentBytes() < before; ) {
    before = agent.residentBytes()
    agent.collect()
    await pause(1000)
  }
}
