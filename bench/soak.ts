// 200,000 points a second on 20 connections for a minute: keepalives are answered, and nothing grows.
import { startSidecar } from './agents.ts'
import { figuresOf, quantile, type Scenario } from './figures.ts'
import { KapacitorEnd } from './kapacitor-end.ts'
import { blocks } from './points.ts'

const CONNECTIONS = 20
const SECONDS = 60
const EVERY_MS = 20
/** On each connection, each time. */
const POINTS = (200_000 * EVERY_MS) / 1000 / CONNECTIONS
const MIB = 1024 * 1024

export const soak: Scenario = {
  name: 'soak',
  about: '200,000 points a second on 20 connections for 60 s',
  async run() {
    const agent = await startSidecar()
    const names = Array.from({ length: CONNECTIONS }, (_, n) => `task${n}`)
    const ends = await Promise.all(names.map(task => KapacitorEnd.connect(agent.stream, task)))
    const block = Buffer.concat(blocks(POINTS, 100, { level: 'OK' }))
    let fed = 0
    const traffic = setInterval(() => {
      for (const end of ends) end.write(block)
      fed += POINTS * CONNECTIONS
    }, EVERY_MS)
    try {
      const took: number[] = []
      const resident: number[] = []
      const [began, cpu] = [performance.now(), agent.cpuSeconds()]
      for (let n = 0; performance.now() - began < SECONDS * 1000; n++) {
        took.push(await ends[n % CONNECTIONS]!.answeredKeepalive())
        resident.push(agent.residentBytes())
        await new Promise(resolve => setTimeout(resolve, 100))
      }
      const seconds = (performance.now() - began) / 1000
      const third = Math.floor(resident.length / 3)
      const of = figuresOf('soak')
      const grown = quantile(resident.slice(-third), 0.5) - quantile(resident.slice(third, 2 * third), 0.5)
      return [
        of('points a second', fed / seconds, '', { atLeast: 190_000 }),
        of('CPU of one core', ((agent.cpuSeconds() - cpu) / seconds) * 100, '%'),
        of('keepalive p99', quantile(took, 0.99), 'ms', { atMost: 50 }),
        of('growth, second third to last', grown / MIB, 'MiB', { atMost: 10 }),
      ]
    } finally {
      clearInterval(traffic)
      await agent.end()
    }
  },
}
