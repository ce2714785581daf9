// The destination of the house: renders an event in the endpoint's format, posts it to the webhook, judges
// the answer. One attempt at a time asked for; it never repeats one, and never decides what comes next.
import type { Clock } from '../delivery/clock.ts'
import type { Answer, Destination, SendOptions } from '../delivery/destination.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { answerText } from './answer-text.ts'
import { bareIncidentPayload, incidentPayload, type PriorityByLevel } from './incident-payload.ts'
import { bareKapacitorPayload, kapacitorPayload } from './kapacitor-payload.ts'
import { openPost, type Post } from './post.ts'
import { type Redact, redactor } from './redact.ts'
import { bodyWithinBudget } from './shrink.ts'
import { proxyFor } from './tunnel.ts'
import { type Judgement, type Outcome, verdictOf } from './verdict.ts'

export interface SquadcastEndpoint {
  /** The webhook's URL, revealed. It leaves this room in no text. */
  readonly url: string
  readonly format: 'kapacitor' | 'incident'
  /** For one attempt, from connecting to the end of the answer. */
  readonly timeoutMs: number
  /** Connections at most; the dispatcher sends no more at once. */
  readonly concurrency: number
  /** Certificates in PEM that are trusted instead of the system's. */
  readonly ca?: string | undefined
  /** Wins over HTTPS_PROXY and NO_PROXY. */
  readonly proxy?: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly priorityByLevel: PriorityByLevel
  /** Where the proxy is looked up: HTTPS_PROXY (for an http URL HTTP_PROXY) and NO_PROXY, in either case. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Throws an Error with `code` and `hint`, and without secrets, when the endpoint cannot be used as it is. */
export function createSquadcast(endpoint: SquadcastEndpoint, clock: Clock): Destination {
  const url = webhookUrl(endpoint.url)
  const { ca, env, timeoutMs, concurrency, headers } = endpoint
  const post = openPost(
    { url, ca, proxy: endpoint.proxy, env, timeoutMs, connections: concurrency, headers },
    clock,
  )
  const redact = redactor({ url, proxy: proxyFor({ url, proxy: endpoint.proxy, env }), headers })
  return new Squadcast({ endpoint, clock, post, redact })
}

interface Parts {
  readonly endpoint: SquadcastEndpoint
  readonly clock: Clock
  readonly post: Post
  readonly redact: Redact
}

class Squadcast implements Destination {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async send(event: IncidentEvent, options: SendOptions): Promise<Answer> {
    const { clock, post } = this.#parts
    const startedAt = clock.monotonicMs()
    let body: string
    try {
      body = this.#render(event, options)
    } catch (error) {
      // Such an event would hold its lane for ever; refused, it is tried bare and then shown as a dead letter.
      const failed: Outcome = { kind: 'failed', error, begun: false }
      return this.#answer(failed, { verdict: { kind: 'refused' }, received: 'no' }, startedAt)
    }
    const outcome = await post.send(body, options.signal)
    return this.#answer(outcome, verdictOf(outcome, clock.wallMs()), startedAt)
  }

  close(): Promise<void> {
    return this.#parts.post.close()
  }

  #render(event: IncidentEvent, { bare, lateByMs }: SendOptions): string {
    const { format, priorityByLevel } = this.#parts.endpoint
    if (format === 'incident') {
      return bodyWithinBudget(event, part =>
        bare ? bareIncidentPayload(part) : incidentPayload(part, lateByMs, priorityByLevel),
      )
    }
    return bodyWithinBudget(event, part =>
      bare ? bareKapacitorPayload(part) : kapacitorPayload(part, lateByMs),
    )
  }

  #answer(outcome: Outcome, judgement: Judgement, startedAt: number): Answer {
    return {
      ...judgement,
      ...(outcome.kind === 'answered' && { status: outcome.status }),
      text: this.#parts.redact(answerText(outcome)),
      latencyMs: this.#parts.clock.monotonicMs() - startedAt,
    }
  }
}

function webhookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  // NOTE: not quoted, since it is a secret, even if it is a wrong one.
  throw Object.assign(new Error('the webhook URL of the endpoint is not an http:// or https:// URL'), {
    code: 'URL_INVALID',
    hint: 'copy it from the alert source of the service in Squadcast',
  })
}
