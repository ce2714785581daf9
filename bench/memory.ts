// What memory grows by: a million series that are all OK, and a hundred thousand incidents that are open.
import { type Agent, startSidecar } from './agents.ts'
import type { Figure, Scenario } from './figures.ts'
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
  run: async () => [
    { ...(await series()), bar: { atMost: 30 } },
    { ...(await openIncidents()), bar: { atMost: 150 } },
  ],
}

const grown = (figure: string, before: number, after: number): Figure => ({
  scenario: 'memory',
  figure,
  value: (after - before) / MIB,
  unit: 'MiB more',
})

async function series(): Promise<Figure> {
  const agent = await startSidecar()
  try {
    const end = await KapacitorEnd.connect(agent.stream, 'bench')
    await warm(end)
    const before = agent.residentBytes()
    for (let from = 0; from < SERIES; from += AT_ONCE)
      await end.feed(blocks(AT_ONCE, SERIES, { level: 'OK' }, from), 1)
    return grown(`${SERIES.toLocaleString('en')} series`, before, agent.residentBytes())
  } finally {
    await agent.end()
  }
}

async function openIncidents(): Promise<Figure> {
  const receiver = await Receiver.listen()
  const agent = await startSidecar({ url: receiver.url, endpoint: 'concurrency = 64' })
  try {
    const end = await KapacitorEnd.connect(agent.stream, 'bench')
    await warm(end)
    const before = agent.residentBytes()
    for (let from = 0; from < OPEN; from += AT_ONCE / 10) {
      await end.feed(blocks(AT_ONCE / 10, OPEN, { level: 'CRITICAL' }, from), 1)
      await receiver.received(from + AT_ONCE / 10)
    }
    return grown(`${OPEN.toLocaleString('en')} incidents open and told`, before, await settled(agent))
  } finally {
    await agent.end()
    receiver.close()
  }
}

/** So that what every run needs is there already. */
const warm = (end: KapacitorEnd): Promise<void> => end.feed(blocks(10_000, 100, { level: 'OK' }), 10)

/** The least of some looks: the collector takes its time. */
async function settled(agent: Agent): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let look = 0; look < 20; look++) {
    await new Promise(resolve => setTimeout(resolve, 250))
    least = Math.min(least, agent.residentBytes())
  }
  return least
}
