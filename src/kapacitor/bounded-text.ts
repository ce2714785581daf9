// The body of an answer as text, no longer than is good for this process.
import type { Dispatcher } from 'undici'

/** Undefined: it is longer. */
export async function boundedText(
  body: Dispatcher.ResponseData['body'],
  mostBytes: number,
): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length
    if (bytes > mostBytes) return undefined
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}
