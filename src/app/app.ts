// The composition root: makes the parts, joins them, starts them in order. What each does is in its own room.
import type { Settings } from '../config/settings.ts'
import type { Dispatcher } from '../delivery/dispatcher.ts'
import type { PendingEvent } from '../delivery/ledger.ts'
import type { DeliveryStatus } from '../delivery/status.ts'
import { Book } from '../incident/book.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Loaded } from '../outbox/requests.ts'
import { parseFirstAnswer } from '../squadcast/first-answer.ts'
import { Committer } from './committer.ts'
import { Deadlines } from './deadlines.ts'
import { deliveryEndpoint, endpointRules } from './destinations.ts'
import { EndpointTests } from './endpoint-tests.ts'
import { awaitedReach, endpointWithFault, ledgerWithFault } from './fault.ts'
import type { KapacitorStatus } from './kapacitor-watch.ts'
import { LiveEndpoints } from './live-endpoints.ts'
import { observe, openDispatcher, tellAgainAfterDeadLetters } from './open-delivery.ts'
import { openHttp } from './open-http.ts'
import { openInstructions } from './open-instructions.ts'
import { type Lookout, openKapacitor } from './open-kapacitor.ts'
import { openWatch, type WatchStatus } from './open-watch.ts'
import { Overview } from './overview.ts'
import { passedSockets } from './passed-sockets.ts'
import { PostBox } from './post-box.ts'
import { ReceivedOpenings } from './received-openings.ts'
import { Reconfiguration } from './reconfigure.ts'
import type { ReloadPlan } from './reload-plan.ts'
import { Sockets } from './sockets.ts'
import { StopSteps } from './stop-steps.ts'
import { type StartedStore, startStore } from './store-start.ts'
import { GRACE_MS, STEP_WITHIN_MS, type Surroundings } from './surroundings.ts'
import type { SystemClock } from './system-clock.ts'
import { Tasks } from './tasks.ts'
import { deliverUnsaved, sayWhatIsLost } from './unsaved.ts'

export interface AppStatus {
  readonly delivery: DeliveryStatus
  readonly openIncidents: number
  /** Triggers and resolves since the start. */
  readonly eventsMade: number
  /** Absent: nobody looks after its tasks. */
  readonly kapacitor?: KapacitorStatus
  readonly watch: WatchStatus
}

export interface App {
  status(): AppStatus
  /** Swaps what can change live. All of it, or nothing where the plan is a refusal. */
  reconfigure(next: Settings): ReloadPlan
  /** Ends in order: no new input, commits, attempts in flight, store. May be called twice. */
  stop(): Promise<void>
}

const HOUR_MS = 3_600_000

/** Resolves once both sockets accept. Rejects with StoreError, ListenError, or an endpoint's error. */
export async function startApp(
  settings: Settings,
  around: Surroundings,
  store: StartedStore = startStore(settings.store, around),
): Promise<App> {
  const { telemetry, clock } = around
  const steps = new StopSteps(clock, (step, error) => telemetry.stopStepFailed({ step, error }))
  try {
    const { app, dispatcher, loaded } = await start(settings, store, around, steps)
    telemetry.ready({ stream: settings.udf.streamSocket, batch: settings.udf.batchSocket })
    // Not before points are taken, which cannot wait.
    dispatcher.load(await loaded.pending(), loaded.recentAttempts, loaded.outages)
    return app
  } catch (error) {
    await steps.stop()
    throw error
  }
}

/** No part keeps what was loaded: it is large, and of no use later. */
interface Started {
  readonly app: App
  readonly dispatcher: Dispatcher
  readonly loaded: Loaded
}

