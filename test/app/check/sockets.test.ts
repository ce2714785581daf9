// Could Kapacitor connect, and would it be answered? With a daemon, without one, and with somebody else on the socket.
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Finding } from '../../../src/app/check/finding.ts'
import { socketsLayer } from '../../../src/app/check/sockets.ts'
import { responses } from '../../../src/wire/messages.ts'
import { settingsOf } from '../../config/machine.ts'
import { Daemon } from '../../fakes/daemon.ts'
import { room } from '../../fakes/room.ts'
import { aroundOf, asRoot, program, short } from './around.ts'

const NOWHERE = 'http://127.0.0.1:9/x'

function scene(t: ExecutionContext) {
  const made = room(t, NOWHERE)
  const sockets = `stream-socket = "${made.stream}"\nbatch-socket = "${made.batch}"`
  const { udf } = settingsOf(`[udf]\n${sockets}\n[[endpoint]]\nname = "default"\nurl = "${NOWHERE}"`)
  return { ...made, udf }
}

async function listening(t: ExecutionContext, path: string, accept: (socket: Socket) => void): Promise<void> {
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('error', () => {})
    accept(socket)
  }).listen(path)
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
}

const of = (kind: string, findings: readonly Finding[]): Finding =>
  findings.find(({ check }) => check === kind) ?? {
    ...findings[0]!,
    says: `no ${kind} in ${short(findings)}`,
  }

test('a sidecar that runs is asked what Kapacitor asks, answers, and notices nothing', async t => {
  const { config, udf } = scene(t)
  const daemon = await Daemon.ready(config)
  t.teardown(() => daemon.kill())
  const before = daemon.log.length
  t.deepEqual(short(await socketsLayer(udf, true, aroundOf())), [
    'passed stream-socket-access',
    'passed stream-socket-answer',
    'passed batch-socket-access',
    'passed batch-socket-answer',
  ])
  t.deepEqual(daemon.log.slice(before), [])
  await daemon.stop()
  const after = await socketsLayer(udf, false, aroundOf())
  t.is(of('stream-socket-answer', after).outcome, 'failed')
  t.regex(of('stream-socket-answer', after).says, /nobody listens.*left from a process that ended/)
})

test('sockets that are mixed up are told apart by what they answer', async t => {
  const { config, udf } = scene(t)
  const daemon = await Daemon.ready(config)
  t.teardown(() => daemon.kill())
  const swapped = { ...udf, streamSocket: udf.batchSocket, batchSocket: udf.streamSocket }
  const finding = of('stream-socket-answer', await socketsLayer(swapped, true, aroundOf()))
  t.is(finding.outcome, 'failed')
  t.regex(finding.fix ?? '', /mixed up/)
})

test('a sidecar with other options is of another version', async t => {
  const { udf } = scene(t)
  await listening(t, udf.streamSocket, socket => {
    socket.once('data', () => socket.write(responses.info('STREAM', { crit: ['STRING'], levle: [] })))
  })
  const finding = of('stream-socket-answer', await socketsLayer(udf, true, aroundOf()))
  t.is(finding.outcome, 'warned')
  t.regex(finding.says, /levle/)
  t.notRegex(finding.says, /\bcrit\b/)
})

