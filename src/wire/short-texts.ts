// Short texts that points bring again and again: names of hosts, levels, regions. Known by their bytes, they cost
// neither a call into native code nor a new string.

/** Bytes of a text that is worth keeping. */
const LONGEST = 24
/** Texts that are kept; a later one may take the place of an earlier. */
const SLOTS = 2048

export class ShortTexts {
  readonly #texts: (string | undefined)[] = new Array(SLOTS)

  /** The text of `bytes[start, end)`, which is UTF-8. */
  read(bytes: Buffer, start: number, end: number): string {
    const length = end - start
    if (length > LONGEST) return bytes.toString('utf8', start, end)
    let hash = length
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    const known = this.#texts[slot]
    if (known !== undefined && isSame(known, bytes, start, length)) return known
    const text = bytes.toString('utf8', start, end)
    this.#texts[slot] = text
    return text
  }
}

/** Never true of a text with a character beyond ASCII. */
function isSame(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code !== bytes[start + i] || code > 0x7f) return false
  }
  return true
}
