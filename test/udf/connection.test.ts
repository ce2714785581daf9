// A connection on a real socket: it is closed within the second that Kapacitor can afford, and nothing that
// arrived is lost, however Kapacitor leaves.
import { once } from 'node:events'
import test from 'ava'
import { settled } from '../fakes/clock.ts'
import { option, point } from '../fakes/peer.ts'
import { bytesOf, flag, init, type Message } from '../fakes/requests.ts'
import { responsesIn } from '../fakes/responses.ts'
import { never, readAll, wired } from './wired.ts'

const CRIT = option('crit', '"usage" > 90')
const usage = (host: string, value: number): Message => point(host, { fieldsDouble: { usage: value } })
const EVENT = bytesOf(usage('a', 91))
const MiB = 1 << 20

const kinds = (bytes: Buffer): string[] => responsesIn(bytes).map(({ message }) => message)

/** Many calm points, each different from the others, about as many bytes as asked for. */
function manyPoints(bytes: number): { all: Buffer; count: number } {
  const one = bytesOf(usage('calm', 0.5))
  const at = one.indexOf(doubleBytes(0.5))
  const count = Math.ceil(bytes / one.length)
  const all = Buffer.concat(new Array<Buffer>(count).fill(one))
  for (let n = 0; n < count; n++) all.writeDoubleLE(-n, n * one.length + at)
  return { all, count }
}

function doubleBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

test('at the end of input what was received is answered, and we close', async t => {
  const { connection, peer, happenings, clock, ended } = await wired(t)
  peer.end(Buffer.concat([bytesOf(init(CRIT), usage('calm', 1)), EVENT, bytesOf({ snapshot: {} })]))
  t.deepEqual(kinds(await readAll(peer)).sort(), ['init', 'point', 'snapshot'])
  await connection.closed
  t.is(await ended, 'closed')
  t.deepEqual(happenings, [])
  await settled()
  t.is(clock.waiting, 0)
})

test('we close within the second, though a commit never ends', async t => {
  const { connection, peer, happenings, clock, ended } = await wired(t, { commit: never })
  peer.end(Buffer.concat([bytesOf(init(CRIT)), EVENT, bytesOf({ keepalive: { time: '7' } })]))
  await ended
  let isClosed = false
  void connection.closed.then(() => {
    isClosed = true
  })
  const answers = readAll(peer)
  await clock.advance(500)
  t.false(isClosed)
  await clock.advance(500)
  t.deepEqual(kinds(await answers), ['init', 'keepalive'])
  await connection.closed
  t.deepEqual(happenings, [`not returned ${EVENT.length} not-committed-in-time`])
  t.is(clock.waiting, 0)
})

test('a commit that ends in time is answered before we close', async t => {
  let commit = () => {}
  const committed = new Promise<void>(resolve => {
    commit = resolve
  })
  const { connection, peer, clock, ended } = await wired(t, { commit: () => committed })
  peer.end(Buffer.concat([bytesOf(init(CRIT)), EVENT]))
  await ended
  await clock.advance(600)
  commit()
  t.deepEqual(kinds(await readAll(peer)), ['init', 'point'])
  await connection.closed
})

test('a refused Init is answered and closed, though Kapacitor never closes', async t => {
  const { connection, peer } = await wired(t)
  peer.write(bytesOf(init(flag('all'))))
  const [answer, ...more] = responsesIn(await readAll(peer))
  t.like(answer?.init, { success: false })
  t.deepEqual(more, [])
  await connection.closed
  t.false(peer.writableEnded)
})

test('malformed input is answered and closed, though Kapacitor never closes', async t => {
  const { connection, peer, happenings } = await wired(t)
  peer.write(Buffer.concat([bytesOf(init(CRIT)), Buffer.of(0), EVENT]))
  t.deepEqual(kinds(await readAll(peer)), ['init', 'error'])
  await connection.closed
  t.deepEqual(happenings, ['malformed empty-frame'])
})

test('whatever Kapacitor sent before it vanished counts, while we write to nobody', async t => {
  const { connection, peer, points, happenings, received } = await wired(t)
  peer.write(bytesOf(init(flag('passThrough')), usage('calm', 1)))
  await received(1)
  // More than is read at once, and less than the kernel holds.
  const { all, count } = manyPoints(150_000)
  peer.write(all, () => peer.destroy())
  await connection.closed
  t.is(points(), 1 + count)
  t.deepEqual(happenings, [])
})

