// Asks whoever listens on a socket what Kapacitor asks at its start, and leaves: is it a sidecar, for which edges, with
// which options? It starts nothing and stops nothing there.
import { connect } from 'node:net'
import { ASK_INFO, type Info, infoIn } from '../../wire/ask-info.ts'
import { FrameReader } from '../../wire/frame.ts'
import type { SystemClock } from '../system-clock.ts'

/** nobody: the file is left from a dead process. silent: it accepts, and does not answer in time. */
export type SidecarAnswer =
  | { readonly kind: 'answered'; readonly info: Info }
  | { readonly kind: 'nobody' | 'forbidden' | 'silent' | 'stranger' }

const LONGEST_ANSWER = 1024 * 1024
const BY_CODE: Readonly<Record<string, 'nobody' | 'forbidden'>> = {
  ECONNREFUSED: 'nobody',
  ENOENT: 'nobody',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
}

export function askSidecar(
  path: string,
  clock: Pick<SystemClock, 'after'>,
  withinMs: number,
): Promise<SidecarAnswer> {
  return new Promise(resolve => {
    const reader = new FrameReader(LONGEST_ANSWER)
    const socket = connect(path, () => socket.write(ASK_INFO))
    const over = (answer: SidecarAnswer): void => {
      cancel()
      socket.destroy()
      resolve(answer)
    }
    const cancel = clock.after(withinMs, () => over({ kind: 'silent' }))
    socket.on('data', chunk => {
      try {
        reader.read(chunk as Buffer, (bytes, start, end) => {
          const info = infoIn(bytes.subarray(start, end))
          if (info) over({ kind: 'answered', info })
        })
      } catch {
        over({ kind: 'stranger' })
      }
    })
    socket.on('end', () => over({ kind: 'stranger' }))
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => over({ kind: BY_CODE[code] ?? 'stranger' }))
  })
}
