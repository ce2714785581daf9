// The dead-man's switch, from outside: called while the webhook takes events, silent while it does not.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'ava'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { room } from '../fakes/room.ts'

test('the heartbeat goes on while delivery works, stops with it, and comes back with it', async t => {
  let status = 200
  let beats = 0
  const server = createServer((request, response) => {
    if (request.url === '/beat/S3CR3T') {
      beats += 1
      server.emit('beat')
    }
    response.statusCode = request.url === '/beat/S3CR3T' ? 200 : status
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const made = room(t, `${base}/webhook`, { more: `[heartbeat]\nurl = "${base}/beat/S3CR3T"\nevery = "1s"` })
  const daemon = await Daemon.ready(made.config)
  t.teardown(() => daemon.kill())
  while (beats < 2) await once(server, 'beat', { signal: AbortSignal.timeout(20_000) })

  status = 500
  const peer = await Peer.task(made.stream, 'cpu', [option('crit', '"usage" > 90')])
  peer.send(point('a', { fieldsDouble: { usage: 99 } }), point('b', { fieldsDouble: { usage: 99 } }))
  await daemon.logged('heartbeat-silent')
  const silentAt = beats
  status = 200
  await daemon.logged('heartbeat-again')
  while (beats === silentAt) await once(server, 'beat', { signal: AbortSignal.timeout(20_000) })
  t.true(daemon.lines('endpoint-down').length > 0)
  t.false(JSON.stringify(daemon.log).includes('S3CR3T'))
})