test('a reset by a Kapacitor that left answers unread is no error', async t => {
  const { connection, peer, points, happenings, received, ended } = await wired(t)
  peer.write(bytesOf(init(CRIT), usage('calm', 1), { snapshot: {} }))
  await received(1)
  peer.destroy()
  await connection.closed
  t.is(await ended, 'reset')
  t.is(points(), 1)
  t.deepEqual(happenings, [])
})

test('a reset with a commit under way gives its point up, and counts it', async t => {
  const { connection, peer, happenings, received, ended } = await wired(t, { commit: never })
  peer.write(Buffer.concat([bytesOf(init(CRIT)), EVENT]))
  await received(1)
  peer.destroy()
  await connection.closed
  t.is(await ended, 'reset')
  t.deepEqual(happenings, [`not returned ${EVENT.length} not-committed-in-time`])
})

test('while Kapacitor does not read, we do not either; when it does, everything comes', async t => {
  const { peer, socket, points, received } = await wired(t)
  peer.write(bytesOf(init(flag('passThrough'))))
  const { all, count } = manyPoints(24 * MiB)
  peer.write(all)
  await once(socket, 'pause')
  t.true(socket.writableLength > 7 * MiB)
  t.true(socket.writableLength < 9 * MiB)
  const before = points()
  t.true(before < count / 2)
  for (let turn = 0; turn < 20; turn++) await settled()
  t.is(points(), before)
  const returned = readAll(peer)
  await received(count)
  peer.end()
  const answers = await returned
  t.true(answers.subarray(answers.length - all.length).equals(all))
})

test('connections that are read in turn, cut anywhere, return each its own', async t => {
  const kapacitors = await Promise.all([1, 2, 3].map(() => wired(t)))
  const { all, count } = manyPoints(MiB / 4)
  const returned = kapacitors.map(({ peer }) => readAll(peer))
  for (const { peer } of kapacitors) peer.write(bytesOf(init(flag('passThrough'))))
  const piece = 1_777
  for (let from = 0; from < all.length; from += piece)
    for (const { peer } of kapacitors)
      await new Promise(written => peer.write(all.subarray(from, from + piece), written))
  for (const { peer, received } of kapacitors) {
    await received(count)
    peer.end()
  }
  for (const answers of await Promise.all(returned)) t.true(answers.subarray(-all.length).equals(all))
})

test('a Kapacitor that has ended and does not read is closed within the second', async t => {
  const { connection, peer, clock, ended } = await wired(t)
  const { all } = manyPoints(4 * MiB)
  peer.end(Buffer.concat([bytesOf(init(flag('passThrough'))), all]))
  await ended
  await clock.advance(1000)
  await connection.closed
  t.pass()
})

test('a connection that is paused when Kapacitor vanishes ends', async t => {
  const { connection, peer, socket, ended } = await wired(t)
  peer.write(bytesOf(init(flag('passThrough'))))
  peer.write(manyPoints(24 * MiB).all)
  await once(socket, 'pause')
  peer.destroy()
  await connection.closed
  t.true(['reset', 'closed'].includes(await ended))
})

test('stop answers what was received, and closes', async t => {
  const { connection, peer, received, ended } = await wired(t)
  peer.write(Buffer.concat([bytesOf(init(CRIT)), EVENT]))
  await received(1)
  const stopped = connection.stop()
  t.deepEqual(kinds(await readAll(peer)), ['init', 'point'])
  await stopped
  t.is(await ended, 'stopped')
  t.false(peer.writableEnded)
})

test('stop closes within the second, though a commit never ends; twice is once, and later is no harm', async t => {
  const { connection, peer, clock, received, happenings } = await wired(t, { commit: never })
  peer.write(Buffer.concat([bytesOf(init(CRIT)), EVENT]))
  await received(1)
  const stopped = Promise.all([connection.stop(), connection.stop()])
  await clock.advance(1000)
  await stopped
  await connection.stop()
  t.deepEqual(happenings, [`not returned ${EVENT.length} not-committed-in-time`])
  await settled()
  t.is(clock.waiting, 0)
})

test('while a commit is under way a keepalive is answered', async t => {
  const { peer, received } = await wired(t, { commit: never })
  peer.write(Buffer.concat([bytesOf(init(CRIT)), EVENT]))
  await received(1)
  const chunks: Buffer[] = []
  peer.on('data', chunk => chunks.push(chunk as Buffer)).resume()
  peer.write(bytesOf({ keepalive: { time: '7' } }))
  while (!kinds(Buffer.concat(chunks)).includes('keepalive')) await once(peer, 'data')
  t.deepEqual(kinds(Buffer.concat(chunks)), ['init', 'keepalive'])
})
