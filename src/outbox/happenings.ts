// What the store tells of itself without being asked.

export interface OutboxHappenings {
  /** Another program holds the file: writes wait and are tried again. */
  storeFailing(happening: { readonly message: string; readonly waiting: number }): void
  /** The disk takes nothing: what comes now is kept in memory only. */
  storeVolatile(happening: { readonly message: string }): void
  /** After either: everything is on the disk. */
  storeRecovered(): void
  /** The file was damaged, has another name now, and this much of it could be read. */
  storeSetAside(happening: {
    readonly path: string
    readonly reason: string
    readonly incidents: number
    readonly pending: number
  }): void
  /** History went; dead letters only to make room. */
  storePruned(happening: {
    readonly why: 'old' | 'for-room'
    readonly events: number
    readonly deadLetters: number
  }): void
  storeReserveGivenUp(): void
  /** So many stand in the store: at the start, and after each change. */
  deadLettersCounted(count: number): void
  /** A stored event is damaged: a dead letter. */
  eventUnreadable(happening: { readonly seq: number; readonly error: unknown }): void
}
