// A daemon that is told to stop is gone, whatever the peers of its listener hold.
import { once } from 'node:events'
import { connect } from 'node:net'
import test from 'ava'
import { Daemon } from '../fakes/daemon.ts'
import { Receiver } from '../fakes/receiver.ts'
import { room } from '../fakes/room.ts'

const REQUESTS = [
  'GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'GET /feed HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'POST /v1/alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{',
  'GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  '',
]

test('peers that hold their connections do not hold the process', async t => {
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const daemon = await Daemon.ready(room(t, receiver.url, { http: 'bind-address = "127.0.0.1:0"' }).config)
  t.teardown(() => daemon.kill())
  const port = (await daemon.logged('http-listening'))[0]!.port as number
  for (const request of REQUESTS) {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    socket.on('error', () => {})
    t.teardown(() => socket.destroy())
    await once(socket, 'connect')
    socket.write(request)
    if (request.startsWith('GET')) await once(socket, 'readable')
  }
  await daemon.stop()
  t.false(daemon.isRunning)
  t.is(daemon.lines('stopped').length, 1)
})
