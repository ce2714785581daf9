// A judge whose events are handed on at once, in the order of what happens by the points' own clock.
import type { BatchJudge } from '../incident/batch-judge.ts'
import type { Book } from '../incident/book.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { NodeJudge } from '../incident/judge.ts'
import type { EndpointPolicy, Judgement } from '../incident/judgement.ts'
import type { NodeSettings } from '../incident/node-settings.ts'
import type { Point } from '../incident/point.ts'
import type { BatchHead } from '../incident/rows.ts'
import type { RehearsalTime } from './rehearsal-time.ts'

interface RehearsalJudgeParts {
  readonly book: Book
  readonly policy: () => EndpointPolicy
  readonly time: RehearsalTime
  readonly told: (event: IncidentEvent) => void
}

export class RehearsalJudge extends NodeJudge {
  readonly #time: RehearsalTime
  readonly #told: (event: IncidentEvent) => void

  constructor(settings: NodeSettings, { book, policy, time, told }: RehearsalJudgeParts) {
    super(settings, book, policy, () => time.wallMs())
    this.#time = time
    this.#told = told
  }

  override point(point: Point): Judgement {
    if (this.#time.matters) this.#time.goOnTo(point.time)
    return this.#tell(super.point(point))
  }

  /** A batch comes at its end. */
  override batch(head: BatchHead): BatchJudge {
    const judge = super.batch(head)
    const end = judge.end.bind(judge)
    judge.end = (tmax, points) => {
      if (this.#time.matters) this.#time.goOnTo(tmax)
      return this.#tell(end(tmax, points))
    }
    return judge
  }

  #tell(judgement: Judgement): Judgement {
    const event = typeof judgement === 'object' ? judgement.event : undefined
    // What is held is told when it is due.
    if (event) this.#told(event)
    return judgement
  }
}
