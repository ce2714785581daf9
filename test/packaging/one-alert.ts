// An alert through a sidecar that runs, from outside: a Kapacitor at its socket, a Squadcast on loopback, and one host
// whose disk is full. Says `delivered` when the trigger has come, and `resolved` when it has recovered.
//   node one-alert.ts SOCKET PORT HOST [stay]
// `stay` leaves out the recovery: the task stays connected and the incident open until this is ended.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { option, Peer, point } from '../fakes/peer.ts'

const [socket = '', port = '', host = '', stay] = process.argv.slice(2)
const levels: string[] = []
const arrivals = createServer(async (request, response) => {
  const { id, level } = JSON.parse(await text(request)) as { id?: string; level?: string }
  response.end()
  if (id === `disk:cpu:host=${host}`) {
    levels.push(level!)
    arrivals.emit('level')
  }
})

async function told(level: string): Promise<void> {
  while (!levels.includes(level)) await once(arrivals, 'level', { signal: AbortSignal.timeout(60_000) })
}

arrivals.listen(Number(port), '127.0.0.1')
await once(arrivals, 'listening')
const task = await Peer.task(socket, 'disk', [option('crit', '"usage" > 90')])
task.send(point(host, { fieldsDouble: { usage: 97 } }, 1))
await told('CRITICAL')
console.log('delivered')
if (stay !== 'stay') {
  task.send(point(host, { fieldsDouble: { usage: 20 } }, 2))
  await told('OK')
  console.log('resolved')
  await task.vanish()
  arrivals.close()
}
