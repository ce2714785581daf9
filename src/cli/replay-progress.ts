// The line that says how far a replay is: on a terminal only, a few times a second, and out of the way of everything
// else that is written.
import { ERASED_LINE, terminal } from '../terminal/text.ts'
import { counted, lastingText } from './replay-text.ts'
import type { TextStream } from './surroundings.ts'
import { shortTime } from './terminal-lines.ts'

export interface Progress {
  readonly points: number
  /** Lines that are read, while nothing is played yet. */
  readonly reading: number | undefined
  /** 0 to 1; undefined where nobody knows. */
  readonly portion: number | undefined
  /** RFC 3339. */
  readonly time: string | undefined
}

const EVERY_MS = 200
const COLUMNS = 80

export class ProgressLine {
  readonly #stream: TextStream
  readonly #now: () => number
  readonly #startedAt: number
  #shownAt = Number.NEGATIVE_INFINITY
  #isShown = false

  /** @param now monotonic clock, ms. */
  constructor(stream: TextStream, now: () => number) {
    this.#stream = stream
    this.#now = now
    this.#startedAt = now()
  }

  /** @param look asked only when it is time to show it. */
  update(look: () => Progress): void {
    if (!this.#stream.isTTY || this.#now() - this.#shownAt < EVERY_MS) return
    this.#shownAt = this.#now()
    this.#isShown = true
    this.#stream.write(terminal`${ERASED_LINE}${this.#text(look())}`)
  }

  /** Makes room for another line. */
  clear(): void {
    if (this.#isShown) this.#stream.write(ERASED_LINE)
    this.#isShown = false
  }

  #text({ points, reading, portion, time }: Progress): string {
    const seconds = (this.#now() - this.#startedAt) / 1000
    const done = reading ?? points
    const speed = seconds > 1 ? `${counted(Math.round(done / seconds))} a second` : ''
    // One column less: a full line would break. A terminal without a size says 0.
    const columns = (this.#stream.columns || COLUMNS) - 1
    return [
      portion === undefined ? lastingText(seconds) : `${Math.floor(portion * 100)} %`,
      reading === undefined ? `${counted(points)} points` : `reading, ${counted(reading)} lines`,
      time === undefined ? '' : shortTime(time),
      speed,
    ]
      .filter(part => part !== '')
      .reduce((line, part) => (line.length + 2 + part.length > columns ? line : `${line}  ${part}`))
      .slice(0, columns)
  }
}
