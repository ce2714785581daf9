// The body of a request, up to a size: what is over it is never kept. Of a body that is not much larger its beginning is
// read, which has what a page needs.
import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'

/** Bytes. Kapacitor's alerts have a few hundred; a window of points has more. */
export const MAX_BODY_BYTES = 1024 * 1024
/** A batch of many points. What is larger is no alert. */
const MOST_BYTES = 16 * MAX_BODY_BYTES

export interface Body {
  readonly text: string
  /** It was longer. */
  readonly isCut: boolean
}

export const tooLarge = (): Refusal =>
  new Refusal(413, 'the body is over 1 MiB: let fewer points into the alert, with a shorter |window()')

/** A body that takes memory worth counting: so does one of which the length is not told. */
const LARGE_BODY_BYTES = 64 * 1024

export const isLargeBody = ({ headers }: IncomingMessage): boolean =>
  !(Number(headers['content-length']) <= LARGE_BODY_BYTES)

/** Rejects with Refusal when it is too large, and with another error when the sender leaves in the middle. */
export function bodyOf(request: IncomingMessage): Promise<Body> {
  if (Number(request.headers['content-length']) > MOST_BYTES) return Promise.reject(tooLarge())
  // It may have left while others were read.
  if (request.destroyed) return Promise.reject(new SenderLeft())
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      const room = MAX_BODY_BYTES - size
      size += chunk.length
      if (room > 0) chunks.push(chunk.subarray(0, room))
      if (size > MOST_BYTES) {
        chunks = []
        reject(tooLarge())
      }
    })
    request.once('end', () =>
      resolve({ text: Buffer.concat(chunks).toString(), isCut: size > MAX_BODY_BYTES }),
    )
    request.once('close', () => reject(new SenderLeft()))
    request.once('error', () => reject(new SenderLeft()))
  })
}

/** Before the whole of the body was there: there is nobody to answer. */
export class SenderLeft extends Error {
  override readonly name = 'SenderLeft'
}
