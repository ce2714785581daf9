// Tests an endpoint for a person: through the daemon if one runs, so that order, pacing and lanes hold, else straight
// to the receiver. Says what came of the trigger and of its resolve, and what to do about it.
import type { Settings } from '../config/settings.ts'
import type { Destination } from '../delivery/destination.ts'
import type { EventKind } from '../incident/event.ts'
import { StoreReader } from '../outbox/reader.ts'
import { adviceFor } from '../squadcast/advice.ts'
import { ask, daemonRuns, pause } from './asking.ts'
import { deliveryEndpoint } from './destinations.ts'
import { isFailed, type TestAnswer, type TestBody } from './instruction-forms.ts'
import { type SystemClock, wallNs } from './system-clock.ts'
import { testEvent, testIncident } from './test-event.ts'
import { whyItWaits } from './waiting.ts'

/** gone: with its trigger, which nobody had received. */
export type PartState = 'accepted' | 'failed' | 'waiting' | 'gone'

export interface TestPart {
  readonly kind: EventKind
  readonly state: PartState
  readonly status?: number
  readonly answer?: string
  readonly latencyMs?: number
  readonly advice?: string
  /** Why nothing was sent yet. */
  readonly waits?: string
}

export interface TestReport {
  readonly endpoint: string
  readonly incident: string
  readonly through: 'sidecar' | 'directly'
  readonly parts: readonly TestPart[]
}

export interface TestSurroundings {
  readonly clock: SystemClock
  readonly env: Readonly<Record<string, string | undefined>>
  readonly host: string
}

const UNREADABLE = 'its URL cannot be read here, and no sidecar runs that could: start it, then try again'

const TEST_PATIENCE_MS = 25_000
const RESOLVE_PATIENCE_MS = 10_000
/** For a resolve that goes with a trigger which nobody received. */
const GONE_PATIENCE_MS = 2000
const LOOK_EVERY_MS = 50

/**
 * Rejects with an error for a person when not even a trigger could be made. A sidecar that runs needs no more than the
 * name: it may read secrets that the person may not.
 */
export async function testEndpoint(
  settings: Settings,
  endpoint: string,
  around: TestSurroundings,
): Promise<TestReport> {
  const { clock, host } = around
  const incident = testIncident(host, new Date(clock.wallMs()))
  const { path } = settings.store
  if (daemonRuns(path)) {
    const parts = await throughDaemon(path, { endpoint, incident }, clock)
    return { endpoint, incident, through: 'sidecar', parts }
  }
  const own = settings.endpoints.find(({ name }) => name === endpoint)
  if (!own) throw new Error(UNREADABLE)
  const { destination } = deliveryEndpoint(own, around.env, clock)
  try {
    const parts = await directly(destination, incident, clock)
    return { endpoint, incident, through: 'directly', parts }
  } finally {
    await destination.close()
  }
}

async function directly(destination: Destination, incident: string, clock: SystemClock): Promise<TestPart[]> {
  const parts: TestPart[] = []
  for (const kind of ['trigger', 'resolve'] as const) {
    const event = testEvent(kind, incident, wallNs(clock))
    const { signal } = new AbortController()
    const answer = await destination.send(event, { bare: false, lateByMs: 0, signal })
    const isAccepted = answer.verdict.kind === 'delivered'
    parts.push(part(kind, isAccepted ? 'accepted' : 'failed', answer))
    // A resolve of what was certainly not received would say the same again.
    if (answer.received === 'no') break
  }
  return parts
}

interface Answered {
  readonly status?: number | null
  readonly text: string | null
  readonly latencyMs: number | null
}

function part(kind: EventKind, state: PartState, { status, text, latencyMs }: Answered): TestPart {
  const advice = state === 'failed' ? adviceFor({ status: status ?? undefined, text: text ?? '' }) : undefined
  return {
    kind,
    state,
    ...(status != null && { status }),
    ...(text !== null && { answer: text }),
    ...(latencyMs !== null && { latencyMs: Math.round(latencyMs) }),
    ...(advice !== undefined && { advice }),
  }
}

async function throughDaemon(path: string, body: TestBody, clock: SystemClock): Promise<TestPart[]> {
  const reply = await ask<TestAnswer>(path, { kind: 'test', body }, clock, TEST_PATIENCE_MS)
  if (reply.state !== 'done') throw new Error('the sidecar did not answer: its log says why')
  const { answer } = reply
  if (isFailed(answer)) throw new Error(answer.error)
  if (answer.result !== 'begun')
    throw new Error(`the sidecar that runs knows no endpoint '${body.endpoint}': restart it`)
  const store = StoreReader.open(path)
  try {
    const began = clock.monotonicMs()
    for (;;) {
      const parts = partsOf(store, answer, clock.wallMs())
      const patienceMs = parts[0]?.state === 'accepted' ? RESOLVE_PATIENCE_MS : GONE_PATIENCE_MS
      const isOver = parts.length === 2 && parts.every(({ state }) => state !== 'waiting')
      if (isOver || clock.monotonicMs() - began >= patienceMs) return parts
      await pause(clock, LOOK_EVERY_MS)
    }
  } finally {
    store.close()
  }
}

function partsOf(
  store: StoreReader,
  { opening, endpoint }: { readonly opening: number; readonly endpoint: string },
  now: number,
): TestPart[] {
  return store.events(opening).map(event => {
    const { kind, state, seq } = event
    const last = store.attempts(seq).findLast(({ endedAt }) => endedAt !== null)
    // By the attempt itself: the daemon may have settled it after the event was read.
    if (last) return part(kind, last.outcome === 'delivered' ? 'accepted' : 'failed', last)
    if (state === 'coalesced') return { kind, state: 'gone' }
    const waits = whyItWaits(store, { event, endpoint, before: undefined }, { now, daemonRuns: true })
    return { kind, state: 'waiting', ...(waits !== undefined && { waits }) }
  })
}
