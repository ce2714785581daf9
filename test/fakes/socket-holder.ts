// What systemd does with two .socket units, as a script: makes both sockets, and holds them while the command that it
// is given runs, once for each line on its standard input. It never accepts: it is blocked while the command runs, and
// while it waits.
import { spawnSync } from 'node:child_process'
import { readSync } from 'node:fs'
import { createServer, type Server } from 'node:net'

const [streamPath, batchPath] = [process.env.STREAM!, process.env.BATCH!]
const command = process.argv.slice(2)

function make(path: string): Promise<number> {
  const server = createServer()
  return new Promise(resolve => {
    server.listen(path, () => resolve((server as Server & { _handle: { fd: number } })._handle.fd))
  })
}

/** Its process id is known only to itself, and has to be in its environment. */
const AS_PASSED = 'echo "{\\"event\\":\\"begun\\",\\"pid\\":$$}" >&2; LISTEN_PID=$$ exec "$@"'

// Batch first: the names count, and not the order.
const descriptors = [await make(batchPath), await make(streamPath)]
const line = Buffer.alloc(1)
while (readSync(0, line) > 0)
  spawnSync('sh', ['-c', AS_PASSED, 'sh', ...command], {
    stdio: ['ignore', 'ignore', 'inherit', ...descriptors],
    env: { ...process.env, LISTEN_FDS: '2', LISTEN_FDNAMES: 'batch:stream' },
  })
process.exit(0)
