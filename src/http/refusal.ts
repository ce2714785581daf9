// Why a request is not done, in one sentence that says what to do: Kapacitor writes it into its log.

export class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
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
