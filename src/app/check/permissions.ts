// Who may open what, by owners, groups and modes, as the kernel decides it without access lists. Pure but for the look
// at the files.
import { realpathSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface Identity {
  readonly name: string
  readonly uid: number
  /** The first is the user's own. */
  readonly gids: readonly number[]
}

/** Somebody whom nothing belongs to. */
export const ANYBODY: Identity = { name: 'anybody', uid: -1, gids: [] }

/** A folder or a file on the way, from the root on. */
export interface Step {
  readonly path: string
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

export const READ = 4
export const WRITE = 2
const ENTER = 1

/** What stands in the way; undefined: nothing. @param steps the last is what is wanted itself. */
export function obstacle(steps: readonly Step[], who: Identity, want: number): Step | undefined {
  if (who.uid === 0) return undefined
  return steps.find((step, index) => {
    const needed = index === steps.length - 1 ? want : ENTER
    return (bitsFor(step, who) & needed) !== needed
  })
}

function bitsFor({ uid, gid, mode }: Step, who: Identity): number {
  if (who.uid === uid) return (mode >> 6) & 7
  return (who.gids.includes(gid) ? mode >> 3 : mode) & 7
}

/** Throws what the system says. */
export function stepsTo(path: string): Step[] {
  const end = join(realpathSync(dirname(path)), basename(path))
  const found: Step[] = []
  for (let at = end; ; at = dirname(at)) {
    found.unshift(stepOf(at, statSync(at)))
    if (dirname(at) === at) return found
  }
}

const stepOf = (path: string, { uid, gid, mode }: Stats): Step => ({ path, uid, gid, mode: mode & 0o7777 })

/** `0640`. */
export const octal = (mode: number): string => `0${(mode & 0o777).toString(8).padStart(3, '0')}`
