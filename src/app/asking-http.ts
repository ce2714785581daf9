// Asks the sidecar that runs through its listener, which the configuration names. Bounded in time and size; the token
// leaves it in one header alone. What an answer means is for others.
import { Agent, request } from 'undici'
import type { Address } from '../config/address.ts'
import type { HttpSettings } from '../config/settings.ts'
import { boundedBytes } from '../kapacitor/bounded-bytes.ts'

export const ASKING_ERROR_CODES = [
  'listener-off',
  'any-port',
  'unanswered',
  'timeout',
  'unauthorized',
  'refused',
  'not-a-sidecar',
] as const
export type AskingErrorCode = (typeof ASKING_ERROR_CODES)[number]

export class AskingError extends Error {
  readonly code: AskingErrorCode

  constructor(code: AskingErrorCode, message: string) {
    super(message)
    this.name = 'AskingError'
    this.code = code
  }
}

export const WITHIN_MS = 5000
/** The status of a sidecar with ten thousands of tasks. */
const MOST_BYTES = 64 * 1024 * 1024
/** Of what a refusal says. */
const TEXT_LENGTH = 300

/** `127.0.0.1:9192`, also for a listener on all addresses. Throws AskingError: there is none that could be dialled. */
export function listenerOf({ bindAddress }: HttpSettings): string {
  if (!bindAddress) throw new AskingError('listener-off', 'the listener is off ([http] bind-address = "")')
  if (bindAddress.port === 0)
    throw new AskingError('any-port', 'the listener takes any free port ([http] bind-address ends in :0)')
  return dialled(bindAddress)
}

function dialled({ host, port }: Address): string {
  const here = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `${here.includes(':') ? `[${here}]` : here}:${port}`
}

export const credentials = ({ token }: HttpSettings): Record<string, string> =>
  token ? { authorization: `Bearer ${token.reveal()}` } : {}

/** Resolves with the JSON that stands at a path. Rejects with AskingError. */
export async function askSidecar(http: HttpSettings, path: string): Promise<unknown> {
  const at = listenerOf(http)
  const dispatcher = new Agent({ connect: { timeout: WITHIN_MS } })
  const signal = AbortSignal.timeout(WITHIN_MS)
  try {
    const { statusCode, body } = await request(`http://${at}${path}`, {
      ...{ dispatcher, signal, headers: credentials(http) },
    })
    const text = (await boundedBytes(body, MOST_BYTES))?.toString()
    if (text === undefined)
      throw new AskingError('not-a-sidecar', `an answer of more than ${MOST_BYTES} bytes`)
    if (statusCode !== 200) throw refusal(at, statusCode, text)
    return JSON.parse(text)
  } catch (error) {
    throw error instanceof AskingError ? error : failure(at, error)
  } finally {
    await dispatcher.destroy()
  }
}

/** What an answer other than the one that was asked for means. */
export function refusal(at: string, status: number, text: string): AskingError {
  const [line = ''] = text.trim().slice(0, TEXT_LENGTH).split('\n')
  if (status === 401) return new AskingError('unauthorized', `the sidecar at ${at} wants another token`)
  // The sidecar's own refusals are sentences; what is here for others has pages.
  if (status === 403 || status === 503)
    return new AskingError('refused', `what answers at ${at} refuses (${status}): ${line}`)
  return new AskingError('not-a-sidecar', `what answers at ${at} is no sidecar of this version (${status})`)
}

/** What went wrong on the way. */
export function failure(at: string, error: unknown): AskingError {
  const { name, code, message } = error as NodeJS.ErrnoException
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return new AskingError('timeout', `nothing answers at ${at} within ${WITHIN_MS / 1000} s`)
  // undici's name for it, and Node's.
  if (error instanceof SyntaxError || name === 'HTTPParserError' || code?.startsWith('HPE_'))
    return new AskingError('not-a-sidecar', `what answers at ${at} is no sidecar`)
  const why = code === 'ECONNREFUSED' ? 'connection refused' : (code ?? message)
  return new AskingError('unanswered', `nothing answers at ${at} (${why})`)
}
