// A process of its own that becomes another user, for good, and tries one thing as that user: whether it may is seen,
// and not worked out. Started by root alone: `as-user UID GID,GID,... connect|read PATH`. Prints `done` or a code.
import { closeSync, openSync, writeSync } from 'node:fs'
import { connect } from 'node:net'

const [uid = '', groups = '', deed, path = ''] = process.argv.slice(2)
const gids = groups.split(',').map(Number)

process.setgroups!(gids)
process.setgid!(gids[0]!)
process.setuid!(Number(uid))

// NOTE: not by process.stdout, which is opened only now, as that user.
const tell = (word = 'unknown'): void => void writeSync(1, `${word}\n`)

if (deed === 'connect') {
  const socket = connect(path, () => {
    tell('done')
    socket.destroy()
  })
  socket.on('error', ({ code }: NodeJS.ErrnoException) => tell(code))
} else {
  try {
    closeSync(openSync(path, 'r'))
    tell('done')
  } catch (error) {
    tell((error as NodeJS.ErrnoException).code)
  }
}
