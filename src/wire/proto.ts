// The messages of Kapacitor's protocol as proto/udf.proto has them, read once.
import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'

export const { root } = protobuf.parse(
  readFileSync(new URL('../../proto/udf.proto', import.meta.url), 'utf8'),
)
