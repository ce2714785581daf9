// The body of a request, up to a size. What is over it is never kept.
import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'

/** Bytes. Kapacitor's alerts have a few hundred; a window of points has more. */
export const MAX_BODY_BYTES = 1024 * 1024

const tooLarge = (): Refusal =>
  new Refusal(413, 'the body is over 1 MiB: let fewer points into the alert, with a shorter |window()')

/** A body that takes memory worth counting: so does one of which the length is not told. */
const LARGE_BODY_BYTES = 64 * 1024

export const isLargeBody = ({ headers }: IncomingMessage): boolean =>
  !(Number(headers['content-length']) <= LARGE_BODY_BYTES)

/** Rejects with Refusal when it is too large, and with another error when the sender leaves in the middle. */
export function bodyOf(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length']) > MAX_BODY_BYTES) return Promise.reject(tooLarge())
  // It may have left while others were read.
  if (request.destroyed) return Promise.reject(new SenderLeft())
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      else {
        chunks = []
        reject(tooLarge())
      }
    })
    request.once('end', () => resolve(Buffer.concat(chunks).toString()))
    request.once('close', () => reject(new SenderLeft()))
    request.once('error', () => reject(new SenderLeft()))
  })
}

/** Before the whole of the body was there: there is nobody to answer. */
export class SenderLeft extends Error {
  override readonly name = 'SenderLeft'
}
