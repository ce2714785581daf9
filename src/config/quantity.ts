// Durations, sizes and file modes as people write them, turned into numbers. Pure; undefined for what it
// does not understand, never a guess.

const MS_PER_UNIT: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const BYTES_PER_UNIT: Record<string, number> = {
  '': 1,
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

/** Milliseconds of a duration as a TICKscript spells it: `500ms`, `10s`, `1m30s`, `7d`, `2w`. */
export function durationMs(text: string): number | undefined {
  if (!/^(\d+(ms|[smhdw]))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) {
    total += Number(amount) * MS_PER_UNIT[unit!]!
  }
  return Number.isSafeInteger(total) ? total : undefined
}

/** Bytes of a size: `16MiB` and its kin are powers of 1024, `16MB` and its kin of 1000, a bare number is bytes. */
export function sizeBytes(text: string): number | undefined {
  const [, amount, unit] = /^(\d+) ?([A-Za-z]*)$/.exec(text) ?? []
  const factor = BYTES_PER_UNIT[unit ?? '?']
  if (factor === undefined) return undefined
  const total = Number(amount) * factor
  return Number.isSafeInteger(total) ? total : undefined
}

/** Permission bits of an octal text: `0660` or `660`. */
export function modeBits(text: string): number | undefined {
  return /^0?[0-7]{3}$/.test(text) ? Number.parseInt(text, 8) : undefined
}
