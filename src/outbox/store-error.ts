// What goes wrong with the store, with a code that stays and a hint where somebody can act.

export const STORE_ERROR_CODES = [
  'absent',
  'newer-version',
  'in-use',
  'cannot-open',
  'failing',
  'our-fault',
  'closed',
] as const
export type StoreErrorCode = (typeof STORE_ERROR_CODES)[number]

export class StoreError extends Error {
  readonly code: StoreErrorCode
  readonly hint: string | undefined

  constructor(code: StoreErrorCode, message: string, options: ErrorOptions & { hint?: string } = {}) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
    this.hint = options.hint
  }
}

/** As it comes from the store's thread. */
export interface ErrorNotice {
  readonly code: string
  readonly message: string
  readonly hint?: string
}

export const toStoreError = ({ code, message, hint }: ErrorNotice): StoreError =>
  new StoreError(code as StoreErrorCode, message, hint === undefined ? {} : { hint })
