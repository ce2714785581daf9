// The fields of a line of line protocol: `usage=1.5,text="a b"`. It knows where each begins and ends, so that fields of
// one point that stand on several lines can be put together as text. Pure.
import type { Field } from '../wire/point-writer.ts'
import { ShortTexts } from '../wire/short-texts.ts'
import { FieldValues } from './field-value.ts'
import { found, LineError } from './line-error.ts'
import { unescaped } from './series-key.ts'

const [SPACE, COMMA, EQUALS, BACKSLASH] = [...' ,=\\'].map(sign => sign.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
]

export class LineFields {
  /** Where the fields that were read last end. */
  end = 0
  readonly #values = new FieldValues()
  readonly #names = new ShortTexts()

  /** In the order of the text; of a name that stands twice the last counts. Throws LineError. */
  read(bytes: Buffer, start: number, end: number): Field[] {
    const fields: Field[] = []
    for (let at = start; ; at++) {
      const [name, equals] = this.#name(bytes, at, end)
      const value = this.#values.read(bytes, equals + 1, end)
      const twice = fields.findIndex(([other]) => other === name)
      if (twice >= 0) fields.splice(twice, 1)
      fields.push([name, value])
      at = this.#behindValue(bytes, end)
      if (at === end || bytes[at] === SPACE) return fields
    }
  }

  /** The same text without the fields whose name comes again behind them. Throws LineError. */
  latest(bytes: Buffer, start: number, end: number): Buffer {
    const parts = new Map<string, Buffer>()
    for (let at = start, from = start; from < end; from = at + 1) {
      const [name, equals] = this.#name(bytes, from, end)
      this.#values.read(bytes, equals + 1, end)
      at = this.#behindValue(bytes, end)
      parts.set(name, bytes.subarray(from, at))
    }
    return Buffer.concat([...parts.values()].flatMap((part, at) => (at === 0 ? [part] : [SEPARATOR, part])))
  }

  #name(bytes: Buffer, start: number, end: number): [name: string, equals: number] {
    const equals = nameEnd(bytes, start, end)
    if (equals === start || bytes[equals] !== EQUALS)
      throw new LineError(`expected a field such as usage=1.5, found ${rest(bytes, start, end)}`)
    return [unescaped(this.#names.read(bytes, start, equals)), equals]
  }

  #behindValue(bytes: Buffer, end: number): number {
    const at = this.#values.end
    if (at < end && bytes[at] !== COMMA && bytes[at] !== SPACE)
      throw new LineError(`expected a comma or a space behind a value, found ${rest(bytes, at, end)}`)
    this.end = at
    return at
  }
}

const SEPARATOR = Buffer.from(',')

/** Where the name of a field ends: at a sign that has no backslash in front. It should be an equals sign. */
function nameEnd(bytes: Buffer, from: number, end: number): number {
  let at = from
  for (; at < end; at++) {
    const byte = bytes[at]
    const isSign = byte === EQUALS || byte === COMMA || byte === SPACE
    if (isSign && (at === from || bytes[at - 1] !== BACKSLASH)) break
  }
  return at
}

const rest = (bytes: Buffer, from: number, end: number): string =>
  found(bytes.toString('utf8', from, Math.min(end, from + 200)))
