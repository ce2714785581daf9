// A file as text, whatever it turns out to be: a pipe that no one writes to, or a device without end, is an error and
// holds no one up.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { LARGEST_FILE_BYTES } from './unreadable.ts'

const STEP_BYTES = 64 * 1024
/** For who writes into a pipe, as `--config <(...)` does. */
const WRITER_WITHIN_MS = 5000
const LOOK_EVERY_MS = 10

/** UTF-8, without a byte order mark. Throws as node:fs does, also for what is too large, never comes or is not UTF-8. */
export function readText(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (fstatSync(file).size > LARGEST_FILE_BYTES) throw failure('EFBIG')
    return new TextDecoder('utf-8', { fatal: true }).decode(allOf(file))
  } finally {
    closeSync(file)
  }
}

function allOf(file: number): Buffer {
  const parts: Buffer[] = []
  let bytes = 0
  let patienceMs = WRITER_WITHIN_MS
  for (;;) {
    const part = readPart(file)
    if (part === undefined) {
      patienceMs -= LOOK_EVERY_MS
      if (patienceMs <= 0) throw failure('ETIMEDOUT')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_EVERY_MS)
      continue
    }
    if (part.length === 0) return Buffer.concat(parts)
    bytes += part.length
    if (bytes > LARGEST_FILE_BYTES) throw failure('EFBIG')
    parts.push(part)
  }
}

/** Empty: it has ended. Undefined: there is nothing yet. */
function readPart(file: number): Buffer | undefined {
  const part = Buffer.allocUnsafe(STEP_BYTES)
  try {
    return part.subarray(0, readSync(file, part))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}

const failure = (code: string): Error => Object.assign(new Error(code), { code })
