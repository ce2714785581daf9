// The dispatcher between real receivers, of which all but one are in trouble.
import test from 'ava'
import { Dispatcher } from '../../src/delivery/dispatcher.ts'
import { realClock } from '../squadcast/clocks.ts'
import { squadcast } from '../squadcast/destination.ts'
import { deadPort, httpServer, tcpServer } from '../squadcast/servers.ts'
import { MemoryLedger } from './memory-ledger.ts'
import { pending } from './pending.ts'
import { endpoint, recorder } from './stage.ts'

const EVENTS = 60

test('endpoints that are silent, refuse, reset or fail do not hold the one that works', async t => {
  const got: unknown[] = []
  const all = Promise.withResolvers<void>()
  let delivered = 0
  const works = await httpServer(t, async (request, response) => {
    got.push(JSON.parse(Buffer.concat(await request.toArray()).toString()).id)
    response.writeHead(202).end()
  })
  const ports = {
    silent: (await tcpServer(t, socket => socket.resume())).port,
    refuses: await deadPort(),
    resets: (await tcpServer(t, socket => socket.resetAndDestroy())).port,
    fails: (await httpServer(t, (_, response) => response.writeHead(503).end())).port,
    works: works.port,
  }
  const names = Object.keys(ports) as (keyof typeof ports)[]
  const ledger = new MemoryLedger()
  const dispatcher = new Dispatcher({
    ledger,
    clock: realClock,
    random: () => 0.5,
    rate: 100_000,
    happened: {
      ...recorder([]),
      delivered() {
        if (++delivered === EVENTS) all.resolve()
      },
    },
    endpoints: names.map(name =>
      endpoint(squadcast(t, `http://127.0.0.1:${ports[name]}/`, { timeoutMs: 60_000 }, realClock), { name }),
    ),
  })
  for (let turn = 0; turn < EVENTS; turn++) {
    const events = names.map((name, index) =>
      pending({ seq: turn * names.length + index, endpoint: name, incident: `${name} ${turn}` }),
    )
    dispatcher.offer(ledger.add(events))
  }
  await all.promise
  await dispatcher.stop(0)
  t.is(new Set(got).size, EVENTS)
  t.deepEqual(
    names.map(name => ledger.left().filter(event => event.endpoint === name).length),
    [EVENTS, EVENTS, EVENTS, EVENTS, 0],
  )
})
