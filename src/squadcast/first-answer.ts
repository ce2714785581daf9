// Has undici read all of its code at the start. It reads its parser of answers at the first connection, which may be
// months away; by then an upgrade may have put the files of another version in their place. Opens no socket.
import { Duplex } from 'node:stream'
import { type buildConnector, Client } from 'undici'

/** Rejects when a file of undici is missing. */
export async function parseFirstAnswer(): Promise<void> {
  const client = new Client('http://first-answer.invalid', { connect })
  try {
    const { body } = await client.request({ method: 'GET', path: '/' })
    await body.dump()
  } finally {
    await client.destroy()
  }
}

/** NOTE: undici sends nothing when it is told of its connection at once. */
const connect: buildConnector.connector = (_, connected) =>
  void setImmediate(() => connected(null, answering()))

/** One end of a connection whose other end says yes to whatever it is asked; all of a socket that undici uses. */
const answering = (): never =>
  new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      this.push('HTTP/1.1 204 No Content\r\n\r\n')
      done()
    },
  }) as never
