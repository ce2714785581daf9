// How long each trouble has stood or been gone, so that nobody is told of what comes and goes by itself, and nothing is
// told twice.
//
// seen     wrong, and not told: time adds up while it is seen; a pause that is shorter than what counts as gone does not end
//          it.
//            leaves: to told, when it has stood for long enough; forgotten, when it was gone for long enough
// told     somebody was told.
//            enters: too with what the last daemon told
//            leaves: forgotten, when it was gone for long enough
// What is unknown stays as it is, and no time adds up.
import type { Level } from '../incident/level.ts'
import type { Look } from './look.ts'
import { keyOf, PATIENCE, type Subject, type Trouble } from './trouble.ts'

export interface Course extends Subject {
  isTold: boolean
  /** How it was seen last; undefined: not since the start. */
  trouble: Trouble | undefined
  /** What was told; meaningless before. */
  level: Level
  extent: number | undefined
  seenMs: number
  goneMs: number
}

export interface Turns {
  /** To be told now: new, or with another level, or more of it. */
  readonly tell: readonly Course[]
  readonly over: readonly Course[]
}

export class Courses {
  readonly #courses = new Map<string, Course>()

  all(): IterableIterator<Course> {
    return this.#courses.values()
  }

  /** What the last daemon told. */
  restore(subject: Subject, level: Level): void {
    Object.assign(this.#course(subject), { isTold: true, level })
  }

  /** What began under the last daemon, and was not told. */
  began(subject: Subject, agoMs: number): void {
    const course = this.#course(subject)
    course.seenMs = Math.min(Math.max(agoMs, 0), PATIENCE[subject.cause].standsMs)
  }

  /** It is to be told anew, as soon as it is seen. */
  untell(subject: Subject): void {
    const course = this.#course(subject)
    course.isTold = false
    course.seenMs = PATIENCE[subject.cause].standsMs
  }

  clear(): void {
    this.#courses.clear()
  }

  /** @param elapsedMs since the last look. */
  look({ troubles, isUnknown }: Look, elapsedMs: number): Turns {
    const tell: Course[] = []
    const over: Course[] = []
    const seen = new Set(troubles.map(keyOf))
    for (const trouble of troubles) {
      const course = this.#course(trouble)
      if (isToTell(course, trouble, elapsedMs)) tell.push(course)
    }
    for (const [key, course] of this.#courses) {
      if (seen.has(key) || isUnknown(course)) continue
      course.goneMs += elapsedMs
      if (course.goneMs < PATIENCE[course.cause].goneMs) continue
      this.#courses.delete(key)
      if (course.isTold) over.push(course)
    }
    return { tell, over }
  }

  #course({ cause, name }: Subject): Course {
    const key = keyOf({ cause, name })
    const known = this.#courses.get(key)
    if (known) return known
    const course: Course = {
      ...{ cause, name, isTold: false, trouble: undefined, level: 0, extent: undefined },
      ...{ seenMs: 0, goneMs: 0 },
    }
    this.#courses.set(key, course)
    return course
  }
}

function isToTell(course: Course, trouble: Trouble, elapsedMs: number): boolean {
  const { level, extent } = trouble
  // The first look began the time.
  if (course.trouble && course.goneMs === 0) course.seenMs += elapsedMs
  Object.assign(course, { trouble, goneMs: 0 })
  if (!course.isTold && course.seenMs < PATIENCE[course.cause].standsMs) return false
  const isMore = extent !== undefined && course.extent !== undefined && extent > course.extent
  const isNews = !course.isTold || level !== course.level || isMore
  Object.assign(course, { isTold: true, level, extent })
  return isNews
}
