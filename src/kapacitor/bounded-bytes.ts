// The body of an answer, no longer than is good for this process.
import type { Dispatcher } from 'undici'

/** Undefined: it is longer. */
export async function boundedBytes(
  body: Dispatcher.ResponseData['body'],
  mostBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length
    if (bytes > mostBytes) return undefined
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
