// What Kapacitor says on a socket, message by message, as the bytes it sends. Points of a stream and options with
// texts are in peer.ts.
import { frame } from '../../src/wire/frame.ts'
import { encodeRequest } from './udf-types.ts'

export type Message = Record<string, unknown>

export const bytesOf = (...messages: readonly Message[]): Buffer =>
  Buffer.concat(messages.map(message => frame(encodeRequest(message))))

export const init = (...options: readonly Message[]): Message => ({
  init: { taskID: 'cpu_alert', nodeID: 'squadcast2', options },
})

/** `.passThrough()` */
export const flag = (name: string): Message => ({ name, values: [] })

export const SECOND = 1_000_000_000n
export const START = 1_780_000_000n * SECOND

/** Begin of a batch of `cpu`, grouped by host. */
export const begin = (host: string, tags: Readonly<Record<string, string>> = {}): Message => ({
  begin: { name: 'cpu', group: `host=${host}`, tags: { host, ...tags }, size: '2' },
})

export const batchPoint = (host: string, fields: Message, second = 0): Message => ({
  point: { time: String(START + BigInt(second) * SECOND), group: `host=${host}`, tags: { host }, ...fields },
})

export const end = (host: string, tags: Readonly<Record<string, string>> = {}): Message => ({
  end: { name: 'cpu', group: `host=${host}`, tags: { host, ...tags }, tmax: String(START + 10n * SECOND) },
})
