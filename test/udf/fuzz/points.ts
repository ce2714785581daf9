// Points and batches as Kapacitor would never write them, and yet could be read: maps out of order, names twice,
// in several types, without a key or a value, and members that nobody knows.
import type { Chance } from './chance.ts'
import { doubleMember, framed, intMember, member, tag, varint, WireType } from './encoding.ts'
import { double, levelText, name, text } from './texts.ts'

// Numbers of the maps in Point.
const TAGS = 7
const DOUBLES = 8
const INTS = 9
const STRINGS = 10
const BOOLS = 12
const MAPS = [TAGS, TAGS, DOUBLES, DOUBLES, INTS, STRINGS, STRINGS, BOOLS]

/** A member that Kapacitor of tomorrow may have. */
export function unknownMember(chance: Chance, from: number): Buffer {
  const number = chance.pick([from, from + 1, 1000, 536_870_911])
  const fixed = chance.oneIn(2)
  return chance.pick([
    () => intMember(number, chance.int64()),
    () => member(number, chance.bytes(chance.below(20))),
    () =>
      Buffer.concat([tag(number, fixed ? WireType.fixed64 : WireType.fixed32), chance.bytes(fixed ? 8 : 4)]),
  ])()
}

const VALUES: Readonly<Record<number, (chance: Chance, key: string) => Buffer>> = {
  [TAGS]: (chance, key) => member(2, key === 'level' ? levelText(chance) : text(chance)),
  [DOUBLES]: chance => doubleMember(2, double(chance)),
  [INTS]: chance => intMember(2, chance.int64()),
  [STRINGS]: (chance, key) => member(2, key === 'level' ? levelText(chance) : text(chance)),
  [BOOLS]: chance => intMember(2, chance.pick([0n, 1n, 2n, 1n << 40n])),
}

export function mapEntry(chance: Chance, map: number): Buffer {
  const key = name(chance)
  const parts = [member(1, key), VALUES[map]!(chance, key)]
  if (chance.oneIn(20)) parts.pop()
  if (chance.oneIn(20)) parts.shift()
  if (chance.oneIn(20)) parts.push(member(1, name(chance)))
  if (chance.oneIn(20)) parts.push(unknownMember(chance, 3))
  return member(map, Buffer.concat(chance.oneIn(5) ? parts.reverse() : parts))
}

/** What makes events often: a value to compare, or a level. */
const telling = (chance: Chance): Buffer[] => [
  member(DOUBLES, Buffer.concat([member(1, 'usage'), doubleMember(2, chance.below(100))])),
  member(STRINGS, Buffer.concat([member(1, 'level'), member(2, levelText(chance))])),
]

export function pointMessage(chance: Chance): Buffer {
  const tags = chance.some(5, () => mapEntry(chance, TAGS))
  const parts = [
    intMember(1, chance.int64()),
    member(2, name(chance)),
    member(3, text(chance)),
    member(4, text(chance)),
    member(5, text(chance)),
    ...chance.some(4, () => member(6, name(chance))),
    intMember(11, chance.below(2)),
    ...tags,
    ...chance.some(6, () => mapEntry(chance, chance.pick(MAPS))),
    ...(chance.oneIn(2) ? telling(chance) : []),
    ...(chance.oneIn(10) ? [unknownMember(chance, 13)] : []),
  ]
  const kept = chance.oneIn(4) ? parts.filter(() => !chance.oneIn(3)) : parts
  return Buffer.concat(chance.oneIn(3) ? chance.shuffled(kept) : kept)
}

export const pointFrame = (chance: Chance): Buffer =>
  framed('point', pointMessage(chance), chance.oneIn(15) ? unknownMember(chance, 19) : undefined)

const stringEntry = (map: number, chance: Chance): Buffer =>
  member(map, Buffer.concat([member(1, name(chance)), member(2, text(chance))]))

export function beginFrame(chance: Chance): Buffer {
  const parts = [
    member(1, name(chance)),
    member(2, text(chance)),
    ...chance.some(4, () => stringEntry(3, chance)),
    intMember(4, chance.pick([0, 1, 2, 1000, 100_000])),
    intMember(5, chance.below(2)),
    ...(chance.oneIn(10) ? [unknownMember(chance, 6)] : []),
  ]
  return framed('begin', Buffer.concat(chance.oneIn(3) ? chance.shuffled(parts) : parts))
}

export function endFrame(chance: Chance): Buffer {
  const parts = [
    member(1, name(chance)),
    member(2, text(chance)),
    intMember(3, chance.int64()),
    ...chance.some(4, () => stringEntry(4, chance)),
    ...(chance.oneIn(10) ? [unknownMember(chance, 6)] : []),
  ]
  return framed('end', Buffer.concat(chance.oneIn(3) ? chance.shuffled(parts) : parts))
}

/** A length in front that is not the shortest: legal in a message, never in front of a frame. */
export const padded = (value: number): Buffer => {
  const bytes = varint(value)
  bytes[bytes.length - 1]! |= 0x80
  return Buffer.concat([bytes, Buffer.of(0)])
}
