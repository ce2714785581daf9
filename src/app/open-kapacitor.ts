// Opens the look-out for Kapacitor's tasks: its parts, and what the rest of the house tells it. Without a url there is
// none, and nothing else differs.
import type { KapacitorSettings } from '../config/settings.ts'
import type { Book } from '../incident/book.ts'
import type { Change, EndpointPolicy } from '../incident/judgement.ts'
import type { NodeSettings } from '../incident/node-settings.ts'
import type { StateChange } from '../incident/state-change.ts'
import { KapacitorClient } from '../kapacitor/client.ts'
import { Reconciler } from '../kapacitor/reconcile.ts'
import { Revival } from '../kapacitor/revive.ts'
import { TASK_STATES } from '../kapacitor/task-status.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { isPlayed } from '../udf/played-node.ts'
import { type KapacitorStatus, KapacitorWatch } from './kapacitor-watch.ts'
import { Orphans } from './orphans.ts'
import { taskDangers } from './scripts.ts'
import type { Surroundings } from './surroundings.ts'
import { type LiveNode, TopicWatch } from './topic-watch.ts'

export interface KapacitorParts {
  readonly settings: KapacitorSettings
  readonly around: Surroundings
  readonly outbox: Outbox
  readonly book: Book
  readonly liveNodes: () => readonly LiveNode[]
  readonly isLive: (task: string, node: string) => boolean
  readonly policy: (settings: NodeSettings) => EndpointPolicy
  readonly commit: (changes: readonly Change[]) => Promise<unknown>
  readonly commitState: (changes: readonly StateChange[]) => Promise<unknown>
  readonly orphaned: (task: string, node: string) => void
}

/** What the rest of the house tells, and asks. */
export interface Lookout {
  start(): void
  stop(): Promise<void>
  nodeStarted(settings: NodeSettings): void
  nodeEnded(settings: NodeSettings): void
  /** For its script. A refusal for any other reason is not to be told here: the task is to be revived. */
  nodeRefused(refusal: { readonly task: string; readonly node: string; readonly reason: string }): void
  kapacitorStarted(): void
  /**
   * Whether what the node will send is history: Kapacitor calls its task disabled, or it is played by `replay` for a task
   * that Kapacitor has. In doubt it is news.
   */
  isReplay(settings: NodeSettings): boolean | Promise<boolean>
  status(): KapacitorStatus
}

const ORPHAN_AFTER_MS = 15 * 60_000
/** A start of a task waits for no more: Kapacitor may be busy with itself. */
const ASK_WITHIN_MS = 1000

export async function openKapacitor(parts: KapacitorParts): Promise<Lookout | undefined> {
  const { settings, around, outbox } = parts
  const { url, username, password, ca } = settings
  if (url === undefined) return undefined
  const { inits, revivals, startedAfter } = await outbox.notes()
  const client = new KapacitorClient({ url, username, password: password?.reveal(), ca }, around.clock)
  const revival = new Revival(inits, revivals)
  const reconciler = new Reconciler(startedAfter)
  return lookout(parts, client, revival, reconciler)
}

function lookout(
  parts: KapacitorParts,
  client: KapacitorClient,
  revival: Revival,
  reconciler: Reconciler,
): Lookout {
  const { book } = parts
  const { clock } = parts.around
  const now = () => ({ monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() })
  const topics = new TopicWatch({
    ...parts,
    ...{ client, clock, reconciler },
    isRunning: task => revival.isRunning(task),
    telemetry: parts.around.telemetry.kapacitor,
  })
  const watch = openWatch(parts, { client, revival, reconciler, topics })
  parts.around.telemetry.metrics.observeKapacitor({
    isReachable: () => watch.status().isReachable,
    tasks: () => countByState(watch.status()),
  })
  return {
    start: () => watch.start(),
    stop: () => watch.stop(),
    nodeStarted(settings) {
      if (isPlayed(settings)) return
      topics.connected(settings)
      watch.note({ note: 'init', ...revival.started(settings.task, settings.node, now()) })
    },
    nodeEnded(settings) {
      if (!isPlayed(settings)) revival.ended(settings.task, settings.node, now())
    },
    nodeRefused({ task, node, reason }) {
      if (!isPlayed({ node })) watch.note({ note: 'init', ...revival.refused(task, node, reason, now()) })
    },
    kapacitorStarted() {
      revival.kapacitorStarted(now())
      reconciler.kapacitorStarted(book.lastOpening)
      watch.note({ note: 'started', opening: book.lastOpening })
    },
    isReplay({ task, node }) {
      // What is played for a task that Kapacitor has, in whatever state, is the past of that task.
      const played = isPlayed({ node })
      if (revival.isEnabled(task) === true) return played
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const cancel = clock.after(ASK_WITHIN_MS, () => resolve(false))
      client
        .task(task)
        .then(found => resolve(played ? found !== undefined : found?.status === 'disabled'))
        .catch(() => resolve(false))
        .finally(cancel)
      return promise
    },
    status: () => watch.status(),
  }
}

/** Of every state: one that nobody is in stands at zero. */
function countByState({ tasks }: KapacitorStatus): ReadonlyMap<string, number> {
  const counts = new Map<string, number>(TASK_STATES.map(state => [state, 0]))
  for (const { state } of tasks) counts.set(state, counts.get(state)! + 1)
  return counts
}

interface WatchParts {
  readonly client: KapacitorClient
  readonly revival: Revival
  readonly reconciler: Reconciler
  readonly topics: TopicWatch
}

function openWatch(
  parts: KapacitorParts,
  { client, revival, reconciler, topics }: WatchParts,
): KapacitorWatch {
  const { settings, around, outbox, book, isLive, orphaned } = parts
  const { clock, telemetry } = around
  const orphans = new Orphans({
    nodes: () => book.nodes(),
    isLive,
    afterMs: settings.orphanAfterMs ?? ORPHAN_AFTER_MS,
    orphaned(task, node) {
      telemetry.kapacitor.orphaned({ task, node })
      reconciler.forget(task, node)
      orphaned(task, node)
    },
  })
  return new KapacitorWatch({
    ...{ client, clock, outbox, revival, functions: settings.functions, telemetry: telemetry.kapacitor },
    dangers: taskDangers(settings.functions),
    beforeRevival: task => topics.beforeRevival(task),
    listed(scripts) {
      const isThere = (task: string) => (scripts.get(task)?.uses ?? 0) > 0
      telemetry.kapacitor.listed(isThere)
      orphans.look(isThere, clock.monotonicMs())
      void topics.round(scripts)
    },
  })
}
