// Ten thousand incidents at once, and a receiver that takes 50 ms for each.
import { startSidecar } from './agents.ts'
import type { Scenario } from './figures.ts'
import { KapacitorEnd } from './kapacitor-end.ts'
import { blocks } from './points.ts'
import { Receiver } from './receiver.ts'

const INCIDENTS = 10_000
const ANSWER_AFTER_MS = 50

export const storm: Scenario = {
  name: 'storm',
  about: '10,000 incidents at once, a receiver that takes 50 ms, concurrency 16',
  async run() {
    const receiver = await Receiver.listen(ANSWER_AFTER_MS)
    const agent = await startSidecar({ url: receiver.url, endpoint: 'concurrency = 16' })
    try {
      const end = await KapacitorEnd.connect(agent.stream, 'bench')
      const began = performance.now()
      await end.feed(blocks(INCIDENTS, INCIDENTS, { level: 'CRITICAL' }), 1)
      await receiver.received(INCIDENTS)
      const perSecond = INCIDENTS / ((performance.now() - began) / 1000)
      const figure = (what: string, value: number, unit: string) => ({
        scenario: 'storm',
        figure: what,
        value,
        unit,
      })
      return [
        { ...figure('deliveries a second', perSecond, ''), bar: { atLeast: 250 } },
        { ...figure('connections used', receiver.connections, ''), bar: { atMost: 16 } },
        { ...figure('incidents delivered', receiver.arrivals.size, ''), bar: { atLeast: INCIDENTS } },
      ]
    } finally {
      await agent.end()
      receiver.close()
    }
  },
}
