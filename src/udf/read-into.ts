// Reads an accepted socket into memory that is used again. By itself Node makes 64 KiB of new memory for each read of a
// socket that a server accepted: to make, touch and collect it cost as much as all that is done with a point.
import { Socket } from 'node:net'

/** Bytes of one read: with less there are more of them, and more does not stay in the processor's cache. */
export const READ_BYTES = 128 * 1024

/** A socket's handle: Node has it, and does not document it. */
interface Handled {
  _handle?: { useUserBuffer?: unknown } | null
}

/**
 * Takes an accepted socket over that was not read yet. What arrives is read into what `room` gives for the read, and
 * handed to `take`: its memory is the next read's again, so it counts during the call only.
 *
 * Node offers this (`onread`) for sockets that connect. For one that was accepted its handle goes into a new socket; on a
 * Node where there is no such handle the socket is read as usual.
 * @returns the socket to use from now on; `accepted` is of no more use.
 */
export function readInto(accepted: Socket, room: () => Buffer, take: (chunk: Buffer) => void): Socket {
  const owner = accepted as Handled
  const handle = owner._handle
  if (typeof handle?.useUserBuffer !== 'function') {
    accepted.on('data', chunk => take(chunk as Buffer))
    return accepted.resume()
  }
  owner._handle = null
  accepted.destroy()
  const callback = (length: number, bytes: Uint8Array): true => {
    take((bytes as Buffer).subarray(0, length))
    return true
  }
  const options = { handle, allowHalfOpen: true, onread: { buffer: room, callback } }
  return new Socket(options as object)
}
