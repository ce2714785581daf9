// Replaces given texts wherever they stand in another text. Texts come from points and may be as long as an
// event, which is more than a regular expression can hold.

/** Finds each text literally; where two begin at the same place, the longer one. Needs texts that are not empty. */
export function replaceEach(
  whole: string,
  texts: Iterable<string>,
  replacement: (text: string) => string,
): string {
  const wanted = [...new Set(texts)].map(text => ({ text, at: whole.indexOf(text) }))
  const parts: string[] = []
  let end = 0
  for (;;) {
    let next: { readonly text: string; readonly at: number } | undefined
    for (const one of wanted) {
      if (one.at >= 0 && one.at < end) one.at = whole.indexOf(one.text, end)
      if (one.at < 0) continue
      if (!next || one.at < next.at || (one.at === next.at && one.text.length > next.text.length)) next = one
    }
    if (!next) return parts.join('') + whole.slice(end)
    parts.push(whole.slice(end, next.at), replacement(next.text))
    end = next.at + next.text.length
  }
}
