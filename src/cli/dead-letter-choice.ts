// Which dead letters a command means: by number, endpoint, cause or time, or all. What changes something needs to be
// told so; nothing is the same as all by accident.

export interface LetterChoice {
  readonly seqs?: readonly number[]
  readonly endpoint?: string
  readonly fault?: 'receiver' | 'own'
  readonly since?: number
  readonly until?: number
}

export interface ChoiceOptions {
  readonly endpoint?: string
  readonly fault?: 'receiver' | 'own'
  readonly since?: number
  readonly until?: number
  readonly all?: boolean
}

export function choiceOf(seqs: readonly number[], options: ChoiceOptions): LetterChoice {
  const { endpoint, fault, since, until } = options
  return {
    ...(seqs.length > 0 && { seqs }),
    ...(endpoint !== undefined && { endpoint }),
    ...(fault !== undefined && { fault }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  }
}

/** What is wrong with it, where something is to be changed. */
export function mistakeIn(choice: LetterChoice, all: boolean): string | undefined {
  const isEmpty = Object.keys(choice).length === 0
  if (isEmpty && !all) return 'say which: numbers, --endpoint, --fault, --since, --until, or --all'
  if (!isEmpty && all) return '--all means all: leave out the rest'
  return undefined
}
