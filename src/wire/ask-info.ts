// The other side of a conversation, for who only looks whether a sidecar answers: the question, and what the answer
// says. Kapacitor's own question begins with Info; this one does not, so that the two can be told apart.
import { frame } from './frame.ts'
import { decodeObject, type EdgeType, type ValueType } from './messages.ts'
import { WireError } from './wire-error.ts'

export interface Info {
  readonly wants: EdgeType
  readonly provides: EdgeType
  readonly options: Readonly<Record<string, readonly ValueType[]>>
}

/** A KeepaliveRequest of time 1, then an InfoRequest, which has no fields. */
export const ASK_INFO: Buffer = Buffer.concat([
  frame(Buffer.from([0x1a, 0x02, 0x08, 0x01])),
  frame(Buffer.from([0x0a, 0x00])),
])

/** Undefined: it answers something else. Throws WireError. @param body of a Response's frame. */
export function infoIn(body: Uint8Array): Info | undefined {
  const { message, info } = decodeObject('agent.Response', body) as {
    message?: string
    info?: { wants: EdgeType; provides: EdgeType; options: Record<string, { valueTypes: ValueType[] }> }
  }
  if (message === undefined) throw new WireError('bad-message', 'a response that holds nothing known')
  if (message !== 'info' || !info) return undefined
  const options = Object.entries(info.options).map(([name, { valueTypes }]) => [name, valueTypes] as const)
  return { wants: info.wants, provides: info.provides, options: Object.fromEntries(options) }
}
