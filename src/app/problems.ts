// What is wrong with the sidecar right now, in the order in which somebody should care, each with what to do. Pure:
// the page, `status` and /status.json all say the same.
import { span } from '../squadcast/span.ts'
import { counted } from '../watch/look.ts'
import type { NodeView, Problem, StatusView } from './status-view.ts'

type Facts = Pick<
  StatusView,
  'at' | 'delivering' | 'durable' | 'deadLetters' | 'endpoints' | 'tasks' | 'pending' | 'budget'
> &
  Partial<Pick<StatusView, 'kapacitor' | 'limitedUntil' | 'oldestPendingAt' | 'fallback' | 'heartbeat'>>

/** Of tasks in the same trouble so many are named; the last problem counts the rest. */
const MOST_TASKS = 20

export function problemsOf(facts: Facts & { readonly configurationProblems: readonly string[] }): Problem[] {
  const problems = [
    ...facts.endpoints.flatMap(endpoint => endpointProblem(endpoint) ?? []),
    ...(facts.durable ? [] : [NOT_DURABLE]),
    ...deadLetterProblem(facts.deadLetters),
    ...taskProblems(facts.tasks),
    ...(facts.kapacitor?.reachable === false ? [unreachable(facts.kapacitor.problem)] : []),
    ...lastGood(facts.configurationProblems),
    ...budgetProblem(facts),
    ...fallbackProblem(facts.fallback),
    ...(facts.heartbeat === 'failing' ? [HEARTBEAT_FAILING] : []),
  ]
  return [...problems.filter(isCritical), ...problems.filter(problem => !isCritical(problem))]
}

const isCritical = ({ severity }: Problem): boolean => severity === 'critical'

export const severityOf = (problems: readonly Problem[]): StatusView['state'] =>
  problems.some(isCritical) ? 'critical' : problems.length > 0 ? 'warning' : 'fine'

type Load = Pick<StatusView, 'incidents' | 'pending' | 'connections' | 'at'> &
  Partial<Pick<StatusView, 'oldestPendingAt'>>

/** One line for the top of the page. */
export function sentenceOf(facts: Load, problems: readonly Problem[]): string {
  const [first, ...others] = problems
  if (first) {
    const more = others.length === 0 ? '' : ` And ${counted(others.length, 'more problem')}.`
    return `${first.text}${more} ${standingOf(facts)}`
  }
  if (facts.connections === 0 && facts.incidents.open === 0 && facts.pending === 0)
    return 'Ready, and no task of Kapacitor is connected.'
  return `Delivering. ${standingOf(facts)}`
}

/** What is open and what waits, whatever is wrong. */
export function standingOf(facts: Load): string {
  const { open } = facts.incidents
  return capital(`${open === 0 ? 'no incident' : counted(open, 'incident')} open, ${waiting(facts)}.`)
}

function waiting({
  pending,
  oldestPendingAt,
  at,
}: Pick<StatusView, 'pending' | 'at'> & Partial<Pick<StatusView, 'oldestPendingAt'>>): string {
  if (pending === 0 || oldestPendingAt === undefined) return 'nothing waiting'
  const age = Math.max(0, Date.parse(at) - Date.parse(oldestPendingAt))
  return `${counted(pending, 'event')} waiting, the oldest for ${span(age)}`
}

function endpointProblem({
  name,
  state,
  pending,
  lastAnswer,
}: Facts['endpoints'][number]): Problem | undefined {
  const answer = lastAnswer ? `: ${lastAnswer.text}` : ''
  const about = name
  if (state === 'blocked')
    return {
      ...{ severity: 'critical', code: 'endpoint-blocked', about },
      text: `Endpoint ${name} is blocked${answer}.`,
      cure: 'Its URL or the way to it is wrong: correct it and reload; what waits goes on by itself.',
    }
  if (state === 'failing')
    return {
      ...{ severity: 'critical', code: 'endpoint-failing', about },
      text: `Endpoint ${name} does not take events${answer}.`,
      cure: 'It is tried again without end: look at the network and at what the other end says.',
    }
  if (state !== 'removed' || pending === 0) return undefined
  return {
    ...{ severity: 'critical', code: 'endpoint-removed', about },
    text: `${counted(pending, 'event')} ${pending === 1 ? 'waits' : 'wait'} for endpoint ${name}, which is not configured.`,
    cure: `Add an [[endpoint]] named "${name}" and reload, or let it be if nobody needs them.`,
  }
}

const NOT_DURABLE: Problem = {
  severity: 'critical',
  code: 'not-durable',
  text: 'The disk takes nothing: events are delivered, and would be lost with this process.',
  cure: 'Make room on the disk of the store, or give it more ([store] max-size).',
}

function deadLetterProblem(count: number): Problem[] {
  if (count === 0) return []
  return [
    {
      ...{ severity: 'warning', code: 'dead-letters' },
      text: `${counted(count, 'event')} ${count === 1 ? 'was' : 'were'} refused for good.`,
      cure: 'Look at each, with `kapacitor-squadcast dead-letters`: send it again, or discard it.',
    },
  ]
}

