// What the listener tells about itself: one call per happening. Telemetry implements it.

export interface HttpHappenings {
  /** A request was answered with what is wrong about it. */
  refused(happening: {
    readonly method: string
    readonly status: number
    readonly reason: string
    readonly from: string
  }): void
  /** A mistake of our own, answered with 500. */
  failed(happening: { readonly method: string; readonly error: unknown }): void
}
