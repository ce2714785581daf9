// What is wrong with one line of a file, in words that say what stood there and what was expected. Pure.

export class LineError extends Error {
  /** A text in it has no end: what follows the line may belong to it. */
  readonly isUnfinished: boolean

  constructor(message: string, isUnfinished = false) {
    super(message)
    this.name = 'LineError'
    this.isUnfinished = isUnfinished
  }
}

/** The same, of a file and with the number of the line. */
export class FileError extends Error {
  /** From 1. */
  readonly line: number

  constructor(file: string, line: number, problem: string) {
    super(`${file}, line ${line}: ${problem}`)
    this.name = 'FileError'
    this.line = line
  }
}

const LONGEST_QUOTE = 40

/** What stood there, cut where it is long. */
export function found(text: string): string {
  if (text === '') return 'the end of the line'
  // Never half of a character.
  const shown = [...text.slice(0, 2 * LONGEST_QUOTE)].slice(0, LONGEST_QUOTE).join('')
  return `'${shown.toWellFormed()}${shown.length < text.length ? '…' : ''}'`
}
