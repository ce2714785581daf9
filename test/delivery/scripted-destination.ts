// A destination that follows a script: for each incident its answers, in order. An attempt that the script
// does not know fails the test. Answers may be held back until the test lets them go.
import type { ExecutionContext } from 'ava'
import type { Answer, Destination, SendOptions } from '../../src/delivery/destination.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'

const answer = (verdict: Answer['verdict'], received: Answer['received'], status?: number): Answer => ({
  verdict,
  received,
  ...(status === undefined ? {} : { status }),
  text: status === undefined ? verdict.kind : `${status}`,
  latencyMs: 5,
})

export const accepted = answer({ kind: 'delivered' }, 'yes', 202)
export const broken = answer({ kind: 'retry' }, 'maybe', 500)
export const unreachable = answer({ kind: 'retry' }, 'no')
export const forbidden = answer({ kind: 'blocked' }, 'no', 403)
export const refused = answer({ kind: 'refused' }, 'yes', 422)
export const limited = (waitMs: number) => answer({ kind: 'limited', waitMs }, 'no', 429)

export interface Sent {
  readonly incident: string
  readonly seq: number
  readonly kind: string
  readonly bare: boolean
  readonly lateByMs: number
}

/** One answer, the same answer for ever, or an answer that the test holds back. */
export type Line = Answer | Promise<Answer>
export interface Script {
  readonly [incident: string]: readonly Line[] | Answer
}

export class ScriptedDestination implements Destination {
  readonly sent: Sent[] = []
  closed = 0
  underWay = 0
  mostUnderWay = 0
  aborted = 0
  readonly #t: ExecutionContext
  readonly #lines = new Map<string, Line[] | Answer>()

  constructor(t: ExecutionContext, script: Script) {
    this.#t = t
    this.play(script)
  }

  /** Replaces the lines of these incidents. `*` stands for every incident that is not named. */
  play(script: Script): void {
    for (const [incident, lines] of Object.entries(script)) {
      this.#lines.set(incident, 'verdict' in lines ? lines : [...(lines as readonly Line[])])
    }
  }

  /** Incidents in the order of their attempts. */
  get order(): string[] {
    return this.sent.map(({ incident }) => incident)
  }

  get seqs(): number[] {
    return this.sent.map(({ seq }) => seq)
  }

  async send(event: IncidentEvent, { bare, lateByMs, signal }: SendOptions): Promise<Answer> {
    const { incident, kind, message } = event
    this.sent.push({ incident, seq: Number(message), kind, bare, lateByMs })
    signal.addEventListener('abort', () => {
      this.aborted += 1
    })
    this.underWay += 1
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    const said = await this.#next(incident, message)
    this.underWay -= 1
    return said
  }

  async close(): Promise<void> {
    this.closed += 1
  }

  #next(incident: string, seq: string): Line {
    const lines = this.#lines.get(incident) ?? this.#lines.get('*')
    if (lines && 'verdict' in lines) return lines
    const next = lines?.shift()
    if (!next) this.#t.fail(`the script has no line for event ${seq} of incident ${incident}`)
    return next ?? broken
  }
}
