// Opens the watch: who hears of it when the sidecar, or Squadcast itself, is what fails. The heartbeat, incidents about
// the sidecar, and the fallback.
import type { FallbackSettings, Settings } from '../config/settings.ts'
import type { Dispatcher } from '../delivery/dispatcher.ts'
import { deliveryWorks } from '../delivery/status.ts'
import type { Book } from '../incident/book.ts'
import type { Change } from '../incident/judgement.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Loaded } from '../outbox/requests.ts'
import { adviceFor } from '../squadcast/advice.ts'
import { type FallbackReport, reportVariables } from '../watch/fallback-report.ts'
import type { Facts } from '../watch/look.ts'
import { SelfIncidents } from '../watch/self-incidents.ts'
import { type EndpointRules, endpointPolicy } from './endpoint-policy.ts'
import { Fallback, type FallbackStatus, FINISH_MS } from './fallback.ts'
import { type Failure, runCommand } from './fallback-command.ts'
import { postReport } from './fallback-post.ts'
import { Heartbeat, type HeartbeatState, heartbeatCall } from './heartbeat.ts'
import type { KapacitorStatus } from './kapacitor-watch.ts'
import { type SelfStatus, SelfWatch } from './self-watch.ts'
import type { StopSteps } from './stop-steps.ts'
import { STEP_WITHIN_MS, type Surroundings } from './surroundings.ts'

export interface WatchParts {
  readonly settings: Settings
  readonly around: Surroundings
  readonly outbox: Outbox
  readonly book: Book
  readonly dispatcher: Dispatcher
  /** Outages that the last daemon saw begin. */
  readonly outages: Loaded['outages']
  readonly nodes: () => Facts['nodes']
  readonly kapacitor: () => KapacitorStatus | undefined
  /** Undefined for a name that is not configured. */
  readonly endpointRules: (name: string) => EndpointRules | undefined
  readonly commit: (changes: readonly Change[]) => Promise<unknown>
  readonly steps: StopSteps
}

export interface WatchStatus {
  readonly self: SelfStatus
  /** Undefined: there is none. */
  readonly fallback: FallbackStatus | undefined
  /** Likewise. */
  readonly heartbeat: HeartbeatState | undefined
}

export interface Watch {
  /** From now on. */
  configure(settings: Settings): void
  status(): WatchStatus
}

export function openWatch(parts: WatchParts): Watch {
  const { settings, steps } = parts
  const heartbeat = openHeartbeat(parts)
  const self = openSelf(parts)
  const fallback = openFallback(parts)
  const watch: Watch = {
    configure(now) {
      heartbeat.configure(now.heartbeat)
      self.configure(now.self)
      fallback.configure(now.fallback)
    },
    status: () => ({ self: self.status(), fallback: fallback.status(), heartbeat: heartbeat.status() }),
  }
  watch.configure(settings)
  self.start()
  steps.add({ name: 'heartbeat', withinMs: STEP_WITHIN_MS, stop: () => heartbeat.stop() })
  steps.add({ name: 'self', withinMs: STEP_WITHIN_MS, stop: () => self.stop() })
  steps.add({ name: 'fallback', withinMs: FINISH_MS + 2 * STEP_WITHIN_MS, stop: () => fallback.stop() })
  return watch
}

const openHeartbeat = ({ around: { clock, env, telemetry }, dispatcher }: WatchParts): Heartbeat =>
  new Heartbeat({
    clock,
    works: () => deliveryWorks(dispatcher.status()),
    call: heartbeatCall(env),
    told: telemetry.service,
  })

function openSelf(parts: WatchParts): SelfWatch {
  const { around, outbox, book, dispatcher, outages, nodes, kapacitor, endpointRules, commit } = parts
  const { clock, host, telemetry } = around
  const began = outages
    .filter(({ back }) => back === undefined)
    .map(({ endpoint, from }) => ({ endpoint, agoMs: clock.wallMs() - from }))
  return new SelfWatch({
    ...{ clock, outbox, commit },
    incidents: new SelfIncidents(book, host, began),
    facts() {
      const seen = kapacitor()
      return {
        endpoints: dispatcher.status().endpoints,
        store: outbox.trouble,
        ...(seen && { kapacitor: seen }),
        nodes: nodes(),
        adviceFor,
      }
    },
    policy: name => endpointPolicy(name, endpointRules),
    told: telemetry.service,
  })
}

function openFallback({ around, outbox, dispatcher }: WatchParts): Fallback {
  const { clock, host, telemetry } = around
  return new Fallback({
    ...{ clock, host, outbox },
    endpoints: () => dispatcher.status().endpoints,
    tell: ({ way }, report, signal) => tellBy(way, { report, signal, around }),
    happened: telemetry.service,
  })
}

interface Telling {
  readonly report: FallbackReport
  readonly signal: AbortSignal
  readonly around: Surroundings
}

function tellBy(way: FallbackSettings['way'], { report, signal, around }: Telling): Promise<Failure> {
  const { env, clock } = around
  const body = `${JSON.stringify(report)}\n`
  if ('url' in way) return postReport({ url: way.url.reveal(), env, clock }, body, signal)
  const after = clock.after.bind(clock)
  return runCommand({ ...way, input: body, variables: reportVariables(report), env, after, signal })
}