test('somebody who speaks otherwise, or hangs up, is no sidecar', async t => {
  const { udf } = scene(t)
  await listening(t, udf.streamSocket, socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await listening(t, udf.batchSocket, socket => socket.destroy())
  const findings = await socketsLayer(udf, false, aroundOf())
  for (const kind of ['stream', 'batch']) {
    t.is(of(`${kind}-socket-answer`, findings).outcome, 'failed')
    t.regex(of(`${kind}-socket-answer`, findings).says, /is no sidecar/)
  }
})

test('somebody who listens and is silent is told as such', async t => {
  const { udf } = scene(t)
  await listening(t, udf.streamSocket, socket => socket.resume())
  // Time passes at once.
  const clock = {
    ...aroundOf().clock,
    after(_: number, fire: () => void) {
      setImmediate(fire)
      return () => {}
    },
  }
  const finding = of('stream-socket-answer', await socketsLayer(udf, true, aroundOf({ clock })))
  t.is(finding.outcome, 'failed')
  t.regex(finding.says, /does not answer within 5 s/)
})

test('without a socket it is no sidecar that is missing, or a socket of one that runs', async t => {
  const { udf, stream } = scene(t)
  t.deepEqual(short(await socketsLayer(udf, false, aroundOf())), [
    'skipped stream-socket',
    'skipped batch-socket',
  ])
  t.deepEqual(short(await socketsLayer(udf, true, aroundOf())), [
    'failed stream-socket',
    'failed batch-socket',
  ])
  writeFileSync(stream, 'no socket')
  t.is(of('stream-socket', await socketsLayer(udf, false, aroundOf())).outcome, 'failed')
})

test('a folder that is missing is told once, with the command that makes it', async t => {
  const { folder, udf } = scene(t)
  const at = (name: string) => join(folder, 'run', name)
  const elsewhere = { ...udf, streamSocket: at('stream.sock'), batchSocket: at('batch.sock') }
  const findings = await socketsLayer(elsewhere, false, aroundOf())
  t.deepEqual(short(findings), ['failed socket-folder'])
  t.is(findings[0]?.fix, `install -d -m 0750 -o root -g root ${folder}/run`)
})

test('a path that is too long for a socket is told before anything is tried', async t => {
  const { udf } = scene(t)
  const long = { ...udf, streamSocket: `/tmp/${'x'.repeat(120)}.sock` }
  t.is(of('stream-socket', await socketsLayer(long, false, aroundOf())).outcome, 'failed')
})

test('a user whom this machine does not know is not tried', async t => {
  const { udf } = scene(t)
  await listening(t, udf.streamSocket, socket => socket.destroy())
  const finding = of(
    'stream-socket-access',
    await socketsLayer(udf, true, aroundOf({ kapacitorUser: 'no-such-user' })),
  )
  t.is(finding.outcome, 'skipped')
  t.regex(finding.fix ?? '', /--kapacitor-user/)
})

test('without root it is worked out who may connect, and said so', async t => {
  const { udf, folder } = scene(t)
  await listening(t, udf.streamSocket, socket => socket.destroy())
  chmodSync(folder, 0o700)
  chmodSync(udf.streamSocket, 0o666)
  const ask = async () =>
    of('stream-socket-access', await socketsLayer(udf, true, aroundOf({ kapacitorUser: 'daemon' })))
  const shut = await ask()
  t.is(shut.outcome, 'failed')
  t.regex(shut.says, /worked out from owners and modes/)
  t.true(shut.fix?.includes(`chmod g+x ${folder}`))
  chmodSync(folder, 0o711)
  t.is((await ask()).outcome, 'passed')
  chmodSync(udf.streamSocket, 0o660)
  const keptOut = await ask()
  t.is(keptOut.outcome, 'failed')
  t.regex(keptOut.fix ?? '', /socket-group = "daemon"/)
})

asRoot('as root it is tried as that user, with its groups', async t => {
  const { udf, folder } = scene(t)
  await listening(t, udf.streamSocket, socket => socket.destroy())
  chmodSync(folder, 0o711)
  const ask = async (path: string) => {
    // A user with a second group, which `id` alone knows of.
    const env = { PATH: path }
    const around = aroundOf({ isRoot: true, kapacitorUser: 'kapacitor-of-a-test', env })
    return of('stream-socket-access', await socketsLayer(udf, true, around))
  }
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const path = program(bin, 'id', 'case $1 in -u) echo 4321;; -g) echo 4321;; -G) echo 4321 4322;; esac')
  chmodSync(udf.streamSocket, 0o660)
  const shut = await ask(path)
  t.is(shut.outcome, 'failed')
  t.regex(shut.says, /\(tried as that user\)/)
  chownSync(udf.streamSocket, 0, 4322)
  const open = await ask(path)
  t.is(open.outcome, 'passed', open.says)
  t.regex(open.says, /\(tried as that user\)/)
})

test('a socket that systemd listens on for a service that is stopped is not touched, so as not to start it', async t => {
  const { udf, folder } = scene(t)
  const accepted: Socket[] = []
  for (const path of [udf.streamSocket, udf.batchSocket])
    await listening(t, path, socket => accepted.push(socket))
  const bin = join(dirname(udf.streamSocket), 'bin')
  mkdirSync(bin)
  const unit = (name: string, path: string, state: string) =>
    `Id=kapacitor-squadcast-${name}.socket\\nSubState=${state}\\nListen=${path} (Stream)\\n`
  const shown = `${unit('batch', udf.batchSocket, 'listening')}\\n${unit('stream', udf.streamSocket, 'listening')}`
  const PATH = program(bin, 'systemctl', `printf '${shown}'`)
  const around = aroundOf({ env: { PATH }, isRoot: process.geteuid?.() === 0 })
  const findings = await socketsLayer(udf, false, around)
  t.is(of('stream-socket-answer', findings).outcome, 'skipped')
  t.regex(of('stream-socket-answer', findings).says, /kapacitor-squadcast-stream\.socket.*nothing was asked/)
  t.regex(of('stream-socket-access', findings).says, /worked out/)
  t.deepEqual(accepted, [])
  rmSync(folder, { recursive: true, force: true })
})
