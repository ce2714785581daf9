// Counts requests as the receiver might: in windows of a minute at every phase.

/** The most moments that any minute holds, its ends included. */
export function mostInOneMinute(moments: readonly number[]): number {
  const sorted = [...moments].sort((a, b) => a - b)
  let first = 0
  let most = 0
  for (const [index, moment] of sorted.entries()) {
    while ((sorted[first] as number) < moment - 60_000) first += 1
    most = Math.max(most, index - first + 1)
  }
  return most
}
