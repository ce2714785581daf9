// Why a request is not done, in one sentence that says what to do: Kapacitor writes it into its log.
/** Several values: a line each. */
export type Headers = Readonly<Record<string, string | readonly string[]>>

export class Refusal extends Error {
  readonly status: number
  readonly headers: Headers

  constructor(status: number, message: string, headers: Headers = {}) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.headers = headers
  }
}

export const OWN_FAULT = new Refusal(
  500,
  'the sidecar could not do it, through a fault of its own: its log says more',
)
