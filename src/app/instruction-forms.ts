// What commands and the daemon say to each other through instructions: bodies and answers, by kind. Those of `retry`
// and `discard` are the store's own.

export interface ResolveBody {
  readonly endpoint: string
  readonly incident: string
}

/** muted: contributors are still open, and nothing of them is news. over: all had recovered already. */
export interface ResolveAnswer {
  readonly result: 'muted' | 'over' | 'not-open'
}

export interface TestBody {
  readonly endpoint: string
  /** Of the incident: it names the host and the time. */
  readonly incident: string
}

export type TestAnswer =
  | { readonly result: 'begun'; readonly opening: number; readonly endpoint: string }
  | { readonly result: 'unknown-endpoint' }

/** Any instruction that came to nothing. */
export interface Failed {
  readonly error: string
}

export const isFailed = (answer: unknown): answer is Failed =>
  typeof (answer as Partial<Failed> | undefined)?.error === 'string'
