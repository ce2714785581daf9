// What a command may touch of its process; main passes the real one.
import type { Readable } from 'node:stream'
import type { ExitCode } from './exit-code.ts'

export interface TextStream {
  /** False: it is full, and says `drain` when it is no more. */
  write(text: string): unknown
  once?(event: 'drain', done: () => void): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export interface CommandSurroundings {
  /** Without the program's own name. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** For who is asked something, and for data that come by a pipe. */
  readonly stdin?: Readable & { readonly isTTY?: boolean }
  /** For results. */
  readonly stdout: TextStream
  /** For messages. */
  readonly stderr: TextStream
  readonly onSignal: (names: readonly NodeJS.Signals[], handle: (name: NodeJS.Signals) => void) => void
  /** Leaves at once: for the second signal. */
  readonly exit: (code: number) => never
}

/** Colour only on a terminal, and never against NO_COLOR. */
export const wantsColour = (stream: TextStream, env: CommandSurroundings['env']): boolean =>
  stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'

export type Run = () => Promise<ExitCode>
