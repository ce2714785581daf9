// From the bytes of a point to its request at the receiver, commit included, while 50,000 points a second go by.
import { setTimeout as pause } from 'node:timers/promises'
import { startSidecar } from './agents.ts'
import { figuresOf, quantile, type Scenario } from './figures.ts'
import { KapacitorEnd } from './kapacitor-end.ts'
import { blocks, pointFrame } from './points.ts'
import { Receiver } from './receiver.ts'

const EVENTS = 500
const EVERY_MS = 20
const POINTS_EVERY_10_MS = 500

export const latency: Scenario = {
  name: 'latency',
  about: 'from a point to its request at the receiver, beside 50,000 points a second',
  async run() {
    const receiver = await Receiver.listen()
    const agent = await startSidecar({ url: receiver.url })
    const beside = await KapacitorEnd.connect(agent.stream, 'beside')
    const block = Buffer.concat(blocks(POINTS_EVERY_10_MS, 100, { level: 'OK' }))
    const traffic = setInterval(() => beside.write(block), 10)
    try {
      const end = await KapacitorEnd.connect(agent.stream, 'bench')
      const sent = new Map<string, number>()
      for (let n = 0; n < EVENTS; n++) {
        const host = `event${n}`
        sent.set(`cpu:cpu=cpu-total,host=${host}`, performance.now())
        end.write(pointFrame(host, n, { level: 'CRITICAL' }))
        // Not in step with the traffic: an event comes at any moment.
        await pause(EVERY_MS * (0.5 + Math.random()))
      }
      await receiver.received(EVENTS)
      const took = [...sent].map(([id, at]) => receiver.arrivals.get(id)! - at)
      const of = figuresOf('latency')
      return [
        of('p50', quantile(took, 0.5), 'ms', { atMost: 3 }),
        of('p99', quantile(took, 0.99), 'ms', { atMost: 25 }),
      ]
    } finally {
      clearInterval(traffic)
      await agent.end()
      receiver.close()
    }
  },
}
