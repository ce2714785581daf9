// Ids of incidents, kept to a length that a store, a payload and a page can carry.
import { createHash } from 'node:crypto'

/** Longest id in bytes of UTF-8. */
export const MAX_ID_BYTES = 1024

const HASH_CHARACTERS = 16

/** A longer id keeps its beginning and ends in a hash of the whole: still one id for one incident. */
export function capId(id: string): string {
  if (id.length <= MAX_ID_BYTES / 3) return id
  const bytes = Buffer.from(id)
  if (bytes.length <= MAX_ID_BYTES) return id
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, HASH_CHARACTERS)
  let end = MAX_ID_BYTES - HASH_CHARACTERS - 1
  while ((bytes[end]! & 0xc0) === 0x80) end--
  return `${bytes.toString('utf8', 0, end)}#${hash}`
}
