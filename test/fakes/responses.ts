// What the sidecar answers, read as strictly as Kapacitor's life asks for: whole frames, none empty, each with
// exactly one known member set.
import protobuf from 'protobufjs'
import { plainResponse, ResponseType } from './udf-types.ts'

export type PlainResponse = ReturnType<typeof plainResponse>

/** Every response in some bytes, in order. Throws on what could kill Kapacitor. */
export function responsesIn(bytes: Buffer): PlainResponse[] {
  const reader = protobuf.Reader.create(bytes)
  const found: PlainResponse[] = []
  while (reader.pos < bytes.length) {
    const length = reader.uint32()
    const start = reader.pos
    reader.skip(length)
    found.push(soleMember(bytes.subarray(start, start + length)))
  }
  return found
}

function soleMember(body: Buffer): PlainResponse {
  if (body.length === 0) throw new Error('a frame of no bytes')
  const reader = protobuf.Reader.create(body)
  const tag = reader.uint32()
  const field = ResponseType.fieldsById[tag >>> 3]
  if (!field?.partOf || (tag & 7) !== 2) throw new Error(`a response with tag ${tag}`)
  reader.skip(reader.uint32())
  if (reader.pos !== body.length) throw new Error('more than one member in a response')
  return plainResponse(body)
}
