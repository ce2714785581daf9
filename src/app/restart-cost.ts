// What a restart of the sidecar that runs would cost now, by its own status. Changes nothing.
import type { HttpSettings } from '../config/settings.ts'
import { AskingError, askSidecar } from './asking-http.ts'
import { statusFrom } from './sidecar-status.ts'
import type { StatusView } from './status-view.ts'

export interface RestartCost {
  /** Tasks with a live connection, and their connections: each of them ends. */
  readonly tasks: number
  readonly connections: number
  readonly openIncidents: number
  readonly pendingEvents: number
  /** False: what is not on the disk may be lost with the process. */
  readonly durable: boolean
}

/** Where nobody can be asked, it says why. */
export async function askRestartCost(http: HttpSettings): Promise<RestartCost | { readonly why: string }> {
  try {
    return costOf(statusFrom(await askSidecar(http, '/status.json')))
  } catch (error) {
    if (error instanceof AskingError) return { why: error.message }
    throw error
  }
}

type Standing = Pick<StatusView, 'tasks' | 'connections' | 'incidents' | 'pending' | 'durable'>

export const costOf = ({ tasks, connections, incidents, pending, durable }: Standing): RestartCost => ({
  tasks: tasks.filter(({ nodes }) => nodes.length > 0).length,
  connections,
  openIncidents: incidents.open,
  pendingEvents: pending,
  durable,
})
