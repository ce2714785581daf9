// Listening sockets as files: what is there before, while and after a sidecar listens.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { ListenError, type ListenErrorCode, listen, type UdfListener } from '../../src/udf/listener.ts'

const OWN_GROUP = process.getgid!()
const IS_ROOT = process.getuid!() === 0

async function folder(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'udf-'))
  t.teardown(() => rm(path, { recursive: true }))
  return path
}

async function open(
  t: ExecutionContext,
  path: string,
  accept: (socket: Socket) => void = socket => socket.destroy(),
): Promise<UdfListener> {
  const listener = await listen({ path, mode: 0o660, groupId: undefined }, 'x1', accept)
  t.teardown(() => listener.stop())
  return listener
}

async function refusal(t: ExecutionContext, path: string): Promise<ListenError> {
  const error = await t.throwsAsync(
    listen({ path, mode: 0o660, groupId: undefined }, 'x2', () => t.fail()),
    { instanceOf: ListenError },
  )
  return error!
}

function refusedWith(t: ExecutionContext, error: ListenError, code: ListenErrorCode, hint: RegExp): void {
  t.is(error.code, code)
  t.regex(error.hint, hint)
}

/** Runs a program that listens on a socket; resolves once it does. */
async function stranger(t: ExecutionContext, path: string, backlog = 10): Promise<ReturnType<typeof spawn>> {
  const script = `require('node:net').createServer(() => {}).listen({ path: process.argv[1], backlog: ${backlog} },
    () => process.stdout.write('listening'))`
  const child = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout!, 'data')
  return child
}

