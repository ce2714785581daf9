// `tail` beside a daemon, as a process: what happens, filtered; what happened before; over a restart; and how it ends.
import test from 'ava'
import { command } from '../fakes/command.ts'
import { LongCommand } from '../fakes/long-command.ts'
import { Peer, point } from '../fakes/peer.ts'
import { watched } from './watched.ts'

const levelled = (host: string, level: string) => point(host, { fieldsString: { level } })
const TIME = String.raw`\d\d:\d\d:\d\d`
const A = 'cpu:host=a'

test('it tells what happens as it happens, goes on over a restart of the sidecar, and Ctrl-C ends it with 0', async t => {
  const { config, start, stream } = await watched(t)
  const first = await start()
  const tail = new LongCommand(t, config, 'tail', '--since', '1h', '--level', 'warning')
  const peer = await Peer.task(stream, 'cpu')
  peer.send(levelled('b', 'INFO'), levelled('a', 'CRITICAL'))
  t.regex(await tail.says(`${A}  trigger`), new RegExp(`^${TIME}  CRITICAL     ${A}  trigger$`))
  t.regex(await tail.says('delivered'), new RegExp(`^${TIME}  delivered    ${A}  trigger in \\d`))
  await first.stop()
  await tail.says('waiting', 'stderr')
  await start()
  await tail.says('the sidecar was started anew', 'stderr')
  const again = await Peer.task(stream, 'cpu')
  again.send(levelled('a', 'OK'))
  await tail.says(`OK           ${A}  resolve`)
  t.is(await tail.interrupt(), 0)
  t.false(tail.stdout.join().includes('host=b'))
})

test('what is older than the sidecar comes from the store, and where the story begins is said', async t => {
  const { config, start, stream } = await watched(t)
  const first = await start()
  const peer = await Peer.task(stream, 'cpu')
  peer.send(levelled('a', 'CRITICAL'))
  await first.logged('delivered')
  await first.stop()
  await start()
  const tail = new LongCommand(t, config, 'tail', '--since', '1h', '--json')
  await tail.says('"ready"')
  const told = tail.stdout.map(line => JSON.parse(line))
  t.deepEqual(
    told.filter(({ history }) => history).map(({ event, incident, kind }) => [event, incident, kind]),
    [
      ['trigger', A, 'trigger'],
      ['delivered', A, 'trigger'],
    ],
  )
  t.like(told[0], { message: `${A} is CRITICAL`, task: 'cpu', incidentLevel: 'CRITICAL' })
  t.false(told.some(({ number, history }) => (number === undefined) !== (history === true)))
  await tail.says(/^-- events of the store from .* on; all that happened from/, 'stderr')
  // The reader has enough: it ends with the next line.
  tail.closePipe()
  await Peer.task(stream, 'cpu')
  t.is(await tail.exited, 0)
})

test('a listener that is off is turned on by the lines that it prints; without a sidecar it says so', async t => {
  const off = await watched(t, { http: 'bind-address = ""' })
  await off.start()
  const said = await command(off.config, 'tail')
  t.is(said.code, 1)
  t.regex(
    said.stderr,
    /^error: A sidecar runs; the listener is off.*\n\n {2}\[http\]\n {2}bind-address = "127/s,
  )
  const { config } = await watched(t)
  const nobody = await command(config, 'tail')
  t.is(nobody.code, 1)
  t.regex(nobody.stderr, /^error: No sidecar runs; .*\n {2}to do: Start it/s)
})
