// `npm run torture -- --kills 300 --seed 1`: hundreds of crashes under load, and what came of them. Exits with 1 when
// anything was lost, out of order or otherwise not as promised.
import { parseArgs } from 'node:util'
import { wrongs } from './audit.ts'
import { type Result, torture } from './torture.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    coalesce: { type: 'boolean', default: false },
    rate: { type: 'string' },
  },
})
const options = {
  kills: Number(values.kills),
  seed: Number(values.seed),
  coalesce: values.coalesce,
  ...(values.rate !== undefined && { rate: Number(values.rate) }),
}
const EVERY = 10

const teardowns: (() => void | Promise<void>)[] = []
const start = performance.now()
const seconds = (): string => `${((performance.now() - start) / 1000).toFixed(0)} s`

async function leave(): Promise<void> {
  for (const work of teardowns.splice(0).reverse()) await work()
}

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => void leave().then(() => process.exit(1)))

try {
  const result = await torture(
    { teardown: work => void teardowns.push(work) },
    {
      ...options,
      told: ({ kills, promised, requests }) => {
        if (kills % EVERY === 0)
          console.log(
            `${kills} of ${options.kills} kills, ${promised} events promised, ${requests} requests, ${seconds()}`,
          )
      },
    },
  )
  process.exitCode = report(result)
} finally {
  await leave()
}

function report({ audit, deaths, requests, busiest, troubles }: Result): number {
  const wrong = [...wrongs(audit), ...troubles]
  const share = ((100 * audit.duplicated) / Math.max(1, audit.accepted)).toFixed(1)
  console.log(`
seed                ${options.seed}, coalesce = ${options.coalesce}, ${seconds()}
kills               ${Object.entries(deaths)
    .map(([how, count]) => `${count} ${how}`)
    .join(', ')}
requests            ${requests}, at most ${busiest} in a minute
events promised     ${audit.promised}
events accepted     ${audit.accepted}
coalesced           ${audit.coalesced}
lost                ${audit.lost.length}
out of order        ${audit.outOfOrder.length}
accepted twice      ${audit.duplicated} (${share} %), ${audit.duplicatedByCrash} of them although the answer was sent
untrue at the end   ${audit.untrue.length}
${wrong.length === 0 ? 'All as promised.' : `NOT as promised:\n${wrong.slice(0, 40).join('\n')}`}`)
  return wrong.length === 0 ? 0 : 1
}
