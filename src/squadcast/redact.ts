// Keeps secrets out of every text that leaves this room: the webhook URL, what is secret in it (path, query,
// user, password), the proxy's login, and the values of extra headers. It knows nothing of where a text goes.
import { basicLogin, percentDecoded } from './basic-login.ts'

const HIDDEN = '(hidden)'
const LONGEST_TEXT = 500
const CUT_SHORT_FROM = 10_000

/** In the addresses of alert sources and in headers these tell nothing. Every other word counts as secret. */
const PUBLIC_WORDS = new Set(
  'alert alerts basic bearer events hook hooks incident incidents kapacitor squadcast webhook webhooks'.split(
    ' ',
  ),
)
/** What is shorter occurs by chance in many texts, and protects nothing. */
const SHORTEST_SECRET = 4

export interface Secrets {
  readonly url: URL
  readonly proxy?: URL | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** Turns any text into one line of at most 500 characters in which no secret is left. */
export type Redact = (text: string) => string

export function redactor(secrets: Secrets): Redact {
  const words = [...secretsOf(secrets)].flatMap(spellings).filter(word => word !== '')
  const longest = Math.max(...words.map(word => word.length))
  const pattern = anyOf(words)
  return text => {
    const line = oneLine(text).replace(pattern, HIDDEN)
    // A text this long may end in the middle of a secret, since an answer is read only in part.
    return cut(text.length > CUT_SHORT_FROM ? line.slice(0, -longest) : line)
  }
}

/** Control characters and line breaks become blanks. */
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim()

function cut(line: string): string {
  if (line.length <= LONGEST_TEXT) return line
  return `${line
    .slice(0, LONGEST_TEXT - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '')}…`
}

function* secretsOf({ url, proxy, headers }: Secrets): Generator<string> {
  yield url.href
  if (url.pathname.length > SHORTEST_SECRET) yield url.pathname
  yield url.search
  const parts = [...url.pathname.split('/'), ...[...url.searchParams].flat(), url.hash.slice(1)]
  for (const part of [...parts, ...loginsOf(url), ...loginsOf(proxy), ...valuesOf(headers)]) {
    if (part.length >= SHORTEST_SECRET && !PUBLIC_WORDS.has(part.toLowerCase())) yield part
  }
  if (proxy && loginsOf(proxy).length > 0) yield proxy.href
}

function loginsOf(url: URL | undefined): string[] {
  const login = url && basicLogin(url)
  return login ? [url.username, url.password, login.slice('Basic '.length)] : []
}

/** Whole, and word by word, since a scheme such as Bearer may stand in front. */
const valuesOf = (headers: Readonly<Record<string, string>>): string[] =>
  Object.values(headers).flatMap(value => [value, ...value.split(' ')])

/** Finds each word literally; where two begin at the same place, the longer one. */
function anyOf(words: readonly string[]): RegExp {
  const longestFirst = [...new Set(words)].sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map(literally).join('|'), 'gi')
}

const literally = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** A server may give back what it was sent decoded, in JSON, or in HTML. */
function spellings(secret: string): string[] {
  const plain = [secret, percentDecoded(secret), encodeURIComponent(percentDecoded(secret))]
  return plain.flatMap(text => [
    oneLine(text),
    oneLine(JSON.stringify(text).slice(1, -1)),
    oneLine(text.replaceAll('/', '\\/')),
    oneLine(text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')),
    oneLine(text.replaceAll('/', '&#x2F;')),
  ])
}
