// Kapacitor's side of a conversation, for what plays its part: the requests that come seldom, and what the answers
// say. Points, of which there are many, are written by point-writer.ts.

import { frame } from './frame.ts'
import { decodeObject, type InitRequest, type NodeOption, type OptionValue } from './messages.ts'
import { root } from './proto.ts'

const Request = root.lookupType('agent.Request')

export interface BatchEdge {
  readonly name: string
  readonly group: string
  readonly tags: Readonly<Record<string, string>>
}

/** Each a whole frame. */
export const requests = {
  init: ({ options, ...names }: InitRequest): Buffer =>
    encode({ init: { ...names, options: options.map(plainOption) } }),
  begin: (edge: BatchEdge, size: number, byName: boolean): Buffer =>
    encode({ begin: { ...edge, size, byName } }),
  /** @param tmax nanoseconds since the epoch. */
  end: (edge: BatchEdge, tmax: bigint): Buffer => encode({ end: { ...edge, tmax: String(tmax) } }),
}

const encode = (message: Record<string, unknown>): Buffer =>
  frame(Request.encode(Request.fromObject(message)).finish())

const plainOption = ({ name, values }: NodeOption): unknown => ({ name, values: values.map(plainValue) })

const MEMBERS = {
  BOOL: 'boolValue',
  INT: 'intValue',
  DOUBLE: 'doubleValue',
  STRING: 'stringValue',
  DURATION: 'durationValue',
} as const

const plainValue = ({ type, value }: OptionValue): unknown => ({
  type,
  [MEMBERS[type]]: typeof value === 'bigint' ? String(value) : value,
})

/** A point that was handed back: the fields that are texts. 64-bit integers as decimal text. */
export interface AnsweredPoint {
  readonly time: string
  readonly fieldsString: Readonly<Record<string, string>>
}

/** What a Response says; other kinds have nothing that is asked for. */
export interface Answer {
  readonly message: string
  readonly init?: { readonly success: boolean; readonly error: string }
  readonly error?: { readonly error: string }
  readonly point?: AnsweredPoint
}

/** Throws WireError. */
export const decodeAnswer = (body: Uint8Array): Answer => decodeObject('agent.Response', body) as Answer
