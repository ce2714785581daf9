// The four alert levels of Kapacitor, as numbers that compare and names that people read.

/** Kapacitor's alert levels in ascending severity. */
export const Level = { ok: 0, info: 1, warning: 2, critical: 3 } as const
export type Level = (typeof Level)[keyof typeof Level]

/** Names as Kapacitor spells them, indexed by level. */
export const LEVEL_NAMES = ['OK', 'INFO', 'WARNING', 'CRITICAL'] as const
export type LevelName = (typeof LEVEL_NAMES)[number]

export const levelName = (level: Level): LevelName => LEVEL_NAMES[level]

/** Exact spelling only; undefined for anything else. */
export function levelFromName(name: string): Level | undefined {
  switch (name) {
    case 'OK':
      return Level.ok
    case 'INFO':
      return Level.info
    case 'WARNING':
      return Level.warning
    case 'CRITICAL':
      return Level.critical
    default:
      return undefined
  }
}

export const higher = (a: Level, b: Level): Level => (a > b ? a : b)
