// The points that all scenarios feed: 248 bytes each, frame and all, as a real host's cpu measurement has them.
import { frame } from '../src/wire/frame.ts'
import { encodeRequest } from '../test/fakes/udf-types.ts'

const START_NS = 1_780_000_000_000_000_000n

export interface PointOptions {
  /** Without one the point carries no level. */
  readonly level?: string
  readonly usage?: number
}

/** One point as a frame. */
export function pointFrame(host: string, second: number, { level, usage = 12.5 }: PointOptions = {}): Buffer {
  return frame(
    encodeRequest({
      point: {
        time: String(START_NS + BigInt(second) * 1_000_000_000n),
        name: 'cpu',
        database: 'telegraf',
        retentionPolicy: 'autogen',
        group: `cpu=cpu-total,host=${host}`,
        dimensions: ['cpu', 'host'],
        tags: { cpu: 'cpu-total', host, region: 'eu-west' },
        fieldsDouble: { usage_idle: 87.25, usage_system: 3.5, usage_user: usage },
        fieldsInt: { processes: '212' },
        fieldsString: level === undefined ? {} : { level },
      },
    }),
  )
}

/** Frames of many hosts, one after the other, in pieces of about 64 KB that end with a frame. */
export function blocks(count: number, hosts: number, options: PointOptions, from = 0): Buffer[] {
  const made: Buffer[] = []
  let block: Buffer[] = []
  for (let n = from; n < from + count; n++) {
    block.push(pointFrame(`host${String(n % hosts).padStart(7, '0')}`, n, options))
    if (block.length < 256) continue
    made.push(Buffer.concat(block))
    block = []
  }
  if (block.length > 0) made.push(Buffer.concat(block))
  return made
}

export const initFrame = (taskID: string, options: readonly object[] = []): Buffer =>
  frame(encodeRequest({ init: { taskID, nodeID: 'squadcast2', options } }))

export const keepaliveFrame = (time: number): Buffer =>
  frame(encodeRequest({ keepalive: { time: String(time) } }))
