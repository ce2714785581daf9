// The options that `@squadcast()` and `@squadcastBatch()` offer. Kapacitor learns them once, at its own start,
// and checks number and types of arguments when a task is defined.
import type { ValueType } from '../wire/messages.ts'

export const OPTION_TYPES = {
  endpoint: ['STRING'],
  levelField: ['STRING'],
  levelTag: ['STRING'],
  idField: ['STRING'],
  idTag: ['STRING'],
  messageField: ['STRING'],
  durationField: ['STRING'],
  id: ['STRING'],
  message: ['STRING'],
  details: ['STRING'],
  info: ['STRING'],
  warn: ['STRING'],
  crit: ['STRING'],
  infoReset: ['STRING'],
  warnReset: ['STRING'],
  critReset: ['STRING'],
  minLevel: ['STRING'],
  stateChangesOnly: ['DURATION'],
  recoveryDelay: ['DURATION'],
  recoverWhenSilent: ['DURATION'],
  tag: ['STRING', 'STRING'],
  priority: ['STRING'],
  noRecoveries: [],
  passThrough: [],
  all: [],
} as const satisfies Record<string, readonly ValueType[]>

export type OptionName = keyof typeof OPTION_TYPES
