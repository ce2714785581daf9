// Frames that no Kapacitor sends and that must not be taken: each is answered by one ErrorResponse.
import { frame } from '../../../src/wire/frame.ts'
import type { EdgeType } from '../../../src/wire/messages.ts'
import type { Chance } from './chance.ts'
import { doubleMember, framed, intMember, Kind, member, tag, varint, WireType } from './encoding.ts'
import { beginFrame, endFrame, padded, pointFrame, pointMessage } from './points.ts'
import { noText, text } from './texts.ts'

type Make = (chance: Chance) => Buffer

const ELEVEN_BYTES = Buffer.of(...new Array<number>(10).fill(0xff), 1)
const TENTH_TOO_LARGE = Buffer.of(...new Array<number>(9).fill(0xff), 2)
const tooLong = (number: number, value: Buffer): Buffer =>
  Buffer.concat([tag(number, WireType.varint), value])

const LENGTHS: readonly Make[] = [
  () => Buffer.of(0),
  () => Buffer.concat([padded(5), Buffer.alloc(5)]),
  () => Buffer.of(0xff, 0xff, 0xff, 0xff, 0x0f),
  () => Buffer.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x01),
]

const ENVELOPES: readonly Make[] = [
  chance => frame(member(19, text(chance))),
  chance => frame(member(0, text(chance))),
  () => frame(intMember(Kind.point, 5)),
  chance => framed('point', pointMessage(chance), member(Kind.keepalive, intMember(1, 1))),
  chance => framed('point', pointMessage(chance), member(Kind.point, pointMessage(chance))),
  chance => framed('point', pointMessage(chance), member(Kind.error, member(1, 'of ours'))),
  chance => framed('keepalive', Buffer.alloc(0), member(Kind.info, pointMessage(chance))),
  chance => framed('point', pointMessage(chance), tooLong(20, ELEVEN_BYTES)),
  chance => framed('point', pointMessage(chance), Buffer.of(0xa3, 1, 0xa4, 1)),
  chance => frame(Buffer.concat([tag(Kind.point, WireType.bytes), varint(99), chance.bytes(9)])),
  () => frame(Buffer.of(0x80)),
  () => Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
]

const entry = (map: number, ...parts: readonly Buffer[]): Buffer => member(map, Buffer.concat(parts))
const key = member(1, 'usage')

const INSIDE_A_POINT: readonly Make[] = [
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 12].map(number => () => intMember(number, 7)),
  ...[1, 11].map(number => () => member(number, 'seven')),
  ...[2, 3, 4, 5, 6].map(number => (chance: Chance) => member(number, noText(chance))),
  ...[7, 8, 9, 10, 12].map(map => (chance: Chance) => entry(map, member(1, noText(chance)))),
  ...[7, 10].map(map => (chance: Chance) => entry(map, key, member(2, noText(chance)))),
  ...[7, 8, 10].map(map => () => entry(map, key, intMember(2, 1))),
  ...[9, 12].map(map => () => entry(map, key, doubleMember(2, 1))),
  ...[7, 8, 9].map(map => () => entry(map, intMember(1, 1))),
  ...[ELEVEN_BYTES, TENTH_TOO_LARGE].flatMap(value => [
    () => tooLong(1, value),
    () => tooLong(11, value),
    () => tooLong(14, value),
    () => entry(9, key, tooLong(2, value)),
    () => entry(12, key, tooLong(2, value)),
    () => entry(7, key, tooLong(3, value)),
  ]),
  () => entry(7, key, Buffer.of(0x12, 0x7f)),
  () => Buffer.of(0x6b, 0x6c),
  () => Buffer.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f),
  () => Buffer.of(0),
]

const inAPoint =
  (make: Make): Make =>
  chance => {
    const whole = pointMessage(chance)
    return framed('point', Buffer.concat(chance.oneIn(2) ? [make(chance), whole] : [whole, make(chance)]))
  }

const EDGES: readonly Make[] = [
  ...[1, 2].map(number => (chance: Chance) => framed('begin', member(number, noText(chance)))),
  ...[1, 2].map(number => (chance: Chance) => framed('end', member(number, noText(chance)))),
  chance => framed('begin', entry(3, key, member(2, noText(chance)))),
  chance => framed('end', entry(4, member(1, noText(chance)))),
  () => framed('begin', intMember(4, -1)),
  () => framed('begin', intMember(4, -(2n ** 63n))),
  () => framed('begin', intMember(4, 2n ** 40n)),
  () => framed('begin', intMember(4, 2n ** 63n - 1n)),
  ...[ELEVEN_BYTES, TENTH_TOO_LARGE].flatMap(value => [
    () => framed('begin', tooLong(4, value)),
    () => framed('begin', tooLong(9, value)),
    () => framed('end', tooLong(3, value)),
    () => framed('end', tooLong(9, value)),
    () => framed('begin', entry(3, key, tooLong(3, value))),
  ]),
]

const SECOND_INIT: Make = () => framed('init', member(2, 'cpu_alert'))

const ANYWHERE = [...LENGTHS, ...ENVELOPES, ...INSIDE_A_POINT.map(inAPoint), SECOND_INIT]

/** After Init was accepted. `inside`: a batch is open. */
export function malformedFrame(chance: Chance, edge: EdgeType, inside: boolean): Buffer {
  if (edge === 'STREAM') return chance.pick([...ANYWHERE, ...EDGES, beginFrame, endFrame])(chance)
  if (inside) return chance.pick([...ANYWHERE, beginFrame])(chance)
  return chance.pick([...LENGTHS, ...ENVELOPES, ...EDGES, ...EDGES, pointFrame, endFrame])(chance)
}
