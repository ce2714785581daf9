// Kapacitor's default details: the whole alert as JSON, with HTML escapes all over. Nobody wants to read it at
// night, so it has to be told from what an author wrote.

const ENTITIES: Readonly<Record<string, string>> = {
  '&#34;': '"',
  '&#39;': "'",
  '&#43;': '+',
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
}
const OWN_KEYS = ['ID', 'Name', 'TaskName', 'Level']

/** Whether it is what `{{ json . }}` makes, which is the alert node's default. */
export function isDefaultDetails(details: string): boolean {
  const text = details.trim()
  if (!/^\{(?:"|&#34;)/.test(text)) return false
  try {
    const data: unknown = JSON.parse(text.replace(/&(?:#\d+|\w+);/g, entity => ENTITIES[entity] ?? entity))
    return OWN_KEYS.every(key => Object.hasOwn(data as object, key))
  } catch {
    return false
  }
}
