// For proofs of what a crash does: KAPACITOR_SQUADCAST_FAULT="after-send:3" ends the process, as a power cut would,
// when delivery comes there for the third time. Without it nothing here is in anybody's way.
import type { Destination } from '../delivery/destination.ts'
import type { EndpointSettings } from '../delivery/endpoint.ts'
import type { DeliveryLedger } from '../delivery/ledger.ts'
import { type AwaitedFault, FAULT_POINTS, type Reach, reachOf } from '../outbox/fault-point.ts'
import type { Surroundings } from './surroundings.ts'

const VARIABLE = 'KAPACITOR_SQUADCAST_FAULT'

/** Throws an Error with a hint when what is asked for makes no sense: a proof must not pass for want of its fault. */
export function faultIn(env: Surroundings['env']): AwaitedFault | undefined {
  const text = env[VARIABLE]
  if (!text) return undefined
  const [name, times = '1'] = text.split(':')
  const point = FAULT_POINTS.find(known => known === name)
  if (point && /^[1-9]\d*$/.test(times)) return { point, passing: Number(times) }
  throw Object.assign(new Error(`${VARIABLE} is ${JSON.stringify(text)}`), {
    code: 'no-such-fault',
    hint: `Unset it, or name a step and its how-manieth time: ${FAULT_POINTS.join(', ')}, as in after-send:3.`,
  })
}

/** Undefined: no fault is awaited. One for all that come past it, since they are counted together. */
export function awaitedReach({ env, pid }: Pick<Surroundings, 'env' | 'pid'>): Reach | undefined {
  const fault = faultIn(env)
  return fault && reachOf(fault, () => process.kill(pid, 'SIGKILL'))
}

/** The same ledger; with a fault, it comes past its point. */
export const ledgerWithFault = (ledger: DeliveryLedger, reach: Reach | undefined): DeliveryLedger =>
  reach ? reachingLedger(ledger, reach) : ledger

/** The same endpoint; with a fault, it comes past its point. */
export const endpointWithFault = (endpoint: EndpointSettings, reach: Reach | undefined): EndpointSettings =>
  reach ? { ...endpoint, destination: reachingDestination(endpoint.destination, reach) } : endpoint

const reachingLedger = (ledger: DeliveryLedger, reach: Reach): DeliveryLedger => ({
  async claim(seqs, at) {
    const claims = await ledger.claim(seqs, at)
    reach('after-claim')
    return claims
  },
  settle(settlements) {
    if (settlements.some(({ kind }) => kind === 'attempted')) reach('before-settle')
    return ledger.settle(settlements)
  },
  outage: outage => ledger.outage(outage),
})

const reachingDestination = (destination: Destination, reach: Reach): Destination => ({
  async send(event, options) {
    const answer = await destination.send(event, options)
    reach('after-send')
    return answer
  },
  close: () => destination.close(),
})
