// The node that `kapacitor-squadcast replay` plays as. Kapacitor's own nodes end in a number (`squadcast2`), so this one
// is never Kapacitor's: its task need not be looked after, and what it gets back may say more.
import type { FieldNames } from '../incident/node-settings.ts'

export const PLAYED_NODE = 'replay'

/** Under these names its points come back with what was told. No data has fields of these names. */
export const PLAYED_NAMES = {
  levelField: 'replay: level',
  idField: 'replay: id',
  messageField: 'replay: message',
} as const satisfies FieldNames

/** In the answer to its Init: nothing of what it sends is told to anybody. */
export const HISTORY = 'history'

export const isPlayed = ({ node }: { readonly node: string }): boolean => node === PLAYED_NODE
