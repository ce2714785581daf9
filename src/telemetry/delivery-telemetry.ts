// What delivery tells, as log lines and counters. Texts of answers come redacted.
import type { Attempted, DeliveryHappenings } from '../delivery/happenings.ts'
import { levelName } from '../incident/level.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export function deliveryTelemetry(log: Log, metrics: Metrics): DeliveryHappenings {
  return {
    attempted({ endpoint, answer, outcome }) {
      metrics.deliveries.inc({ endpoint, outcome })
      metrics.deliverySeconds.observe(answer.latencyMs / 1000)
    },
    delivered(happening) {
      metrics.latencySeconds.observe(happening.latencyMs / 1000)
      const { kind, incident } = happening.event
      log.info(
        { ...about(happening), event: 'delivered', latencyMs: Math.round(happening.latencyMs) },
        `delivered ${kind} ${incident}`,
      )
    },
    retrying(happening) {
      const when =
        happening.inMs === undefined ? 'when the endpoint answers' : `in ${seconds(happening.inMs)}`
      log.warn(
        { ...about(happening), event: 'retrying', inMs: happening.inMs },
        `not delivered, again ${when}: ${happening.answer.text}`,
      )
    },
    blocked(happening) {
      log.error(
        { ...about(happening), event: 'blocked' },
        `not accepted, kept and tried again: ${happening.answer.text}`,
      )
    },
    limited(happening) {
      log.warn(
        { ...about(happening), event: 'limited', waitMs: happening.waitMs },
        `over the organisation's rate: nothing is sent for ${seconds(happening.waitMs)}`,
      )
    },
    refused(happening) {
      log.warn(
        { ...about(happening), event: 'refused' },
        `refused, once more with the least: ${happening.answer.text}`,
      )
    },
    dead(happening) {
      log.error(
        { ...about(happening), event: 'dead-letter' },
        `refused for good, a dead letter: ${happening.answer.text}`,
      )
    },
    coalesced({ endpoint, event, by }) {
      metrics.coalesced.inc()
      const { seq, incident, kind, task } = event
      const incidentLevel = levelName(event.level)
      log.info(
        { event: 'coalesced', endpoint, incident, incidentLevel, kind, task, seq, by },
        `${kind} ${incident} gave way to a newer event`,
      )
    },
    endpointDown({ endpoint, cause, answer }) {
      const what =
        cause === 'blocked' ? 'its URL or the way to it is wrong' : 'it does not answer as it should'
      log.error(
        { event: 'endpoint-down', endpoint, cause, answer: answer.text },
        `endpoint ${endpoint}: ${what}: ${answer.text}`,
      )
    },
    endpointUp({ endpoint, cause, pending }) {
      log.info(
        { event: 'endpoint-up', endpoint, cause, pending },
        `endpoint ${endpoint} works again, ${pending} events wait`,
      )
    },
    outageOver({ endpoint, from, back, over, ...rest }) {
      const [since, until] = [from, back ?? from].map(ms => new Date(ms).toISOString())
      const { deliveredLate, unseen, dead } = rest
      log.warn(
        {
          event: 'outage-over',
          endpoint,
          from: since,
          back: until,
          over: new Date(over ?? from).toISOString(),
          ...rest,
        },
        `endpoint ${endpoint} was down from ${since} to ${until}: ${deliveredLate} events arrived late, ` +
          `${unseen} incidents opened and closed unseen, ${dead} events were refused`,
      )
    },
    claimFailed({ error, retryInMs }) {
      metrics.storeErrors.inc()
      log.error({ event: 'claim-failed', err: error, retryInMs }, 'the store gave out no events; asked again')
    },
    settleFailed({ error, count }) {
      metrics.storeErrors.inc()
      log.error(
        { event: 'settle-failed', err: error, count },
        `what became of ${count} events was not stored: they may be sent again`,
      )
    },
  }
}

function about({ endpoint, event, answer }: Attempted): Record<string, unknown> {
  const { seq, incident, kind, task, attempts } = event
  const incidentLevel = levelName(event.level)
  const { status, text } = answer
  return { endpoint, incident, incidentLevel, kind, task, seq, attempts, status, answer: text }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
