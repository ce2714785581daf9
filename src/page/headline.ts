// What stands on top of the page, in its title and in its icon: how it goes, or that nobody answers. Pure.
import type { EndpointView, StatusView } from '../app/status-view.ts'
import type { Link } from './connection.ts'
import { counted, duration, some } from './wording.ts'

/** unknown: nobody answers, so nobody knows. */
export type Tone = 'fine' | 'warning' | 'critical' | 'unknown'

export interface Headline {
  readonly tone: Tone
  /** The first words, large. */
  readonly verdict: string
  /** The rest of the sentence. */
  readonly rest: string
}

/** @param now monotonic clock, ms. */
export function headlineOf(status: StatusView | undefined, link: Link, now: number): Headline {
  if (link.state === 'away' || link.state === 'locked') return unanswered(link, now)
  if (!status) return { tone: 'unknown', verdict: 'Connecting.', rest: '' }
  const { state: tone, sentence, standing, problems, delivering } = status
  if (problems.length === 0) {
    const [, verdict = sentence, rest = ''] = /^(.*?[.,]) (.*)$/.exec(sentence) ?? []
    return { tone, verdict, rest }
  }
  const verdict = delivering ? withProblems(tone, problems.length) : notDelivering(status)
  return { tone, verdict, rest: standing }
}

const withProblems = (tone: Tone, count: number): string =>
  tone === 'critical'
    ? `Delivering, but ${counted(count, 'problem')} may keep pages from coming.`
    : `Delivering, with ${counted(count, 'problem')} to look at.`

/** Where others are delivered to, it says which are not. */
function notDelivering({ endpoints }: StatusView): string {
  const isDown = ({ state }: EndpointView): boolean => state !== 'up' && state !== 'limited'
  const down = endpoints.filter(isDown).map(({ name }) => name)
  return down.length === endpoints.length ? 'Not delivering.' : `Not delivering to ${some(down, 3)}.`
}

function unanswered({ state, retryAt }: Link, now: number): Headline {
  const again =
    retryAt === undefined || retryAt <= now
      ? 'trying again now'
      : `trying again in ${duration(Math.ceil((retryAt - now) / 1000))}`
  if (state === 'locked')
    return {
      ...{ tone: 'unknown', verdict: 'The token is refused.' },
      rest: `Reload this page, and give the one that holds now; ${again}.`,
    }
  return {
    tone: 'unknown',
    verdict: 'The sidecar does not answer;',
    rest: `${again}. Until then nobody knows how it stands: what is below is old.`,
  }
}

const SIGNS: Readonly<Record<Tone, string>> = { fine: '✓', warning: '!', critical: '✕', unknown: '?' }

/** `✕ Not delivering · kapacitor-squadcast`: the first letters are all that a narrow tab shows. */
export function titleOf({ tone, verdict }: Headline, openIncidents: number | undefined): string {
  const open = openIncidents && tone !== 'unknown' ? ` ${openIncidents} open ·` : ''
  return `${SIGNS[tone]}${open} ${verdict.replace(/[.,;]$/, '')} · kapacitor-squadcast`
}

const COLOURS: Readonly<Record<Tone, string>> = {
  ...{ fine: '#1a7f37', warning: '#b26a00', critical: '#c62828', unknown: '#6b7280' },
}
/** A shape for each, for those who do not tell colours apart. */
const SHAPES: Readonly<Record<Tone, string>> = {
  fine: 'M9 17l5 5 10-12',
  warning: 'M16 8v10M16 23v1',
  critical: 'M10 10l12 12M22 10L10 22',
  unknown: 'M12 12a4 4 0 1 1 5 4q-1 1-1 3M16 24v1',
}

/** The icon of the tab, as a `data:` URL. */
export const iconOf = (tone: Tone): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="${COLOURS[tone]}"/><path d="${SHAPES[tone]}" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
  )}`

/** What a screen reader is told when it changes: never durations, which change by the second. */
export function announcementOf(headline: Headline, status: StatusView | undefined): string {
  if (!status || headline.tone === 'unknown') return headline.verdict.replace(/;$/, '.')
  const kinds = status.problems.map(({ code, about }) =>
    [code.replaceAll('-', ' '), about ?? ''].join(' ').trim(),
  )
  return [
    headline.verdict,
    ...kinds.map(kind => `${kind}.`),
    `${counted(status.incidents.open, 'incident')} open.`,
  ].join(' ')
}