function taskProblems(tasks: Facts['tasks']): Problem[] {
  const refused = tasks.filter(({ state }) => state === 'refused')
  const silent = tasks.filter(({ nodes }) => nodes.some(({ withoutLevels }) => withoutLevels))
  const waiting = tasks.filter(({ state }) => state === 'waiting' || state === 'queued')
  const dangerous = tasks.filter(({ state, endsKapacitor }) => endsKapacitor && state !== 'disabled')
  return [
    ...some(refused, ({ task, why }) => ({
      ...{ severity: 'critical', code: 'task-refused', about: task },
      text: `Task ${task} was refused${why ? `: ${firstLine(why)}` : ''}.`,
      cure: 'Correct its script and define it again: nobody is paged by it until then.',
    })),
    ...some(silent, ({ task }) => ({
      ...{ severity: 'critical', code: 'task-without-levels', about: task },
      text: `Task ${task} sends points without a level, so nobody is paged by it.`,
      cure: "Add .levelField('level') to its |alert(), or thresholds such as .crit('...') to @squadcast().",
    })),
    ...some(
      tasks.filter(task => stuckOf(task)),
      task => stuckProblem(task.task, stuckOf(task)!),
    ),
    ...some(dangerous, ({ task, endsKapacitor }) => {
      const { line, says, fix = '', certain } = endsKapacitor!
      return {
        ...{ severity: certain ? 'critical' : 'warning', code: 'task-ends-kapacitor', about: task },
        text: `Task ${task} can end Kapacitor: in line ${line} of its script ${says}.`,
        cure: `${capital(fix)}.`,
      }
    }),
    ...some(waiting, ({ task, why }) => ({
      ...{ severity: 'warning', code: 'task-waiting', about: task },
      text: `Task ${task} is not connected${why ? `: ${why}` : ''}.`,
      cure: 'It is revived by itself; if it stays so, `kapacitor show` tells its error.',
    })),
  ]
}

const stuckOf = ({ nodes }: Facts['tasks'][number]): NodeView['stuck'] =>
  nodes.find(({ stuck }) => stuck)?.stuck

function stuckProblem(
  task: string,
  { incidents, incident, why, fix }: NonNullable<NodeView['stuck']>,
): Problem {
  const others =
    incidents > 1 ? ` The same holds for ${counted(incidents - 1, 'more incident')} of task ${task}.` : ''
  return {
    ...{ severity: 'warning', code: 'incident-stuck', about: task },
    text: `Incident ${incident} cannot end: its points ${why}.${others}`,
    cure: `${capital(fix)}.`,
  }
}

/** The first of them by name, and how many more there are. */
function some(tasks: Facts['tasks'], problemOf: (task: Facts['tasks'][number]) => Problem): Problem[] {
  const problems = tasks.slice(0, MOST_TASKS).map(problemOf)
  const last = problems.at(-1)
  if (!last || tasks.length <= MOST_TASKS) return problems
  const more = counted(tasks.length - MOST_TASKS, 'task')
  const { about: _, ...rest } = last
  return [...problems, { ...rest, text: `The same holds for ${more} more.` }]
}

const unreachable = (problem: string | undefined): Problem => ({
  ...{ severity: 'warning', code: 'kapacitor-unreachable' },
  text: `Kapacitor's HTTP API does not answer${problem ? `: ${problem}` : ''}.`,
  cure: 'Points come and are told all the same, but dead tasks are not revived: check [kapacitor] url and its login.',
})

function lastGood(reasons: readonly string[]): Problem[] {
  if (reasons.length === 0) return []
  return [
    {
      ...{ severity: 'warning', code: 'last-good-configuration' },
      text: `The configuration is broken (${reasons.join('; ')}); it runs by the last good one.`,
      cure: 'Mend what the line names, then reload.',
    },
  ]
}

function budgetProblem({ budget: { rate, used }, pending, limitedUntil }: Facts): Problem[] {
  if (pending === 0 || (limitedUntil === undefined && used < rate)) return []
  const text =
    limitedUntil === undefined
      ? `All ${rate} requests of this minute are used, and ${counted(pending, 'event')} wait.`
      : `Squadcast says that the organisation's rate is used up; nothing is sent until ${limitedUntil}.`
  const cure = 'Nothing is lost. [squadcast] rate is what this host may use of the plan.'
  return [{ severity: 'warning', code: 'budget-used-up', text, cure }]
}

function fallbackProblem(fallback: StatusView['fallback']): Problem[] {
  if (!fallback || fallback.untold === 0 || fallback.last?.outcome !== 'failed') return []
  const { untold, last } = fallback
  return [
    {
      ...{ severity: 'critical', code: 'fallback-failing' },
      text: `The fallback fails${last.reason ? ` (${last.reason})` : ''}: ${counted(untold, 'CRITICAL incident')} ${untold === 1 ? 'is' : 'are'} told nowhere.`,
      cure: 'Try what [fallback] names by hand, as the user of the sidecar.',
    },
  ]
}

const HEARTBEAT_FAILING: Problem = {
  severity: 'warning',
  code: 'heartbeat-failing',
  text: "The heartbeat's switch does not answer 2xx.",
  cure: 'Look at its URL and the way to it: the switch will page.',
}

/** The rest of a refusal shows the place in the script, which a sentence cannot. */
const firstLine = (text: string): string => text.split('\n')[0]!

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`
