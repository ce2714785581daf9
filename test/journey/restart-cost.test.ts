// `restart-cost` beside a sidecar that runs, beside none, and where it cannot be asked.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { command, jsonOf } from '../fakes/command.ts'
import { Daemon } from '../fakes/daemon.ts'
import { Peer, point } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import { type Room, room } from '../fakes/room.ts'
import { deadPort } from '../squadcast/servers.ts'
import { CRIT, usage } from './daily.ts'

async function scene(t: Parameters<typeof room>[0], http = ''): Promise<Room> {
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const port = await deadPort()
  return room(t, receiver.url, { http: `bind-address = "127.0.0.1:${port}"\n${http}` })
}

test('it tells connections, tasks and open incidents', async t => {
  const { config, stream } = await scene(t)
  const daemon = await Daemon.ready(config)
  t.teardown(() => daemon.kill())
  const [one, two] = [await Peer.task(stream, 'cpu', [CRIT]), await Peer.task(stream, 'disk', [CRIT])]
  one.send(point('a', usage(95), 1))
  await one.answered('point')
  const said = await command(config, 'restart-cost')
  t.is(said.code, 0, said.stderr)
  t.regex(said.stdout, /^A restart now ends 2 connections of 2 tasks, which are revived:/)
  t.regex(said.stdout, /Open: 1 incident\. Not delivered yet: \d events?\. Both are kept,/)
  await Promise.all([one.vanish(), two.vanish()])
  await daemon.logged('node-ended', {}, 2)
  t.regex((await command(config, 'restart-cost')).stdout, /^No task is connected/)
})

test('where no sidecar runs it says why nothing is known, what a restart costs in general, and ends in 1', async t => {
  const { config } = await scene(t)
  const said = await command(config, 'restart-cost')
  t.is(said.code, 1)
  t.regex(
    said.stdout,
    /^What a restart would cost now is not known: nothing answers at\n?\s?127\.0\.0\.1:\d+/,
  )
  t.regex(said.stdout, /If a sidecar runs, a restart ends its connections\./)
  const [told] = await jsonOf<{ known: boolean; why: string }>(config, 'restart-cost')
  t.false(told?.known)
  t.regex(told?.why ?? '', /connection refused/)
})

test('with a listener that wants a token it is asked with the token, and without the token it says so', async t => {
  const { config, folder } = await scene(t, 'token-file = "token"')
  writeFileSync(join(folder, 'token'), 'a-token-of-the-listener-0123456789')
  const daemon = await Daemon.ready(config)
  t.teardown(() => daemon.kill())
  t.is((await command(config, 'restart-cost')).code, 0)
  rmSync(join(folder, 'token'))
  const said = await command(config, 'restart-cost')
  t.is(said.code, 1)
  t.regex(said.stdout, /wants\s+another\s+token/)
  t.false(JSON.stringify(said).includes('a-token-of'))
})
