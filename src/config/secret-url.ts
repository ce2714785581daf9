// A secret URL by `url`, `url-file` or `url-env`: exactly one of them, and what it leads to must be a URL that
// can be called. Never repeats the URL, nor a part of it.
import { httpUrl, isLoopback } from './address.ts'
import type { Inquiry } from './inquiry.ts'
import type { KeyPath } from './locate.ts'
import { HIDDEN, Secret } from './secret.ts'

export interface UrlSources {
  readonly url?: string | undefined
  readonly 'url-file'?: string | undefined
  readonly 'url-env'?: string | undefined
}

const SOURCES = ['url', 'url-file', 'url-env'] as const

/** Which of the three keys stand in the table at `path`, even if their values are wrong. */
export const sourcesWritten = (path: KeyPath, inquiry: Inquiry): string[] =>
  SOURCES.filter(key => inquiry.document.has([...path, key]))

/** The URL of the table at `path`; undefined if that is a problem, which has been told then. */
export function secretUrl(table: UrlSources, path: KeyPath, inquiry: Inquiry): Secret | undefined {
  const [source, ...more] = sourcesWritten(path, inquiry)
  if (source === undefined) {
    const message = 'missing'
    inquiry.problem([...path, 'url'], { code: 'missing', message, hint: 'give url, url-file or url-env' })
    return undefined
  }
  for (const key of more) {
    const message = `the URL is given by ${source} too`
    inquiry.problem([...path, key], { code: 'conflict', message, hint: 'keep one of them' })
  }
  const text = sourceText(table, path, inquiry)
  return text === undefined ? undefined : checkedUrl(text, [...path, source], inquiry)
}

function sourceText(table: UrlSources, path: KeyPath, inquiry: Inquiry): string | undefined {
  return (
    table.url ??
    inquiry.fileText([...path, 'url-file'], table['url-file']) ??
    inquiry.environmentText([...path, 'url-env'], table['url-env'])
  )
}

function checkedUrl(text: string, path: KeyPath, inquiry: Inquiry): Secret | undefined {
  const url = httpUrl(text)
  if (url === undefined) {
    const message = `expected an http or https URL, got ${text === '' ? 'an empty text' : HIDDEN}`
    inquiry.problem(path, { code: 'bad-value', message })
    return undefined
  }
  warnAbout(url, path, inquiry)
  return new Secret(url.href)
}

function warnAbout(url: URL, path: KeyPath, inquiry: Inquiry): void {
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    const message = 'plain http: whoever sees it pass can use it'
    inquiry.warning(path, { code: 'plain-http', message, hint: 'use https' })
  }
  // RFC 2606: names that never lead anywhere.
  if (/(^|\.)(invalid|example|example\.(com|net|org))$/.test(url.hostname)) {
    const message = 'this is a placeholder: nothing can be delivered'
    inquiry.warning(path, { code: 'placeholder', message, hint: 'put the webhook URL here' })
  }
}
