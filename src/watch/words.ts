// What a person reads of an incident about the sidecar itself: what is wrong, and what to do. Nothing of it is secret:
// answers come redacted, and no setting is quoted.
import type { Cause, Subject, Trouble } from './trouble.ts'

/** Of a subject whose trouble was not seen since the start no more is known. */
export type Known = Subject & { readonly trouble: Trouble | undefined }

/** In a title. */
const MOST_NAMED = 3
/** In the details. */
const MOST_TOLD = 10

const OF_TASKS: Readonly<Partial<Record<Cause, readonly [one: string, more: string]>>> = {
  'not-revived': ['does not run', 'do not run'],
  'without-levels': ['sends points without levels', 'send points without levels'],
}
const OF_OTHERS: Readonly<Partial<Record<Cause, string>>> = {
  'dead-letters': 'events were refused for good',
  store: 'the store is not durable',
}
const OVER: Readonly<Record<Cause, (name: string) => string>> = {
  endpoint: name => `endpoint ${name} takes events again`,
  'dead-letters': () => 'no dead letter is left',
  store: () => 'the store takes everything again',
  'not-revived': () => 'all tasks run again',
  'without-levels': () => 'no task sends points without levels any more',
}

/** Of one incident, whose subjects have one cause. */
export function troubleMessage(host: string, known: readonly Known[]): string {
  return `kapacitor-squadcast on ${host}: ${headline(known)}`
}

function headline(known: readonly Known[]): string {
  const { cause, name, trouble } = known[0]!
  const words = OF_TASKS[cause]
  if (!words) return trouble?.text ?? OF_OTHERS[cause] ?? `endpoint ${name} takes nothing`
  const names = known.map(subject => subject.name)
  if (names.length === 1) return `task ${name} ${words[0]}`
  return `${names.length} tasks ${words[1]}: ${someOf(names)}`
}

function someOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** A line for each of the first, how many more there are, and what to do. */
export function troubleDetails(known: readonly Known[]): string {
  const troubles = known.flatMap(({ trouble }) => trouble ?? [])
  const told = troubles.slice(0, MOST_TOLD).map(({ text }) => `${capital(text)}.`)
  const more = known.length - told.length
  const cures = new Set(troubles.slice(0, MOST_TOLD).map(({ cure }) => `${capital(cure)}.`))
  return [...told, ...(more > 0 ? [`And ${more} more.`] : []), ...cures].join('\n')
}

export const overMessage = (host: string, { cause, name }: Subject): string =>
  `kapacitor-squadcast on ${host}: ${OVER[cause](name)}`

/** Whether it is over is not known, or told elsewhere. */
export const noLongerToldMessage = (host: string): string =>
  `kapacitor-squadcast on ${host}: no longer told here ([self] of its configuration)`

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`
