// What a pretended Squadcast remembers of each request, and how it reads one. It judges nothing.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

export interface ReceivedRequest {
  /** From 1. */
  readonly number: number
  /** When its body had arrived. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly bytes: number
  /** Parsed, or the text where it is no JSON. */
  readonly body: unknown
  /** What it was answered; undefined while it is open or when it never was. */
  status: number | undefined
  /** Whether it opened, merged or resolved something, or found nothing to resolve. */
  accepted: boolean
}

/** More of a body than this is read, but not kept. Bytes. */
const KEPT_BODY = 1024 * 1024

/** Undefined when the sender left before the end. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request) {
      if (size < KEPT_BODY) chunks.push(chunk)
      size += chunk.length
    }
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

export function noted(
  request: IncomingMessage,
  bytes: Buffer,
  { number, at }: Pick<ReceivedRequest, 'number' | 'at'>,
): ReceivedRequest {
  const { method = '', url: path = '', headers } = request
  const body = parsed(bytes)
  return { number, at, method, path, headers, bytes: bytes.length, body, status: undefined, accepted: false }
}

function parsed(bytes: Buffer): unknown {
  const text = bytes.toString()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
