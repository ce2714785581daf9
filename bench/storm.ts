// Ten thousand incidents at once, and a receiver that takes 50 ms for each.
import { startSidecar } from './agents.ts'
import { figuresOf, type Scenario } from './figures.ts'
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
      const of = figuresOf('storm')
      return [
        of('deliveries a second', perSecond, '', { atLeast: 250 }),
        of('connections used', receiver.connections, '', { atMost: 16 }),
        of('incidents delivered', receiver.arrivals.size, '', { atLeast: INCIDENTS }),
      ]
    } finally {
      await agent.end()
      receiver.close()
    }
  },
}
