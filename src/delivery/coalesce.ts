// Which waiting events of one incident need not be sent any more. Pure: a lane's events in, the dropped ones
// out. What the receiver holds in the end (open or not) is the same as if all had been sent.
//
// Only an event that was certainly never received gives way.
// - A trigger gives way to a later trigger of its opening. Two tasks may share an incident: then not to a less
//   severe one of the other task, since a WARNING of one must not take the place of a CRITICAL of the other.
// - A resolve takes the triggers of its opening that still wait.
// - It goes with them if the receiver then has nothing to resolve: no trigger of the opening can have arrived,
//   and no other opening stands open before it (as one of `.noRecoveries()` does).
import type { PendingEvent } from './ledger.ts'

export interface Dropped {
  readonly event: PendingEvent
  /** `seq` of the event it gives way to; a resolve that goes with its opening names itself. */
  readonly by: number
}

interface Opening {
  mayBeReceived: boolean
  /** Triggers that may still give way. */
  triggers: PendingEvent[]
}

/** `waiting`: in order, without the one in flight. */
export function coalesce(waiting: readonly PendingEvent[], inFlight?: PendingEvent): Dropped[] {
  const dropped: Dropped[] = []
  /** Openings which the receiver would hold open at this place in the lane. */
  const standing = new Map<number, Opening>()
  if (inFlight?.kind === 'trigger') standing.set(inFlight.opening, { mayBeReceived: true, triggers: [] })

  for (const event of waiting) {
    const opening = standing.get(event.opening) ?? { mayBeReceived: false, triggers: [] }
    opening.mayBeReceived ||= event.openingReceived
    if (event.kind === 'trigger') {
      standing.set(event.opening, opening)
      dropped.push(...replace(opening, event))
      continue
    }
    dropped.push(...opening.triggers.map(trigger => ({ event: trigger, by: event.seq })))
    standing.delete(event.opening)
    const nothingToResolve = opening.triggers.length > 0 && !opening.mayBeReceived && standing.size === 0
    if (nothingToResolve && event.certain) dropped.push({ event, by: event.seq })
    else standing.clear()
  }
  return dropped
}

function replace(opening: Opening, by: PendingEvent): Dropped[] {
  const givesWay = (earlier: PendingEvent) => earlier.task === by.task || earlier.level <= by.level
  const dropped = opening.triggers.filter(givesWay).map(event => ({ event, by: by.seq }))
  opening.triggers = opening.triggers.filter(earlier => !givesWay(earlier))
  if (by.certain) opening.triggers.push(by)
  else opening.mayBeReceived = true
  return dropped
}
