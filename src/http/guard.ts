// Who may ask. A web page that somebody looks at must not reach the listener through their browser (foreign Host,
// foreign Origin); and where there is a token, nobody does without it.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'

export interface GuardSettings {
  /** Whether a host name, in lower case and without a port, always means this machine: the loopback's own. */
  readonly isLoopback: (host: string) => boolean
  /** Further hosts, with or without a port. */
  readonly hosts: readonly string[]
  /** Asked at each request. */
  readonly token: (() => string) | undefined
}

// A line each: browsers look at the first scheme of a line alone. They ask for a password where it is Basic; our page's
// own requests say that they are of a page, so that nobody is asked over and over while it tries again.
const BASIC = 'Basic realm="kapacitor-squadcast"'
const BEARER = 'Bearer realm="kapacitor-squadcast"'

const HOST = /^(\[[^\]]+\]|[^:]*)(?::\d+)?$/

export class Guard {
  readonly #settings: GuardSettings
  readonly #hosts: ReadonlySet<string>

  constructor(settings: GuardSettings) {
    this.#settings = settings
    this.#hosts = new Set(settings.hosts.map(host => host.toLowerCase()))
  }

  /** Throws Refusal. */
  checkOrigin(request: IncomingMessage): void {
    const { host, origin } = request.headers
    if (host !== undefined && !this.#isOwn(host.toLowerCase(), request.socket.localAddress ?? ''))
      throw new Refusal(
        403,
        `requests to this host name are refused: name it in hosts of the sidecar's [http]`,
      )
    if (origin !== undefined && !isSame(origin, host))
      throw new Refusal(403, 'requests from web pages of another origin are refused')
    if (!isOfOwnPage(request)) throw new Refusal(403, 'requests from web pages of another site are refused')
  }

  /** Throws Refusal. */
  checkToken({ headers }: IncomingMessage): void {
    const token = this.#settings.token?.()
    if (token === undefined) return
    const given = givenToken(headers.authorization ?? '')
    if (given !== undefined && isEqual(given, token)) return
    const what = given === undefined ? 'a token is needed' : 'the token is wrong'
    throw new Refusal(
      401,
      `${what}: send the one of the sidecar's token-file, as Authorization: Bearer, or as basic auth's password`,
      { 'www-authenticate': headers['x-requested-with'] === undefined ? [BASIC, BEARER] : BEARER },
    )
  }

  #isOwn(host: string, address: string): boolean {
    const name = HOST.exec(host)?.[1]
    if (name === undefined) return false
    // The very address that was dialled is no foreign name either.
    const isDialled = name.replace(/^\[|\]$/g, '') === address.replace(/^::ffff:/, '')
    return isDialled || this.#settings.isLoopback(name) || this.#hosts.has(host) || this.#hosts.has(name)
  }
}

/**
 * What browsers say of a request that a page makes without an Origin, as for an image. Opening the status page by a link
 * from elsewhere is no such request; what is no browser says nothing.
 */
function isOfOwnPage({ method, headers }: IncomingMessage): boolean {
  const { 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode, 'sec-fetch-dest': target } = headers
  if (site === 'none' || site === 'same-origin') return true
  return method === 'GET' && mode === 'navigate' && target === 'document'
}

/** Whether a page of this origin came from where it now sends to. */
function isSame(origin: string, host: string | undefined): boolean {
  const from = URL.parse(origin)
  return from !== null && from.host !== '' && from.host === URL.parse(`${from.protocol}//${host}`)?.host
}

function givenToken(authorization: string): string | undefined {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return credentials
    case 'basic':
      // The user name is of no interest; a colon in the password is part of it.
      return /:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString())?.[1]
    default:
      return undefined
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** In a time that tells nothing of either, their lengths neither. */
const isEqual = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
