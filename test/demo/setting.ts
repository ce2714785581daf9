// A stand-in for Squadcast with a clock that the test moves, and what is sent to it.
import type { ExecutionContext } from 'ava'
import { type StandIn, type StandInOptions, startStandIn } from '../../src/demo/stand-in.ts'
import { FakeClock } from '../fakes/clock.ts'

interface Setting {
  readonly standIn: StandIn
  readonly clock: FakeClock
}

export async function setting(t: ExecutionContext, options: Partial<StandInOptions> = {}): Promise<Setting> {
  const clock = new FakeClock(Date.UTC(2026, 0, 1))
  const standIn = await startStandIn({ clock, ...options })
  t.teardown(() => standIn.close())
  return { standIn, clock }
}

export const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })

export const alert = (id: string, level = 'CRITICAL') => ({ id, level, message: `${id} is ${level}` })
export const trigger = { status: 'trigger', event_id: 'cpu', message: 'cpu is high', description: 'very' }
export const resolve = { status: 'resolve', event_id: 'cpu' }
