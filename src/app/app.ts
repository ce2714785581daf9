// The composition root: makes the parts, joins them, starts them in order. What each does is in its own room.
import type { Settings } from '../config/settings.ts'
import { Dispatcher } from '../delivery/dispatcher.ts'
import type { DeliveryHappenings } from '../delivery/happenings.ts'
import { WINDOW_MS } from '../delivery/pacing.ts'
import type { DeliveryStatus } from '../delivery/status.ts'
import { Book } from '../incident/book.ts'
import { Outbox } from '../outbox/outbox.ts'
import type { Loaded } from '../outbox/requests.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { Committer } from './committer.ts'
import { Deadlines } from './deadlines.ts'
import { deliveryEndpoint, endpointRules } from './destinations.ts'
import { ReceivedOpenings } from './received-openings.ts'
import { Sockets } from './sockets.ts'
import { StopSteps } from './stop-steps.ts'
import type { SystemClock } from './system-clock.ts'
import { Tasks } from './tasks.ts'

export interface Surroundings {
  readonly telemetry: Telemetry
  readonly clock: SystemClock
  readonly random: () => number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
}

export interface AppStatus {
  readonly delivery: DeliveryStatus
  readonly openIncidents: number
  /** Triggers and resolves since the start. */
  readonly eventsMade: number
  /** Tasks that are connected and send points without levels, and nothing else. */
  readonly withoutLevels: readonly string[]
}

export interface App {
  status(): AppStatus
  /** Ends in order: no new input, commits, attempts in flight, store. May be called twice. */
  stop(): Promise<void>
}

const HOUR_MS = 3_600_000
/** What attempts in flight are given at the end. */
const GRACE_MS = 5000
const STEP_WITHIN_MS = 2000

/** Resolves once both sockets accept. Rejects with StoreError, ListenError, or an endpoint's error. */
export async function startApp(settings: Settings, around: Surroundings): Promise<App> {
  const { telemetry, clock } = around
  const steps = new StopSteps(clock, (step, error) => telemetry.stopStepFailed({ step, error }))
  try {
    const app = await start(settings, around, steps)
    telemetry.ready({ stream: settings.udf.streamSocket, batch: settings.udf.batchSocket })
    return app
  } catch (error) {
    await steps.stop()
    throw error
  }
}

async function start(settings: Settings, around: Surroundings, steps: StopSteps): Promise<App> {
  const { telemetry, clock } = around
  const outbox = await openOutbox(settings.store.path, around, steps)
  const loaded = await outbox.load(clock.wallMs(), clock.wallMs() - WINDOW_MS)
  telemetry.loaded({ incidents: loaded.incidents.length, pending: loaded.pending.length })
  const book = new Book(loaded.incidents, loaded.lastOpening)
  const received = new ReceivedOpenings(loaded.receivedOpenings)

  const dispatcher = openDispatcher(settings, { around, outbox, received, steps })
  const committer = new Committer({
    outbox,
    offer: events => dispatcher.offer(events),
    received,
    wallMs: clock.wallMs,
    lastSeq: loaded.lastSeq,
    failed: error => telemetry.commitFailed(error),
  })
  tellAgainAfterDeadLetters(dispatcher, book, committer, telemetry)
  observe(telemetry, book, dispatcher, clock)

  const rules = new Map(settings.endpoints.map(endpoint => [endpoint.name, endpointRules(endpoint)]))
  const tasks: Tasks = new Tasks({
    book,
    clock,
    telemetry,
    commit: changes => committer.commit(changes),
    endpointRules: name => rules.get(name),
    started: ({ task, node }, endpoint) => deadlines.moved(task, node, endpoint),
  })
  const deadlines = new Deadlines({
    book,
    clock,
    commit: changes => tasks.commit(changes),
    commitState: changes => committer.commitState(changes),
    isLive: (task, node) => tasks.isLive(task, node),
    vanished: () => tasks.vanished(),
  })
  dispatcher.load(pendingEvents(loaded), loaded.recentAttempts)
  deadlines.start()
  steps.add({ name: 'deadlines', withinMs: STEP_WITHIN_MS, stop: () => deadlines.stop() })
  repeat(clock, HOUR_MS, () => tasks.remindOfMissingLevels(), steps)
  await openSockets(settings, around, tasks, steps)
  return {
    status: () => ({
      delivery: dispatcher.status(),
      openIncidents: book.size,
      eventsMade: tasks.eventsMade,
      withoutLevels: tasks.withoutLevels(),
    }),
    stop: async () => {
      await steps.stop()
      telemetry.stopped(undelivered(dispatcher))
    },
  }
}

