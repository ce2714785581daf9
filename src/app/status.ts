// Makes the status from what the parts say of themselves. Pure; what is wrong with it is judged in problems.ts.
import { type DeliveryStatus, deliveryWorks, type EndpointStatus } from '../delivery/status.ts'
import type { Advice } from '../kapacitor/advice.ts'
import type { TaskStatus } from '../kapacitor/task-status.ts'
import type { FallbackStatus } from './fallback.ts'
import type { KapacitorStatus } from './kapacitor-watch.ts'
import type { WatchStatus } from './open-watch.ts'
import { problemsOf, sentenceOf, severityOf, standingOf } from './problems.ts'
import type { EndpointView, FallbackView, NodeView, StatusView, TaskView } from './status-view.ts'
import { instant } from './store-view.ts'

/** A node that is connected; times by the wall clock, ms. */
export interface NodeStatus {
  readonly task: string
  readonly node: string
  readonly endpoint: string
  readonly connectedAt: number
  readonly points: number
  readonly pointsPerSecond: number
  readonly lastPointAt: number | undefined
  readonly withoutLevels: boolean
  readonly stuck?: NodeView['stuck']
}

export interface StatusSources {
  readonly version: string
  /** Wall clock, ms. */
  readonly now: number
  readonly startedAt: number
  readonly delivery: DeliveryStatus
  readonly store: { readonly isDurable: boolean; readonly deadLetters: number }
  readonly openByLevel: Readonly<Record<string, number>>
  readonly nodes: readonly NodeStatus[]
  readonly kapacitor: KapacitorStatus | undefined
  readonly watch: WatchStatus
  /** Why it runs by the last good configuration; none: it does not. */
  readonly configurationProblems: readonly string[]
}

export function statusView(from: StatusSources): StatusView {
  const { version, now, startedAt, delivery, store, nodes, kapacitor, openByLevel } = from
  const { budget, limitedUntil } = delivery
  const endpoints = delivery.endpoints.map(endpointView)
  const oldest = endpoints.flatMap(({ oldestPendingAt }) => oldestPendingAt ?? []).sort()[0]
  const tasks = taskViews(kapacitor, nodes)
  const facts = {
    at: instant(now),
    delivering: deliveryWorks(delivery),
    durable: store.isDurable,
    deadLetters: store.deadLetters,
    incidents: { open: sum(Object.values(openByLevel)), byLevel: openByLevel },
    pending: sum(endpoints.map(({ pending }) => pending)),
    ...(oldest !== undefined && { oldestPendingAt: oldest }),
    budget,
    ...(limitedUntil !== undefined && { limitedUntil: instant(limitedUntil) }),
    endpoints,
    connections: nodes.length,
    ...(kapacitor && { kapacitor: kapacitorView(kapacitor) }),
    tasks,
    ...watchViews(from.watch),
  }
  const problems = problemsOf({ ...facts, configurationProblems: from.configurationProblems })
  const state = severityOf(problems)
  const sentence = sentenceOf(facts, problems)
  const standing = standingOf(facts)
  return { version, startedAt: instant(startedAt), state, sentence, standing, problems, ...facts }
}

function endpointView({ name, state, pending, inFlight, ...rest }: EndpointStatus): EndpointView {
  const { oldestCreatedAt, nextTryAt, lastAnswer } = rest
  return {
    ...{ name, state, pending, inFlight },
    ...(oldestCreatedAt !== undefined && { oldestPendingAt: instant(oldestCreatedAt) }),
    ...(nextTryAt !== undefined && { nextTryAt: instant(nextTryAt) }),
    ...(lastAnswer && {
      lastAnswer: {
        at: instant(lastAnswer.at),
        verdict: lastAnswer.answer.verdict.kind,
        ...(lastAnswer.answer.status !== undefined && { status: lastAnswer.answer.status }),
        text: lastAnswer.answer.text,
      },
    }),
  }
}

const kapacitorView = ({ isReachable, problem }: KapacitorStatus) => ({
  reachable: isReachable ?? null,
  ...(problem !== undefined && { problem }),
})

function watchViews({
  self,
  fallback,
  heartbeat,
}: WatchStatus): Pick<StatusView, 'self' | 'fallback' | 'heartbeat'> {
  return {
    self: {
      ...(self.endpoint !== undefined && { endpoint: self.endpoint }),
      open: self.open,
      troubles: self.troubles.map(({ isTold, ...trouble }) => ({ ...trouble, told: isTold })),
    },
    ...(fallback && { fallback: fallbackView(fallback) }),
    ...(heartbeat && { heartbeat }),
  }
}

const fallbackView = ({ way, afterMs, untold, last }: FallbackStatus): FallbackView => ({
  ...{ way, afterSeconds: afterMs / 1000, untold },
  ...(last && {
    last: {
      ...{ at: instant(last.at), outcome: last.outcome, incidents: last.count },
      ...(last.reason !== undefined && { reason: last.reason }),
    },
  }),
})

/** Those that Kapacitor lists, and those that are connected all the same. */
function taskViews(kapacitor: KapacitorStatus | undefined, nodes: readonly NodeStatus[]): TaskView[] {
  const { tasks: listed = [], dangers } = kapacitor ?? {}
  const byTask = Map.groupBy(nodes, ({ task }) => task)
  const known = new Set(listed.map(({ task }) => task))
  const others = [...byTask.keys()].filter(task => !known.has(task))
  const unlisted: TaskStatus[] = others.map(task => ({ task, state: 'alive', revived: 0 }))
  return [...listed, ...unlisted]
    .map(task => ({
      ...task,
      ...dangerView(dangers?.get(task.task)),
      nodes: (byTask.get(task.task) ?? []).map(nodeView),
    }))
    .sort((a, b) => (a.task < b.task ? -1 : 1))
}

const dangerView = (danger: Advice | undefined): Pick<TaskView, 'endsKapacitor'> => {
  if (!danger) return {}
  const { line, says, fix, severity } = danger
  return { endsKapacitor: { line, says, certain: severity === 'problem', ...(fix !== undefined && { fix }) } }
}

const nodeView = ({ node, endpoint, connectedAt, points, lastPointAt, ...rest }: NodeStatus): NodeView => ({
  ...{ node, endpoint, points },
  connectedAt: instant(connectedAt),
  pointsPerSecond: Math.round(rest.pointsPerSecond * 10) / 10,
  ...(lastPointAt !== undefined && { lastPointAt: instant(lastPointAt) }),
  withoutLevels: rest.withoutLevels,
  ...(rest.stuck && { stuck: rest.stuck }),
})

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
