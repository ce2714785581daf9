// How the value of each kind of key is spelled. Every error text here is what was expected, in words that fit
// after "expected"; what was written instead is added, or hidden, where the problem is told.
import { z } from 'zod'
import { LEVEL_NAMES, type LevelName } from '../incident/level.ts'
import { httpUrl, listenAddress } from './address.ts'
import { anyOf } from './problems.ts'
import { durationMs, modeBits, sizeBytes } from './quantity.ts'
import { Secret } from './secret.ts'

/** A text that `read` understands; it answers undefined for what it does not. */
export function spelled<T>(expected: string, read: (text: string) => T | undefined) {
  return z.string(expected).transform((text, issues) => {
    const value = read(text)
    if (value !== undefined) return value
    issues.addIssue({ code: 'custom', message: expected })
    return z.NEVER
  })
}

const matching = (expected: string, pattern: RegExp) =>
  spelled(expected, text => (pattern.test(text) ? text : undefined))

export const flag = z.boolean('true or false')

/** A URL, which is looked at only once its source is known: it may also come from a file or the environment. */
export const anyText = z.string('a text in quotes')

export function integer(lowest: number, highest: number) {
  const expected = `a whole number from ${lowest} to ${highest}`
  return z.int(expected).min(lowest, expected).max(highest, expected)
}

export function oneOf<const T extends readonly string[]>(choices: T) {
  return z.enum(choices, anyOf(choices.map(choice => `"${choice}"`)))
}

/** In milliseconds. The bounds are durations too. */
export function duration(shortest: string, longest: string) {
  const within = between(durationMs(shortest)!, durationMs(longest)!)
  const expected = `a duration from ${shortest} to ${longest}, such as "30s" or "1m30s"`
  return spelled(expected, text => within(durationMs(text)))
}

/** In bytes: a text with a unit, or a bare number. The bounds are sizes too. */
export function size(smallest: string, largest: string) {
  const within = between(sizeBytes(smallest)!, sizeBytes(largest)!)
  const expected = `a size from ${smallest} to ${largest}, such as "16MiB"`
  return z.union([anyText, z.int()], expected).transform((written, issues) => {
    const bytes = within(sizeBytes(String(written)))
    if (bytes !== undefined) return bytes
    issues.addIssue({ code: 'custom', message: expected })
    return z.NEVER
  })
}

const between = (lowest: number, highest: number) => (value: number | undefined) =>
  value !== undefined && value >= lowest && value <= highest ? value : undefined

export const fileMode = spelled('permissions in octal, such as "0660"', modeBits)

/** A text with "://" in it is a URL in the wrong place, and would be repeated in messages about the file. */
export const filePath = spelled('the path of a file', text =>
  text.trim() !== '' && !text.includes('://') && !text.includes('\0') ? text : undefined,
)

export const environmentName = matching('the name of an environment variable', /^[A-Za-z_][A-Za-z0-9_]*$/)

export const groupName = matching('the name of a group, or "" for none', /^[A-Za-z0-9_.-]*$/)

const ENDPOINT_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/
export const endpointName = matching('a name of at most 64 letters, digits, "-", "_" and "."', ENDPOINT_NAME)

/** null stands for "". */
export const endpointOrNone = spelled('the name of an endpoint, or ""', text =>
  text === '' ? null : ENDPOINT_NAME.test(text) ? text : undefined,
)

export const functionName = matching(
  'the name of a function as in kapacitor.conf, without "@"',
  /^[\p{L}_][\p{L}\p{N}_]*$/u,
)

/** Basic authentication (RFC 7617) ends the user name at the first colon. */
export const userName = matching('a user name without ":"', /^[^:\p{Cc}]+$/u)

export const hostName = matching(
  'a host as it stands in a Host header',
  /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/,
)

const LEVELS = LEVEL_NAMES.filter(name => name !== 'OK')

/** A level that can open an incident, in any case. */
export const alertLevel = spelled('INFO, WARNING or CRITICAL', (text): Exclude<LevelName, 'OK'> | undefined =>
  LEVELS.find(name => name === text.toUpperCase()),
)

/** null stands for "", which turns the listener off. */
export const bindAddress = spelled('an address and a port, such as "127.0.0.1:9192", or ""', text =>
  text === '' ? null : listenAddress(text),
)

/** null stands for "". Refuses credentials: this URL is shown and logged. */
export const serverUrl = spelled('an http or https URL without user name and password, or ""', text => {
  if (text === '') return null
  const url = httpUrl(text)
  return url && !url.username && !url.password ? url.href.replace(/\/+$/, '') : undefined
})

export const proxyUrl = spelled('the http or https URL of a proxy', text => {
  const url = httpUrl(text)
  return url && new Secret(url.href)
})

// What the body's encoding and the connection fix, so that a request never contradicts itself.
const OWN_HEADERS =
  /^(content-(length|type|encoding)|transfer-encoding|connection|keep-alive|upgrade|expect|te)$/i

/** A token of RFC 9110, in lower case. */
export const headerName = spelled('the name of a header, none that the sidecar sets itself,', text =>
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text) && !OWN_HEADERS.test(text) ? text.toLowerCase() : undefined,
)

/** A field value of RFC 9110; it may well be a credential. */
export const headerValue = spelled('a text on one line, of characters that fit in a header', text =>
  /^[\t\x20-\x7e\x80-\xff]*$/.test(text) ? new Secret(text) : undefined,
)

const PROGRAM = 'a list of texts: a program, then its arguments'

/** A text alone is a program without arguments. */
export const command = z
  .union([anyText, z.array(anyText)], PROGRAM)
  .transform(written => [written].flat())
  .refine(([program]) => program !== undefined && program !== '', PROGRAM)
