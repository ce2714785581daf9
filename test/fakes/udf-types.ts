// The full decoder: protobufjs on every message, as Kapacitor's own agents do it. The measure for the partial one.
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const root = protobuf.loadSync(fileURLToPath(new URL('../../proto/udf.proto', import.meta.url)))
export const RequestType = root.lookupType('agent.Request')
export const ResponseType = root.lookupType('agent.Response')
export const PointType = root.lookupType('agent.Point')

export interface PlainPoint {
  time: string
  name: string
  database: string
  retentionPolicy: string
  group: string
  dimensions: string[]
  tags: Record<string, string>
  fieldsDouble: Record<string, number>
  fieldsInt: Record<string, string>
  fieldsString: Record<string, string>
  fieldsBool: Record<string, boolean>
  byName: boolean
}

const PLAIN = { longs: String, enums: String, defaults: true, oneofs: true } as const

export const plainRequest = (body: Uint8Array): Record<string, unknown> & { message: string } =>
  RequestType.toObject(RequestType.decode(body), PLAIN) as Record<string, unknown> & { message: string }

export const plainResponse = (body: Uint8Array): Record<string, unknown> & { message: string } =>
  ResponseType.toObject(ResponseType.decode(body), PLAIN) as Record<string, unknown> & { message: string }

export const plainPoint = (body: Uint8Array): PlainPoint =>
  PointType.toObject(PointType.decode(body), PLAIN) as PlainPoint

export const encodeRequest = (message: Record<string, unknown>): Buffer =>
  Buffer.from(RequestType.encode(RequestType.fromObject(message)).finish())
