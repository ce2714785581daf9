// Memory that is used again, on real sockets.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { readInto } from '../../src/udf/read-into.ts'

/** A socket that was accepted and not read, and the other end of it. */
async function accepted(t: ExecutionContext): Promise<{ near: Socket; far: Socket; remaining(): number }> {
  const folder = await mkdtemp(join(tmpdir(), 'udf-'))
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
  server.listen(join(folder, 's'))
  await once(server, 'listening')
  const far = connect({ path: join(folder, 's'), allowHalfOpen: true })
  const [near] = (await once(server, 'connection')) as [Socket]
  t.teardown(async () => {
    far.destroy()
    server.close()
    await rm(folder, { recursive: true })
  })
  const remaining = (): number => (server as unknown as { _connections: number })._connections
  return { near, far, remaining }
}

/** What arrives, as text; and whether it lay in the room. */
function reading(near: Socket, room: () => Buffer) {
  const seen: { text: string; isInRoom: boolean }[] = []
  let arrived = (): void => {}
  const socket = readInto(near, room, chunk => {
    seen.push({ text: String(chunk), isInRoom: chunk.buffer === last?.buffer })
    last = room()
    arrived()
  })
  let last: Buffer | undefined = room()
  const next = (): Promise<void> =>
    new Promise(resolve => {
      arrived = resolve
    })
  return { socket, seen, next }
}

test('every read lies in the room, and both directions and both ends work', async t => {
  const { near, far, remaining } = await accepted(t)
  const room = Buffer.alloc(8)
  const { socket, seen, next } = reading(near, () => room)
  for (const text of ['one', 'two', 'three']) {
    const arrived = next()
    far.write(text)
    await arrived
  }
  t.deepEqual(
    seen,
    ['one', 'two', 'three'].map(text => ({ text, isInRoom: true })),
  )
  socket.write('back')
  t.is(String((await once(far, 'data'))[0]), 'back')
  far.end()
  await once(socket, 'end')
  const closed = once(socket, 'close')
  socket.end('last')
  t.is(String((await once(far, 'data'))[0]), 'last')
  await closed
  t.is(remaining(), 0)
})

test('the room may be another one for each read', async t => {
  const { near, far } = await accepted(t)
  const rooms: Buffer[] = []
  const arrivals: string[] = []
  const all = Promise.withResolvers<void>()
  readInto(
    near,
    () => {
      rooms.push(Buffer.alloc(4))
      return rooms.at(-1)!
    },
    chunk => {
      arrivals.push(String(chunk))
      if (arrivals.join('').length === 12) all.resolve()
    },
  )
  far.write('aaaabbbbcccc')
  await all.promise
  t.deepEqual(arrivals, ['aaaa', 'bbbb', 'cccc'])
  t.deepEqual(rooms.slice(0, 3).map(String), arrivals)
})

test('a pause holds what comes, and it comes later', async t => {
  const { near, far } = await accepted(t)
  const room = Buffer.alloc(4)
  const arrivals: string[] = []
  const all = Promise.withResolvers<void>()
  const socket = readInto(
    near,
    () => room,
    chunk => {
      arrivals.push(String(chunk))
      if (arrivals.length === 1) socket.pause()
      if (arrivals.length === 3) all.resolve()
    },
  )
  far.write('aaaabbbbcccc')
  await once(socket, 'pause')
  t.deepEqual(arrivals, ['aaaa'])
  socket.resume()
  await all.promise
  t.deepEqual(arrivals, ['aaaa', 'bbbb', 'cccc'])
})

test('where Node does not offer it a socket is read as usual', async t => {
  const { near, far } = await accepted(t)
  const handle = (near as unknown as { _handle: object })._handle
  Object.defineProperty(handle, 'useUserBuffer', { value: undefined })
  const room = Buffer.alloc(4)
  const { socket, seen, next } = reading(near, () => room)
  const arrived = next()
  far.write('all of it')
  await arrived
  t.is(socket, near)
  t.deepEqual(seen, [{ text: 'all of it', isInRoom: false }])
  far.end()
  await once(socket, 'end')
  socket.destroy()
})
