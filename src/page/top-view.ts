// The top of the page: the sentence, what is wrong and what to do, the title and the icon of the tab, and what a screen
// reader is told of all that.
import type { Problem, StatusView } from '../app/status-view.ts'
import type { Link } from './connection.ts'
import { byId, element, setAttribute, setBadge, setHidden, setText } from './element.ts'
import { announcementOf, headlineOf, iconOf, titleOf } from './headline.ts'
import { type Row, Rows } from './rows.ts'
import { counted, moment, since, timeOfDay } from './wording.ts'

/** A change is told, and the next not before this: it is no running commentary. */
const ANNOUNCE_EVERY_MS = 5_000
/** Further ones are folded away. */
const PROBLEMS_SHOWN = 6

const LINK_WORDS = {
  ...{ connecting: 'connecting', live: 'live', polled: 'asked every few seconds' },
  ...{ away: 'no answer', locked: 'token refused' },
} as const

export class TopView {
  readonly #top = byId('top')
  readonly #verdict = byId('verdict')
  readonly #rest = byId('rest')
  readonly #problems = new Rows<Problem>(byId('problems'), keyOf, problemRow)
  readonly #more = new Rows<Problem>(byId('problems-more'), keyOf, problemRow)
  readonly #announcer = byId('announcer')
  readonly #icon = byId<HTMLLinkElement>('icon')
  #announcedAt = -Infinity

  /** @param now monotonic clock, ms. */
  show(status: StatusView | undefined, link: Link, now: number): void {
    const headline = headlineOf(status, link, now)
    const isKnown = headline.tone !== 'unknown'
    setAttribute(this.#top, 'data-tone', headline.tone)
    setText(this.#verdict, headline.verdict)
    setText(this.#rest, headline.rest)
    const title = titleOf(headline, status?.incidents.open)
    if (document.title !== title) document.title = title
    setAttribute(this.#icon, 'href', iconOf(headline.tone))
    setAttribute(document.body, 'data-known', String(isKnown))
    setHidden(byId('again'), link.state !== 'away' && link.state !== 'locked')
    this.#showProblems(status?.problems ?? [])
    this.#showProcess(status, link)
    this.#announce(announcementOf(headline, status), now)
  }

  #showProblems(problems: readonly Problem[]): void {
    const more = problems.slice(PROBLEMS_SHOWN)
    this.#problems.show(problems.slice(0, PROBLEMS_SHOWN))
    this.#more.show(more)
    setHidden(byId('problems-fold'), more.length === 0)
    setText(byId('problems-count'), counted(more.length, 'more problem'))
  }

  #showProcess(status: StatusView | undefined, link: Link): void {
    setText(byId('link'), LINK_WORDS[link.state])
    setAttribute(byId('link'), 'class', `link ${link.state}`)
    setHidden(byId('polled'), link.state !== 'polled')
    if (!status) return
    const { version, startedAt, at } = status
    setText(byId('process'), `version ${version}, up ${since(startedAt, at)}, as of ${timeOfDay(at)}`)
    setAttribute(byId('process'), 'title', `started ${moment(startedAt)}`)
  }

  #announce(text: string, now: number): void {
    if (this.#announcer.textContent === text || now - this.#announcedAt < ANNOUNCE_EVERY_MS) return
    this.#announcedAt = now
    setText(this.#announcer, text)
  }
}

const keyOf = ({ code, about }: Problem): string => `${code} ${about ?? ''}`

function problemRow(): Row<Problem> {
  const badge = element('span')
  const text = element('p', { class: 'problem-text' })
  const cure = element('p', { class: 'problem-cure' })
  const root = element('li', { class: 'problem' }, badge, element('div', {}, text, cure))
  return {
    root,
    update(problem) {
      setBadge(badge, { text: problem.severity, tone: problem.severity })
      setAttribute(root, 'class', `problem ${problem.severity}`)
      setText(text, problem.text)
      setText(cure, problem.cure)
    },
  }
}
