// What a command may touch of its process; main passes the real one.
import type { Readable } from 'node:stream'
import type { TerminalText } from '../terminal/text.ts'
import type { ExitCode } from './exit-code.ts'

interface StreamOf<Text> {
  /** False: it is full, and says `drain` when it is no more. */
  write(text: Text): unknown
  once?(event: 'drain', done: () => void): unknown
  readonly isTTY?: boolean
  readonly columns?: number | undefined
}

/** What a command writes to. */
export type TextStream = StreamOf<TerminalText>
/** As the process has it. */
export type ProcessStream = StreamOf<string>

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

export type ProcessSurroundings = Omit<CommandSurroundings, 'stdout' | 'stderr'> &
  Readonly<Record<'stdout' | 'stderr', ProcessStream>>

export type Run = () => Promise<ExitCode>
