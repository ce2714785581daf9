// How much memory this process really holds: objects and buffers that somebody still refers to.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes, after what is garbage has gone. */
export function heldMemory(): number {
  collectGarbage()
  // Buffers of the first round are let go of in a thread of their own; the second waits for that.
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