/** How a dial ends: `connect`, or the code of the error. */
function dial(t: ExecutionContext, path: string): Promise<string> {
  const socket = connect(path)
  t.teardown(() => socket.destroy())
  return new Promise(resolve => {
    socket.once('connect', () => resolve('connect'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
  })
}

test('a socket accepts under its name, with mode and group, and no other file is left beside it', async t => {
  const path = join(await folder(t), 'stream.sock')
  const { promise: accepted, resolve: accept } = Promise.withResolvers<Socket>()
  const listener = await listen({ path, mode: 0o620, groupId: OWN_GROUP }, 'x1', accept)
  t.teardown(() => listener.stop())
  t.is(await dial(t, path), 'connect')
  const socket = await accepted
  t.true(socket.allowHalfOpen)
  socket.destroy()
  const found = await stat(path)
  t.true(found.isSocket())
  t.is(found.mode & 0o777, 0o620)
  t.is(found.gid, OWN_GROUP)
  t.deepEqual(await readdir(join(path, '..')), ['stream.sock'])
})

const otherGroup = IS_ROOT ? test : test.skip
otherGroup('the group is set to another than our own (only root may)', async t => {
  const path = join(await folder(t), 'stream.sock')
  const listener = await listen({ path, mode: 0o660, groupId: 12_345 }, 'x1', () => {})
  t.teardown(() => listener.stop())
  t.is((await stat(path)).gid, 12_345)
})

test('after stop the socket is still there, nobody accepts, and connections go on', async t => {
  const path = join(await folder(t), 'stream.sock')
  const sockets: Socket[] = []
  const listener = await open(t, path, socket => sockets.push(socket.resume()))
  const peer = connect(path)
  t.teardown(() => peer.destroy())
  await once(peer, 'connect')
  await listener.stop()
  t.is(await dial(t, path), 'ECONNREFUSED')
  t.true((await stat(path)).isSocket())
  peer.write('?')
  await once(sockets[0]!, 'data')
  sockets[0]!.end('!')
  t.is(String((await once(peer, 'data'))[0]), '!')
})

test('the stale socket of a dead process is replaced', async t => {
  const path = join(await folder(t), 'stream.sock')
  const child = await stranger(t, path)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const before = await stat(path)
  await open(t, path)
  t.is(await dial(t, path), 'connect')
  t.not((await stat(path)).ino, before.ino)
})

test('a socket on which another process listens is refused, and stays what it is', async t => {
  const path = join(await folder(t), 'stream.sock')
  await stranger(t, path)
  const before = await stat(path)
  const error = await refusal(t, path)
  t.is(error.message, `somebody already listens on ${path}`)
  refusedWith(t, error, 'in-use', /^Stop the other sidecar, or give this one sockets of its own/)
  t.is((await stat(path)).ino, before.ino)
  t.is(await dial(t, path), 'connect')
})

test('a socket whose process is too busy to accept is refused too', async t => {
  const path = join(await folder(t), 'stream.sock')
  const child = await stranger(t, path, 1)
  child.kill('SIGSTOP')
  while ((await dial(t, path)) === 'connect');
  refusedWith(t, await refusal(t, path), 'in-use', /^Stop the other sidecar/)
})

test('what is there and no socket is not replaced', async t => {
  const path = join(await folder(t), 'config.toml')
  await writeFile(path, 'precious')
  refusedWith(t, await refusal(t, path), 'cannot-listen', /^Choose another path/)
  t.true((await stat(path)).isFile())
  await mkdir(`${path}.d`)
  refusedWith(t, await refusal(t, `${path}.d`), 'cannot-listen', /^Choose another path/)
})

test('a file that a crash left under the temporary name is no hindrance', async t => {
  const path = join(await folder(t), 'stream.sock')
  await writeFile(join(path, '..', '.stream.sock.x1'), '')
  await open(t, path)
  t.is(await dial(t, path), 'connect')
  t.deepEqual(await readdir(join(path, '..')), ['stream.sock'])
})

test('a missing folder is named, and is to be made', async t => {
  const missing = join(await folder(t), 'run')
  const error = await refusal(t, join(missing, 'stream.sock'))
  refusedWith(t, error, 'cannot-listen', /^Make the folder .+, writable for the user of the sidecar\.$/)
  t.true(error.hint.includes(missing))
})

test('a file in place of the folder is refused', async t => {
  const file = join(await folder(t), 'run')
  await writeFile(file, '')
  refusedWith(t, await refusal(t, join(file, 'stream.sock')), 'cannot-listen', /./)
})

test('a path of 107 bytes is taken, a longer one refused with the limit', async t => {
  const inside = await folder(t)
  const longest = join(inside, 's'.repeat(106 - inside.length))
  t.is(longest.length, 107)
  await open(t, longest)
  t.is(await dial(t, longest), 'connect')
  refusedWith(t, await refusal(t, `${longest}s`), 'cannot-listen', /at most 107 bytes on Linux/)
  t.deepEqual(await readdir(inside), [longest.slice(inside.length + 1)])
})

/** What a user without rights gets to hear: root is made nobody first. Undefined where nobody cannot even read us. */
async function heardByNobody(path: string, groupId?: number): Promise<string | undefined> {
  const script = `const room = await import(process.argv[1]).catch(() => undefined)
    const settings = { path: process.argv[2], mode: 0o660, groupId: ${groupId} }
    await room?.listen(settings, 'x2', () => {}).then(
      () => console.log('it listens'), error => console.log(error.code, error.hint))
    process.exit()`
  const listener = fileURLToPath(new URL('../../src/udf/listener.ts', import.meta.url))
  const nobody = IS_ROOT ? { uid: 65_534, gid: 65_534 } : {}
  const args = ['--input-type=module', '-e', script, listener, path]
  const child = spawn(process.execPath, args, { ...nobody, stdio: ['ignore', 'pipe', 'inherit'] })
  const said: Buffer[] = []
  child.stdout.on('data', chunk => said.push(chunk as Buffer))
  await once(child, 'close')
  return said.length === 0 ? undefined : String(Buffer.concat(said)).trim()
}

function heard(t: ExecutionContext, said: string | undefined, expected: string): void {
  if (said !== undefined || !IS_ROOT) t.is(said, expected)
  else {
    t.log('SKIPPED: root may do everything, and nobody may not read this checkout')
    t.pass()
  }
}

test('a folder that is not writable is named', async t => {
  const inside = await folder(t)
  await chmod(inside, 0o555)
  const said = await heardByNobody(join(inside, 'stream.sock'))
  await chmod(inside, 0o755)
  heard(t, said, `cannot-listen Make the folder ${inside} writable for the user of the sidecar.`)
})

test('a group of which we are no member is refused, and nothing is left', async t => {
  const inside = await folder(t)
  await chmod(inside, 0o777)
  const said = await heardByNobody(join(inside, 'stream.sock'), 0)
  const hint = 'Only a member of the group may give it the socket ([udf] socket-group).'
  heard(t, said, `cannot-listen ${hint}`)
  t.deepEqual(await readdir(inside), [])
})