async function openOutbox(path: string, { telemetry }: Surroundings, steps: StopSteps): Promise<Outbox> {
  const outbox = await Outbox.open(path, telemetry)
  steps.add({
    name: 'store',
    withinMs: GRACE_MS + STEP_WITHIN_MS,
    stop: () => outbox.close(),
  })
  return outbox
}

interface DispatcherParts {
  readonly around: Surroundings
  readonly outbox: Outbox
  readonly received: ReceivedOpenings
  readonly steps: StopSteps
}

function openDispatcher(
  settings: Settings,
  { around, outbox, received, steps }: DispatcherParts,
): Dispatcher {
  const { clock, env, random, telemetry } = around
  const happened: DeliveryHappenings = {
    ...telemetry.delivery,
    attempted(happening) {
      received.answered(happening.event, happening.outcome, happening.answer.received)
      telemetry.delivery.attempted(happening)
    },
    coalesced(happening) {
      if (happening.event.kind === 'resolve') received.forget(happening.event.opening)
      telemetry.delivery.coalesced(happening)
    },
  }
  const dispatcher = new Dispatcher({
    endpoints: settings.endpoints.map(endpoint => deliveryEndpoint(endpoint, env, clock)),
    rate: settings.squadcast.ratePerMinute,
    ledger: outbox,
    clock,
    random,
    happened,
  })
  steps.add({ name: 'delivery', withinMs: GRACE_MS + STEP_WITHIN_MS, stop: () => dispatcher.stop(GRACE_MS) })
  return dispatcher
}

async function openSockets(
  settings: Settings,
  around: Surroundings,
  tasks: Tasks,
  steps: StopSteps,
): Promise<void> {
  const { telemetry, clock, pid } = around
  const sockets = new Sockets({
    settings: settings.udf,
    startNode: node => tasks.start(node),
    telemetry,
    clock,
    unique: String(pid),
  })
  await sockets.open()
  steps.add({ name: 'connections', withinMs: STEP_WITHIN_MS, stop: () => sockets.closeConnections() })
  steps.add({ name: 'sockets', withinMs: STEP_WITHIN_MS, stop: () => void sockets.stopListening() })
}

function tellAgainAfterDeadLetters(
  dispatcher: Dispatcher,
  book: Book,
  committer: Committer,
  telemetry: Telemetry,
): void {
  dispatcher.onDead(event => {
    const change = book.untell(event.opening, event.endpoint, event.incident, event.task)
    if (!change) return
    telemetry.deadLetterUntold(event)
    committer.commitState([change]).catch(() => {})
  })
}

function observe(telemetry: Telemetry, book: Book, dispatcher: Dispatcher, clock: SystemClock): void {
  telemetry.metrics.observe({
    openIncidents: () => book.size,
    endpoints: () =>
      dispatcher.status().endpoints.map(({ name, pending, oldestCreatedAt, state }) => ({
        name,
        pending,
        oldestPendingSeconds:
          oldestCreatedAt === undefined ? 0 : Math.max(0, clock.wallMs() - oldestCreatedAt) / 1000,
        isUp: state === 'up' || state === 'limited',
      })),
  })
}

const undelivered = (dispatcher: Dispatcher): number =>
  dispatcher.status().endpoints.reduce((sum, { pending }) => sum + pending, 0)

const pendingEvents = (loaded: Loaded) => loaded.pending.map(event => ({ ...event }))

function repeat(clock: SystemClock, everyMs: number, work: () => void, steps: StopSteps): void {
  let cancel = clock.after(everyMs, again)
  function again(): void {
    work()
    cancel = clock.after(everyMs, again)
  }
  steps.add({ name: 'reminders', withinMs: STEP_WITHIN_MS, stop: () => cancel() })
}
