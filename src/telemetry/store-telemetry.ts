// What the store tells, as log lines and counters.
import type { OutboxHappenings } from '../outbox/happenings.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export function storeTelemetry(log: Log, metrics: Metrics): OutboxHappenings {
  return {
    storeFailing({ message, waiting }) {
      metrics.storeErrors.inc()
      metrics.durable.set(0)
      log.error(
        { event: 'store-failing', waiting, reason: message },
        `the store takes no writes (${message}): ${waiting} requests wait and are tried again`,
      )
    },
    storeVolatile({ message }) {
      metrics.storeErrors.inc()
      metrics.durable.set(0)
      log.error(
        { event: 'store-volatile', reason: message },
        `the disk takes nothing (${message}): what comes now is delivered, but would be lost with this process`,
      )
    },
    storeRecovered() {
      metrics.durable.set(1)
      log.info({ event: 'store-recovered' }, 'the store takes writes again; nothing was lost')
    },
    storeSetAside(happening) {
      metrics.storeErrors.inc()
      const { path, reason, incidents, pending } = happening
      log.error(
        { ...happening, event: 'store-set-aside' },
        `the store was damaged (${reason}) and is now ${path}; read of it: ${incidents} open incidents, ${pending} undelivered events`,
      )
    },
    storePruned(happening) {
      const { why, events, deadLetters } = happening
      if (why === 'old') log.debug({ ...happening, event: 'store-pruned' }, `${events} old events forgotten`)
      else if (deadLetters > 0)
        log.error(
          { ...happening, event: 'store-pruned' },
          `no room: ${deadLetters} dead letters were given up; give the store more ([store] max-size, or the disk)`,
        )
      else
        log.warn(
          { ...happening, event: 'store-pruned' },
          `no room: ${events} events of the history were given up`,
        )
    },
    deadLettersCounted(count) {
      metrics.deadLetters.set(count)
    },
    storeReserveGivenUp() {
      log.warn(
        { event: 'store-reserve' },
        'no room: the reserve beside the store was given up; the next thing to go is durability',
      )
    },
    eventUnreadable({ seq, error }) {
      log.error(
        { event: 'event-unreadable', seq, err: error },
        `event ${seq} cannot be read from the store: a dead letter`,
      )
    },
  }
}
