// A replay as lines for people: one or two for each event, and the sum at the end. Pure.
import type { EventView, OpenView, SummaryView } from '../replay/views.ts'
import { joined, type TerminalText, terminal } from '../terminal/text.ts'
import { hanging, levelText, plural, shortTime, wrapped } from './terminal-lines.ts'

const INDENT = 10

export function eventText(event: EventView, colour: boolean): TerminalText {
  const { level, step, incident, message, time, duration } = event
  const lasted = step === 'resolved' && duration !== undefined ? ` after ${lastingText(duration / 1e9)}` : ''
  const head = terminal`${levelText(level, colour)}  ${shortTime(time)}  ${step}${lasted}  ${incident}\n`
  return message === `${incident} is ${level}` || message === ''
    ? head
    : terminal`${head}${wrapped(message, INDENT)}`
}

const SECONDS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const

/** `2.5 h`: to be read, not to be reckoned with. */
export function lastingText(seconds: number): string {
  const [size, unit] = SECONDS.find(([least]) => seconds >= least) ?? [1, 's']
  return `${(seconds / size).toFixed(1).replace(/\.0$/, '')} ${unit}`
}

export const counted = (count: number): string => count.toLocaleString('en-US')

export function summaryText(
  view: SummaryView,
  { most, colour }: { most: number; colour: boolean },
): TerminalText {
  return joined([
    terminal`\n`,
    wrapped(playedText(view)),
    row('told', toldText(view)),
    row('left open', openText(view)),
    ...view.open.slice(0, most).map(open => openLine(open, colour)),
    ...(view.open.length > most ? [more(view.open.length - most)] : []),
    ...tallies(
      'busiest',
      view.busiest,
      ({ told, opened }) => `${plural(told, 'event')}, opened ${times(opened)}`,
    ),
    ...tallies('flapping', view.flapping.slice(0, most), ({ opened }) => `opened ${times(opened)}`),
    ...(view.flapping.length > most ? [more(view.flapping.length - most)] : []),
    ...oddities(view),
    terminal`\n`,
    wrapped(audienceText(view)),
  ])
}

function playedText({ points, batches, from, to, seconds, whole }: SummaryView): string {
  const inBatches = batches > 0 ? ` in ${plural(batches, 'batch', 'batches')}` : ''
  const span = from === undefined ? '' : `, ${shortTime(from)} to ${shortTime(to!)}`
  const speed = seconds >= 1 && points > 0 ? ` (${counted(Math.round(points / seconds))} a second)` : ''
  const cut = whole ? '' : ', and not to the end'
  return `played ${counted(points)} ${points === 1 ? 'point' : 'points'}${inBatches}${span}, in ${lastingText(seconds)}${speed}${cut}`
}

function toldText({ events, ids }: SummaryView): string {
  const all = Object.values(events).reduce((sum, count) => sum + count, 0)
  if (all === 0) return 'nothing'
  const steps = Object.entries(events).filter(([step, count]) => count > 0 || step !== 'told again')
  return `${steps.map(([step, count]) => `${counted(count)} ${step}`).join(', ')}; ${plural(ids, 'id')}`
}

function openText({ open, openByLevel }: SummaryView): string {
  const held = open.filter(({ held }) => held).length
  const levels = Object.entries(openByLevel).map(([level, count]) => `${counted(count)} ${level}`)
  const waiting = held > 0 ? `; ${counted(held)} recovered, and the resolve waits` : ''
  return open.length === 0 ? 'nothing' : `${levels.join(', ')}${waiting}`
}

const openLine = ({ incident, level, since, held }: OpenView, colour: boolean): TerminalText =>
  terminal`${' '.repeat(INDENT)}  ${levelText(held ? 'OK' : level, colour)}  ${since ? `${shortTime(since)}  ` : ''}${incident}\n`

const more = (count: number): TerminalText =>
  terminal`${' '.repeat(INDENT)}  and ${counted(count)} more; --json has all\n`

function tallies<Item extends { readonly incident: string }>(
  name: string,
  items: readonly Item[],
  said: (item: Item) => string,
): TerminalText[] {
  return items.map(
    (item, at) => terminal`${(at === 0 ? name : '').padEnd(INDENT)}  ${said(item)}  ${item.incident}\n`,
  )
}

const PRECISION_HINT = 'all in January 1970: say by --precision what the timestamps count, such as s or ms'

/** Seconds, milliseconds and microseconds of today end there, taken for nanoseconds. */
const isLikelyPrecision = (to: string | undefined): boolean => to?.startsWith('1970-01-') === true

function oddities({
  unlevelled = 0,
  points,
  notSelected,
  others,
  badLines,
  to,
}: SummaryView): TerminalText[] {
  return [
    ...(unlevelled > 0 ? [row('no level', unlevelledText(unlevelled, points))] : []),
    ...(isLikelyPrecision(to) ? [row('times', PRECISION_HINT)] : []),
    ...(notSelected > 0 ? [row('left out', leftOutText(notSelected, others))] : []),
    ...(badLines > 0 ? [row('bad lines', `${counted(badLines)}, passed over`)] : []),
  ]
}

const leftOutText = (count: number, others: readonly string[]): string =>
  `${counted(count)} ${count === 1 ? 'point' : 'points'} that the task would not get, of ${others.join(', ')}`

const unlevelledText = (unlevelled: number, points: number): string =>
  unlevelled === points
    ? 'none of the points, so nobody is paged by them: give thresholds such as --option \'crit="usage" > 90\', and mind the names of the fields'
    : `${counted(unlevelled)} points: no condition could be evaluated, or they bring no level`

const times = (count: number): string =>
  count === 1 ? 'once' : count === 2 ? 'twice' : `${counted(count)} times`

/** A name, and what is to be said, broken where it is long. */
const row = (name: string, text: string): TerminalText => hanging(terminal`${name.padEnd(INDENT)}  `, text)

const audienceText = ({ audience, open }: SummaryView): string =>
  ({
    'dry-run': 'A dry run: nothing was sent.',
    history: 'Nothing was sent: to the sidecar this is the past of a task that Kapacitor has.',
    told: `The sidecar has stored these events and delivers them.${open.length > 0 ? ' What is open stays open: `kapacitor-squadcast incidents resolve ID` ends it.' : ''}`,
  })[audience]
