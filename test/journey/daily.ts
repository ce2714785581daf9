// A day of the sidecar as a process: a receiver that does as told, a daemon, and one task with a threshold.
import type { ExecutionContext } from 'ava'
import { systemClock } from '../../src/app/system-clock.ts'
import { type StandIn, type StandInOptions, startStandIn } from '../../src/demo/stand-in.ts'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { type Room, room } from '../fakes/room.ts'

export const CRIT = option('crit', '"usage" > 90')
export const usage = (value: number) => ({ fieldsDouble: { usage: value } })
/** Id of the incident of one host. */
export const incidentOf = (host: string): string => `cpu:cpu:host=${host}`

export interface Day extends Room {
  readonly receiver: StandIn
  /** Starts the daemon; ended with the test. */
  start(): Promise<Daemon>
  /** A task that is connected, from which points come. */
  task(): Promise<{
    says(host: string, value: number, second: number): void
    answered(count: number): Promise<unknown>
  }>
}

export async function day(
  t: ExecutionContext,
  options: Partial<StandInOptions> = {},
  endpoint = '',
): Promise<Day> {
  const receiver = await startStandIn({ clock: systemClock, ...options })
  t.teardown(() => receiver.close())
  const made = room(t, receiver.url('kapacitor'), { endpoint })
  return {
    ...made,
    receiver,
    async start() {
      const daemon = await Daemon.ready(made.config)
      t.teardown(() => daemon.kill())
      return daemon
    },
    async task() {
      const peer = await Peer.task(made.stream, 'cpu', [CRIT])
      return {
        says: (host, value, second) => peer.send(point(host, usage(value), second)),
        answered: count => peer.answered('point', count),
      }
    },
  }
}

/** Level of each accepted request of one incident, in order. */
export const levelsAt = (receiver: StandIn, incident: string): string[] =>
  receiver.requests
    .filter(({ accepted, body }) => accepted && (body as { id?: string }).id === incident)
    .map(({ body }) => (body as { level: string }).level)
