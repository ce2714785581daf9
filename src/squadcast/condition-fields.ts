// Which fields and tags a condition names, from its text alone, which may have been cut. It never judges a
// condition and never evaluates one.

// A string, a regular expression after its operator, or (captured) a reference.
const QUOTED = /'(?:[^'\\]|\\.)*'|[=!]~\s*\/(?:[^/\\]|\\.)*\/|"((?:[^"\\]|\\.)*)"/gs

/** Names in the order in which they appear, each once. */
export function namedIn(condition: string | undefined): string[] {
  const names = [...(condition ?? '').matchAll(QUOTED)].flatMap(match => match[1] ?? [])
  return [...new Set(names.map(name => name.replaceAll('\\"', '"')))]
}
