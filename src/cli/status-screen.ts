// One screen of how the sidecar stands: what is wrong and what to do first, then a line for each part. Pure.
import pc from 'picocolors'
import { age } from '../app/age.ts'
import type { AbsentView, SidecarStatus } from '../app/sidecar-status.ts'
import type { Problem, StatusView } from '../app/status-view.ts'
import { joined, painted, type TerminalText, terminal } from '../terminal/text.ts'
import { firstLine, hanging, plain, plural, wrapped } from './terminal-lines.ts'

export interface Screen {
  readonly columns: number
  readonly colour: boolean
}

const STATES = { fine: 'green', warning: 'yellow', critical: 'red', unknown: 'yellow' } as const
/** Width of the names of the lines. */
const NAMES = 11
/** Of tasks that are not alive, and of endpoints, so many are named. */
const MOST_NAMED = 10

export function statusScreen(status: SidecarStatus, screen: Screen): TerminalText {
  const view = 'present' in status ? status.present : status.absent
  const paint = pc.createColors(screen.colour)[STATES[view.state]]
  const state = painted(paint, view.state.toUpperCase())
  const lines = 'present' in status ? presentLines(status.present) : absentLines(status.absent)
  const body = joined(lines.map(line => lineOf(line, screen)))
  return terminal`${state}\n${headText(view, screen)}\n${body}`
}

type Said = Pick<Problem, 'text' | 'cure'>

/** The sentence begins with the first problem, if there is one. */
function headText(
  { sentence, problems }: { readonly sentence: string; readonly problems: readonly Said[] },
  { columns }: Screen,
): TerminalText {
  const [first, ...others] = problems
  const cure = (problem: Said): TerminalText => wrapped(`to do: ${plain(problem.cure)}`, 4, columns)
  return joined([
    wrapped(plain(sentence), 0, columns),
    ...(first ? [cure(first)] : []),
    ...others.map(problem => terminal`\n${wrapped(plain(problem.text), 2, columns)}${cure(problem)}`),
  ])
}

type Line = readonly [name: string, text: string]

/** The text hangs behind the name. */
const lineOf = ([name, text]: Line, { columns }: Screen): TerminalText =>
  hanging(terminal`${name.padEnd(NAMES)}`, plain(text), NAMES, columns)

function presentLines(view: StatusView): Line[] {
  const { endpoints, incidents, pending, oldestPendingAt, budget, limitedUntil, durable, version } = view
  const limit = limitedUntil === undefined ? '' : `; nothing is sent until ${limitedUntil}`
  const oldest = oldestPendingAt === undefined ? '' : `, the oldest for ${age(oldestPendingAt, view.at)}`
  return [
    ...some(endpoints, 'endpoint', endpoint => endpointText(endpoint, view.at)),
    ['incidents', byLevel(incidents)],
    ['waiting', `${pending === 0 ? 'nothing' : plural(pending, 'event')}${oldest}`],
    ['budget', `${budget.used} of ${budget.rate} requests in the last minute${limit}`],
    ['kapacitor', kapacitorText(view.kapacitor)],
    ...taskLines(view),
    [
      'sidecar',
      `${version}, up for ${age(view.startedAt, view.at)}${durable ? '' : ', its disk takes nothing'}`,
    ],
  ]
}

function absentLines({ incidents, pending, oldestPendingAt, deadLetters }: AbsentView): Line[] {
  if (!incidents || pending === undefined)
    return [['store', 'it cannot be read by this user, or is not there yet']]
  const oldest = oldestPendingAt === undefined ? '' : `, the oldest made ${oldestPendingAt}`
  return [
    ['incidents', byLevel(incidents)],
    ['waiting', `${pending === 0 ? 'nothing' : plural(pending, 'event')}${oldest}`],
    ['refused', deadLetters ? `${plural(deadLetters, 'dead letter')}: see \`dead-letters\`` : 'nothing'],
  ]
}

/** Each with its name; what is more is counted. */
function some<Item>(items: readonly Item[], name: string, text: (item: Item) => string): Line[] {
  const lines = items.slice(0, MOST_NAMED).map((item): Line => [name, text(item)])
  const more = items.length - MOST_NAMED
  return more > 0 ? [...lines, [name, `and ${more} more`]] : lines
}

function endpointText(
  { name, state, pending, inFlight, lastAnswer, nextTryAt }: Endpoint,
  at: string,
): string {
  const waits = pending === 0 ? '' : `, ${pending} waiting (${inFlight} under way)`
  const last = lastAnswer ? `; last answer ${age(lastAnswer.at, at)} ago: ${lastAnswer.text}` : ''
  const next = nextTryAt === undefined ? '' : `; next try in ${age(at, nextTryAt)}`
  return `${name}: ${state}${waits}${last}${next}`
}

type Endpoint = StatusView['endpoints'][number]

function byLevel({ open, byLevel }: StatusView['incidents']): string {
  if (open === 0) return 'none open'
  return Object.entries(byLevel)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => (level === 'OK' ? `${count} recovering` : `${count} ${level}`))
    .join(', ')
}

function kapacitorText(kapacitor: StatusView['kapacitor']): string {
  if (!kapacitor) return 'nobody looks after its tasks ([kapacitor] url = "")'
  if (kapacitor.reachable === null) return 'no answer yet'
  return kapacitor.reachable ? 'reachable' : `not reachable: ${kapacitor.problem ?? ''}`
}

function taskLines({ tasks, connections }: StatusView): Line[] {
  const states = Map.groupBy(tasks, ({ state }) => state)
  const counts = [...states].map(([state, those]) => `${those.length} ${state}`)
  const nodes = tasks.flatMap(task => task.nodes)
  const rate = nodes.reduce((sum, { pointsPerSecond }) => sum + pointsPerSecond, 0)
  const all = tasks.length === 0 ? 'none' : counts.join(', ')
  const others = tasks.filter(({ state }) => state !== 'alive' && state !== 'disabled')
  return [
    ['tasks', `${all}; ${plural(connections, 'connection')}, ${Math.round(rate * 10) / 10} points/s`],
    ...some(others, '', ({ task, state, why }) => `${task}: ${state}${why ? `, ${firstLine(why)}` : ''}`),
  ]
}
