// Incidents about the sidecar itself. They are incidents as any other: in the book, committed with their events, in order,
// known after a restart by their contributors. Each trouble is a contributor of its own. Pure: facts in, changes out.
import type { Book } from '../incident/book.ts'
import { boundedEvent } from '../incident/bounded-event.ts'
import type { Contributor } from '../incident/contributors.ts'
import { durationSince } from '../incident/duration.ts'
import type { IncidentEvent } from '../incident/event.ts'
import { ITSELF } from '../incident/itself.ts'
import type { Change, EndpointPolicy } from '../incident/judgement.ts'
import { Level, levelName } from '../incident/level.ts'
import type { Decision, News } from '../incident/observation.ts'
import { type Course, Courses } from './courses.ts'
import { type Facts, look } from './look.ts'
import { incidentOf, keyOf, type Subject, subjectOf } from './trouble.ts'
import { noLongerToldMessage, overMessage, troubleDetails, troubleMessage } from './words.ts'

/** More of what was told is told again after so long, ms. */
const AGAIN_AFTER_MS = 86_400_000

export interface SelfMoment {
  /** Since the last look, ms. */
  readonly elapsedMs: number
  /** Wall clock, ms. */
  readonly at: number
  /** Wall clock, nanoseconds. */
  readonly time: bigint
}

/** One trouble that stands. */
export interface SelfTrouble {
  readonly cause: string
  /** Endpoint or task; empty where there is but one of its kind. */
  readonly name: string
  /** Whether its incident was made; else it has not stood for long enough. */
  readonly isTold: boolean
  /** Absent: it was told before the start, and not seen since. */
  readonly text?: string
}

/** What became of one incident in this look. */
interface Outcome {
  readonly endpoint: string
  readonly id: string
  readonly subject: Subject | undefined
  readonly decisions: Decision[]
  /** It is not told here any more, over or not. */
  isMoved: boolean
}

export class SelfIncidents {
  readonly #book: Book
  readonly #host: string
  readonly #courses = new Courses()

  /** @param began outages that the last daemon saw begin, and how long ago, ms. */
  constructor(book: Book, host: string, began: readonly { endpoint: string; agoMs: number }[] = []) {
    this.#book = book
    this.#host = host
    for (const { endpoint: name, agoMs } of began) this.#courses.began({ cause: 'endpoint', name }, agoMs)
    for (const { who, level } of this.#contributors()) {
      const subject = subjectOf(who.group)
      if (subject) this.#courses.restore(subject, level)
    }
  }

  /** Incidents that are open. */
  get open(): number {
    return new Set(this.#contributors().map(({ incident }) => incident)).size
  }

  status(): SelfTrouble[] {
    return [...this.#courses.all()].map(({ cause, name, isTold, trouble }) => ({
      ...{ cause, name, isTold },
      ...(trouble && { text: trouble.text }),
    }))
  }

  /** Undefined: nobody is told, so that what is open ends. */
  look(facts: Facts, policy: EndpointPolicy | undefined, moment: SelfMoment): Change[] {
    const outcomes = new Map<string, Outcome>()
    this.#leave(policy, moment, outcomes)
    if (policy) this.#turn(facts, policy, moment, outcomes)
    else this.#courses.clear()
    return [...outcomes.values()].map(outcome => this.#change(outcome, moment))
  }

  #turn(facts: Facts, policy: EndpointPolicy, moment: SelfMoment, outcomes: Map<string, Outcome>): void {
    const { tell, over } = this.#courses.look(look(facts), moment.elapsedMs)
    for (const course of tell) this.#tell(course, policy, moment, outcomes)
    const ended = new Set(over.map(keyOf))
    for (const contributor of this.#contributors())
      if (ended.has(contributor.who.group)) this.#recover(contributor, moment, outcomes)
  }

  /** What stands open where nobody is told any more; of versions that knew more, too. */
  #leave(policy: EndpointPolicy | undefined, moment: SelfMoment, outcomes: Map<string, Outcome>): void {
    for (const contributor of this.#contributors()) {
      const { endpoint, group } = contributor.who
      const subject = subjectOf(group)
      if (subject && endpoint === policy?.endpoint) continue
      this.#recover(contributor, moment, outcomes, true)
      if (subject) this.#courses.untell(subject)
    }
  }

  #tell(
    course: Course,
    policy: EndpointPolicy,
    { at, time }: SelfMoment,
    outcomes: Map<string, Outcome>,
  ): void {
    const { endpoint, minLevel, retriggerOnRise } = policy
    const who = { ...ITSELF, endpoint, id: incidentOf(this.#host, course), group: keyOf(course) }
    const decision = this.#book.observe({
      ...who,
      level: course.level >= minLevel ? course.level : Level.ok,
      ...{ time, at, retriggerOnRise, tellAgainAfterMs: AGAIN_AFTER_MS, noRecoveries: false },
    })
    if (decision) outcomeOf(who, outcomes).decisions.push(decision)
  }

  #recover(
    { who }: Contributor,
    { at, time }: SelfMoment,
    outcomes: Map<string, Outcome>,
    isMoved = false,
  ): void {
    const seen = { ...who, level: Level.ok, time, at, retriggerOnRise: true, noRecoveries: false }
    const decision = this.#book.observe(seen)
    if (!decision) return
    const outcome = outcomeOf(who, outcomes)
    outcome.decisions.push(decision)
    outcome.isMoved = isMoved
  }

  #change(outcome: Outcome, moment: SelfMoment): Change {
    const { endpoint, decisions } = outcome
    const changes = decisions.flatMap(decision => decision.changes)
    const { opening, news } = decisions.find(decision => decision.news) ?? decisions[0]!
    const change = { changes, opening, endpoint, level: news?.level ?? Level.ok }
    return news ? { ...change, event: this.#event(outcome, news, moment) } : change
  }

  #event({ id, subject, isMoved }: Outcome, news: News, { time }: SelfMoment): IncidentEvent {
    const host = this.#host
    const known = [...this.#courses.all()].filter(course => course.isTold && incidentOf(host, course) === id)
    // The worst first.
    known.sort((a, b) => b.level - a.level)
    const isTrigger = news.kind === 'trigger'
    const over = isMoved || !subject ? noLongerToldMessage(host) : overMessage(host, subject)
    return boundedEvent({
      ...{ kind: news.kind, incident: id },
      ...{ level: levelName(news.level), previousLevel: levelName(news.previousLevel) },
      message: isTrigger ? troubleMessage(host, known) : over,
      details: isTrigger ? troubleDetails(known) : '',
      time,
      duration: durationSince(news.openedTime, time),
      recoverable: true,
      ...{ ...ITSELF, group: `host=${host}`, groupTags: { host }, series: [] },
    })
  }

  #contributors(): Contributor[] {
    return [...this.#book.ofNode(ITSELF.task, ITSELF.node)]
  }
}

function outcomeOf(
  { endpoint, id, group }: { readonly endpoint: string; readonly id: string; readonly group: string },
  outcomes: Map<string, Outcome>,
): Outcome {
  const key = `${endpoint}\0${id}`
  const known = outcomes.get(key)
  if (known) return known
  const outcome = { endpoint, id, subject: subjectOf(group), decisions: [], isMoved: false }
  outcomes.set(key, outcome)
  return outcome
}
