// The one place where text of a command leaves for standard output and standard error.
import { guarded, type TerminalText } from '../terminal/text.ts'
import type { ProcessStream, TextStream } from './surroundings.ts'

export class TerminalStream implements TextStream {
  readonly #stream: ProcessStream

  constructor(stream: ProcessStream) {
    this.#stream = stream
  }

  write(text: TerminalText): unknown {
    return this.#stream.write(guarded(text))
  }

  once(event: 'drain', done: () => void): unknown {
    return this.#stream.once?.(event, done)
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true
  }

  get columns(): number | undefined {
    return this.#stream.columns
  }
}
