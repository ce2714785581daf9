// Shortens texts so that they still read well, and so that incidents keep their identity. Pure.
import { createHash } from 'node:crypto'

/** The first `characters` of a text, never half a character, and a note of how many are missing. */
export function cutText(text: string, characters: number): string {
  if (text.length <= characters) return text
  const lead = text.charCodeAt(characters - 1)
  const end = lead >= 0xd800 && lead <= 0xdbff ? characters - 1 : characters
  return `${text.slice(0, end)}… (${text.length - end} characters left out)`
}

/** Bytes that a text takes in JSON, quotes not counted. */
export const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2

const LONGEST_ID_BYTES = 16_000
const ID_BEGINNING = 200

/**
 * An incident's id as it is sent. Ids are never cut, since a cut one may be another incident's. One that
 * could not be sent at all, beside the rest of the body, is replaced by its beginning and its digest: always
 * by the same, so that its resolve finds its trigger.
 */
export function idToSend(id: string): string {
  // As Go reads it: half a character becomes the replacement character.
  const whole = id.toWellFormed()
  if (whole.length * 6 <= LONGEST_ID_BYTES || jsonBytes(whole) <= LONGEST_ID_BYTES) return whole
  const beginning = whole.slice(0, ID_BEGINNING).toWellFormed()
  return `${beginning}… sha256:${createHash('sha256').update(whole).digest('hex')}`
}
