// The letters of a time zone, such as CEST, from its file (RFC 9636, TZif): Node knows how far a zone is from UTC, and
// mostly not what people call it. Pure: bytes in, names out.

const HEADER_BYTES = 44
const TYPE_BYTES = 6

interface Block {
  readonly times: number
  readonly types: number
  readonly characters: number
  readonly start: number
  /** Where what follows begins. */
  readonly end: number
}

/**
 * For an offset in seconds east of UTC, the name that the zone gives it now, or gave it last. Empty where it never
 * had it, and where the bytes are no such file.
 */
export function zoneNames(bytes: Buffer): (offset: number) => string {
  const names = new Map<number, string>()
  try {
    readInto(names, bytes)
  } catch (error) {
    // A file that ends early: what was read of it is right.
    if (!(error instanceof RangeError)) throw error
  }
  return offset => names.get(offset) ?? ''
}

function readInto(names: Map<number, string>, bytes: Buffer): void {
  if (bytes.toString('latin1', 0, 4) !== 'TZif') return
  const isOld = bytes[4] === 0
  const first = blockAt(bytes, 0, 4)
  const block = isOld ? first : blockAt(bytes, first.end, 8)
  readTypes(names, bytes, block, isOld ? 4 : 8)
  if (!isOld) readRule(names, bytes.toString('latin1', block.end))
}

function blockAt(bytes: Buffer, at: number, timeBytes: number): Block {
  const count = (index: number): number => bytes.readUInt32BE(at + 20 + index * 4)
  const [ofUtc, ofStandard, leaps, times, types, characters] = [0, 1, 2, 3, 4, 5].map(count) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const start = at + HEADER_BYTES
  const size = times * (timeBytes + 1) + types * TYPE_BYTES + characters
  const end = start + size + leaps * (timeBytes + 4) + ofStandard + ofUtc
  return { times, types, characters, start, end }
}

function readTypes(names: Map<number, string>, bytes: Buffer, block: Block, timeBytes: number): void {
  const indexes = block.start + block.times * timeBytes
  const types = indexes + block.times
  const characters = types + block.types * TYPE_BYTES
  const read = (type: number): void => {
    const at = types + type * TYPE_BYTES
    const from = characters + bytes.readUInt8(at + 5)
    names.set(bytes.readInt32BE(at), bytes.toString('latin1', from, bytes.indexOf(0, from)))
  }
  for (let type = 0; type < block.types; type += 1) read(type)
  // In the order of time, so that the last one stays.
  for (let time = 0; time < block.times; time += 1) read(bytes.readUInt8(indexes + time))
}

const NAME = '(<[^>]+>|[A-Za-z]+)'
const RULE = new RegExp(`^\\n${NAME}([-+]?[\\d:]+)(?:${NAME}([-+]?[\\d:]+)?)?`)
const HOUR = 3600

/** What holds from now on, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`. */
function readRule(names: Map<number, string>, text: string): void {
  const [, standard, west = '', summer, summerWest] = RULE.exec(text) ?? []
  if (standard === undefined) return
  const offset = -secondsOf(west)
  names.set(offset, withoutBrackets(standard))
  if (summer === undefined) return
  names.set(summerWest === undefined ? offset + HOUR : -secondsOf(summerWest), withoutBrackets(summer))
}

const withoutBrackets = (name: string): string => name.replace(/[<>]/g, '')

function secondsOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[-+]/, '').split(':').map(Number)
  return (text.startsWith('-') ? -1 : 1) * (hours * HOUR + minutes * 60 + seconds)
}
