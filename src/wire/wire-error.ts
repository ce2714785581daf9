// The one error of this room: bytes that are not what Kapacitor's protocol allows.

export const WIRE_ERROR_CODES = ['frame-too-long', 'bad-length', 'empty-frame', 'bad-message'] as const
export type WireErrorCode = (typeof WIRE_ERROR_CODES)[number]

/** Malformed input of one connection. The message is fit for Kapacitor's log. */
export class WireError extends Error {
  readonly code: WireErrorCode

  constructor(code: WireErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'WireError'
    this.code = code
  }
}