async function start(
  settings: Settings,
  store: StartedStore,
  around: Surroundings,
  steps: StopSteps,
): Promise<Started> {
  const { telemetry, clock } = around
  const outbox = await opened(store, around, steps)
  const loaded = await store.loaded
  telemetry.loaded({ incidents: loaded.incidents.length, pending: loaded.pendingCount })
  await parseFirstAnswer()
  const book = new Book(loaded.incidents, loaded.lastOpening)
  const received = new ReceivedOpenings(loaded.receivedOpenings)

  const rules = new Map(settings.endpoints.map(endpoint => [endpoint.name, endpointRules(endpoint)]))
  const tests = new EndpointTests({
    clock,
    isConfigured: name => rules.has(name),
    takeOpening: () => book.takeOpening(),
    commit: (changes, instruction) => tasks.commit(changes, instruction),
  })
  const attempted = (event: PendingEvent): void => tests.attempted(event)
  sayWhatIsLost({ outbox, clock, steps, telemetry })
  const reach = awaitedReach(around)
  const endpoints = new LiveEndpoints(endpoint =>
    endpointWithFault(deliveryEndpoint(endpoint, around.env, clock), reach),
  )
  const ledger = ledgerWithFault(outbox, reach)
  const dispatcher = openDispatcher(settings, { around, ledger, endpoints, received, steps, attempted })
  deliverUnsaved({ outbox, clock, steps, telemetry })
  const committer = new Committer({
    outbox,
    offer: events => dispatcher.offer(events),
    withdraw: events => dispatcher.withdraw(events),
    received,
    wallMs: () => clock.wallMs(),
    monotonicMs: () => clock.monotonicMs(),
    lastSeq: loaded.lastSeq,
    failed: error => telemetry.commitFailed(error),
  })
  tellAgainAfterDeadLetters(dispatcher, book, committer, telemetry)
  observe(telemetry, book, dispatcher, clock)

  const tasks: Tasks = new Tasks({
    book,
    clock,
    telemetry,
    commit: (...changes) => committer.commit(...changes),
    endpointRules: name => rules.get(name),
    started(settings, endpoint) {
      deadlines.moved(settings.task, settings.node, endpoint)
      lookout?.nodeStarted(settings)
    },
    ended: settings => lookout?.nodeEnded(settings),
  })
  const deadlines = new Deadlines({
    book,
    clock,
    commit: changes => tasks.commit(changes),
    commitState: changes => committer.commitState(changes),
    liveSince: (task, node) => tasks.liveSince(task, node),
    vanished: () => tasks.vanished(),
  })
  await openInstructions({ around, outbox, book, dispatcher, tasks, tests, steps })
  deadlines.start()
  steps.add({ name: 'deadlines', withinMs: STEP_WITHIN_MS, stop: () => deadlines.stop() })
  repeat(clock, HOUR_MS, () => tasks.remindOfMissingLevels(), steps)
  const postBox = new PostBox({
    book,
    clock,
    endpointRules: name => rules.get(name),
    commit: changes => tasks.commit(changes),
    commitState: changes => committer.commitState(changes),
    telemetry: telemetry.http,
  })
  steps.add({ name: 'posts', withinMs: STEP_WITHIN_MS, stop: () => postBox.save() })
  const lookout = await openKapacitor({
    ...{ settings: settings.kapacitor, around, outbox, book },
    liveNodes: () => tasks.liveNodes(),
    isLive: (task, node) => tasks.liveSince(task, node) !== undefined,
    policy: node => tasks.policy(node),
    commit: changes => tasks.commit(changes),
    commitState: changes => committer.commitState(changes),
    orphaned: (task, node) => deadlines.orphaned(task, node),
  })
  await openSockets(settings, { around, tasks, lookout, steps })
  const watch = openWatch({
    ...{ settings, around, outbox, book, dispatcher, steps, outages: loaded.outages },
    nodes: () => tasks.status(),
    kapacitor: () => lookout?.status(),
    endpointRules: name => rules.get(name),
    commit: changes => tasks.commit(changes),
  })
  const reconfiguration = new Reconfiguration({
    ...{ settings, dispatcher, endpoints, rules, telemetry, problems: around.configurationProblems },
    named: () => tasks.liveNodes().map(({ settings: { task, endpoint } }) => ({ task, endpoint })),
    changed: now => watch.configure(now),
  })
  const overview = new Overview({
    ...{ book, clock, dispatcher, tasks, feed: telemetry.feed },
    store: () => ({ isDurable: !outbox.isVolatile, deadLetters: outbox.deadLetters }),
    kapacitor: () => lookout?.status(),
    watch: () => watch.status(),
    configurationProblems: () => reconfiguration.problems,
  })
  steps.add({ name: 'overview', withinMs: STEP_WITHIN_MS, stop: () => overview.stop() })
  const token = () => reconfiguration.settings.http.token
  await openHttp({ settings: settings.http, token, around, postBox, overview, steps })
  const app: App = {
    status: () => ({
      delivery: dispatcher.status(),
      openIncidents: book.size,
      eventsMade: tasks.eventsMade,
      ...(lookout && { kapacitor: lookout.status() }),
      watch: watch.status(),
    }),
    reconfigure: next => reconfiguration.apply(next),
    stop: async () => {
      await steps.stop()
      telemetry.stopped(undelivered(dispatcher))
    },
  }
  return { app, dispatcher, loaded }
}

async function opened({ outbox }: StartedStore, around: Surroundings, steps: StopSteps): Promise<Outbox> {
  await outbox.opened
  void outbox.failed.then(around.failed)
  steps.add({
    name: 'store',
    withinMs: GRACE_MS + STEP_WITHIN_MS,
    stop: () => outbox.close(),
  })
  return outbox
}

interface SocketsAround {
  readonly around: Surroundings
  readonly tasks: Tasks
  readonly lookout: Lookout | undefined
  readonly steps: StopSteps
}

async function openSockets(
  settings: Settings,
  { around, tasks, lookout, steps }: SocketsAround,
): Promise<void> {
  const { telemetry, clock, pid, env } = around
  const sockets = new Sockets({
    settings: settings.udf,
    passed: passedSockets(env, pid),
    startNode: (node, isReplay) => tasks.start(node, isReplay),
    askReplay: node => lookout?.isReplay(node) ?? false,
    happened: {
      initRefused: refusal => lookout?.nodeRefused(refusal),
      infoAlone: () => lookout?.kapacitorStarted(),
    },
    telemetry,
    clock,
    unique: String(pid),
  })
  await sockets.open()
  steps.add({ name: 'connections', withinMs: STEP_WITHIN_MS, stop: () => sockets.closeConnections() })
  steps.add({ name: 'sockets', withinMs: STEP_WITHIN_MS, stop: () => void sockets.stopListening() })
  if (!lookout) return
  // Before the connections end: they would look like dead tasks.
  steps.add({ name: 'revivals', withinMs: GRACE_MS + STEP_WITHIN_MS, stop: () => lookout.stop() })
  lookout.start()
}

const undelivered = (dispatcher: Dispatcher): number =>
  dispatcher.status().endpoints.reduce((sum, { pending }) => sum + pending, 0)

function repeat(clock: SystemClock, everyMs: number, work: () => void, steps: StopSteps): void {
  let cancel = clock.after(everyMs, again)
  function again(): void {
    work()
    cancel = clock.after(everyMs, again)
  }
  steps.add({ name: 'reminders', withinMs: STEP_WITHIN_MS, stop: () => cancel() })
}
