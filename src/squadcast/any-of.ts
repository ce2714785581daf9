// A pattern that finds given texts in another text, and nothing else.

/** Finds each text literally; where two begin at the same place, the longer one. Needs at least one text. */
export function anyOf(texts: Iterable<string>, flags: string): RegExp {
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map(literally).join('|'), flags)
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
