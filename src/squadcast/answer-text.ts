// One line for a person about what an attempt met: a status with the beginning of the answer, or what went
// wrong on the way. The text may still hold secrets: redact.ts comes after.
import { STATUS_CODES } from 'node:http'
import type { Outcome } from './verdict.ts'

/** What a person calls the failures that Node and undici know by code. */
const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed while the request was written',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name server did not answer',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_SOCKET: 'connection closed before an answer came',
}

export function answerText(outcome: Outcome): string {
  if (outcome.kind === 'failed') return failureText(outcome.error)
  const name = STATUS_CODES[outcome.status]
  const head = name ? `${outcome.status} ${name}` : `${outcome.status}`
  return outcome.body.trim() === '' ? head : `${head}: ${outcome.body}`
}

function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const words = (code && FAILURES[code]) || error.message || error.name
  return code ? `${words} (${code})` : words
}
