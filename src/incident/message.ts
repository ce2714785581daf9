// The message of an incident for which nobody wrote one.
import type { LevelName } from './level.ts'

/** Kapacitor's default, `{id} is {level}`, for a message that is absent or blank: Chronograf writes `.message('')`. */
export const messageOr = (message: string | undefined, id: string, level: LevelName): string =>
  message !== undefined && message.trim() !== '' ? message : `${id} is ${level}`
