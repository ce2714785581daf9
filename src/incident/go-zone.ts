// Which time a clock shows at a place. Only UTC's is known here; that of the machine is passed in. Pure.

export interface ZoneAt {
  /** Seconds east of UTC. */
  readonly offset: number
  /** `CEST`; `-03` where a zone has no letters; empty where it is not known. */
  readonly name: string
}

/** @param seconds since the epoch. */
export type Place = (seconds: number) => ZoneAt

const OF_UTC: ZoneAt = { offset: 0, name: 'UTC' }

export const UTC: Place = () => OF_UTC
