// Which descriptor is which socket, from what systemd puts into the environment.
import test from 'ava'
import { passedSockets } from '../../src/app/passed-sockets.ts'

const PID = 42
const passed = (fds: string, names?: string, pid = PID) =>
  passedSockets({ LISTEN_PID: String(pid), LISTEN_FDS: fds, LISTEN_FDNAMES: names }, PID)

test('sockets are known by their names, whatever their order', t => {
  t.deepEqual(passed('2', 'batch:stream'), { batch: 3, stream: 4 })
  t.deepEqual(passed('3', 'other:stream:batch'), { stream: 4, batch: 5 })
})

test('one socket alone leaves the other to be made', t => {
  t.deepEqual(passed('1', 'batch'), { batch: 3 })
})

test('without names of ours the first is for streams', t => {
  t.deepEqual(passed('2'), { stream: 3, batch: 4 })
  t.deepEqual(passed('2', 'a.socket:a.socket'), { stream: 3, batch: 4 })
  t.deepEqual(passed('1'), { stream: 3 })
})

test('what was meant for another process, or is no number, is left alone', t => {
  t.deepEqual(passed('2', 'stream:batch', PID + 1), {})
  t.deepEqual(passed('0'), {})
  t.deepEqual(passed('x'), {})
  t.deepEqual(passedSockets({}, PID), {})
})

test('a name beyond what was passed counts for nothing', t => {
  t.deepEqual(passed('1', 'stream:batch'), { stream: 3 })
})
