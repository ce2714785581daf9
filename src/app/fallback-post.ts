// The fallback by URL: one POST of the report, by way of the proxy of the environment where there is one. 2xx is success;
// what it answers is told without the URL.
import { answerText } from '../squadcast/answer-text.ts'
import { openPost } from '../squadcast/post.ts'
import { redactor } from '../squadcast/redact.ts'
import { proxyFor } from '../squadcast/tunnel.ts'
import type { Failure } from './fallback-command.ts'
import type { SystemClock } from './system-clock.ts'

const WITHIN_MS = 30_000

export interface FallbackPostParts {
  /** Revealed. */
  readonly url: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: SystemClock
}

/** Never rejects. Undefined: it was accepted. */
export async function postReport(
  { url: text, env, clock }: FallbackPostParts,
  body: string,
  signal: AbortSignal,
): Promise<Failure> {
  const url = new URL(text)
  const headers = {}
  try {
    const redact = redactor({ url, proxy: proxyFor({ url, proxy: undefined, env }), headers })
    const way = { url, ca: undefined, proxy: undefined, env, timeoutMs: WITHIN_MS }
    const post = openPost({ ...way, connections: 1, headers }, clock)
    const outcome = await post.send(body, signal)
    // Nobody waits for a connection that is in no hurry to end.
    void post.close()
    if (outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300) return undefined
    return { reason: redact(answerText(outcome)) }
  } catch (error) {
    // The address of the proxy, which the error does not repeat.
    return { reason: (error as Error).message }
  }
}
