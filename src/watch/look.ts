// What is wrong now, from what the parts of the sidecar say of themselves; and of what nobody can tell now whether it is
// still wrong. Pure.
import type { Answer } from '../delivery/destination.ts'
import type { EndpointStatus } from '../delivery/status.ts'
import { Level } from '../incident/level.ts'
import type { Subject, Trouble } from './trouble.ts'

export interface TaskFacts {
  readonly task: string
  /** Of a task's revival. */
  readonly state: string
  readonly why?: string
}

export interface NodeFacts {
  readonly task: string
  /** Taken since it connected. */
  readonly points: number
  readonly withoutLevels: boolean
}

/** Standing dead letters, those of the sidecar itself apart. */
export interface DeadLetterFacts {
  /** As far as they were counted. */
  readonly count: number
  readonly isMore: boolean
  /** Whether some CRITICAL trigger is among them. */
  readonly hasCritical: boolean
  readonly newest: number
  /** Incidents of the newest. */
  readonly incidents: readonly string[]
}

export interface Facts {
  readonly endpoints: readonly EndpointStatus[]
  /** Absent: it takes everything. */
  readonly store?: { readonly isVolatile: boolean; readonly reason: string } | undefined
  /** Absent: unknown. */
  readonly deadLetters?: DeadLetterFacts | undefined
  /** Absent: nobody looks after tasks. Those that it lists are known while it is reachable. */
  readonly kapacitor?: { readonly isReachable: boolean | undefined; readonly tasks: readonly TaskFacts[] }
  /** Those that are connected. */
  readonly nodes: readonly NodeFacts[]
  /** What a person can do about an answer. */
  readonly adviceFor: (answer: Answer) => string | undefined
}

export interface Look {
  readonly troubles: readonly Trouble[]
  /** Nobody can tell now, such as right after a start: what was, is. */
  isUnknown(subject: Subject): boolean
}

export const look = (facts: Facts): Look => ({
  troubles: [
    ...facts.endpoints.flatMap(endpoint => ofEndpoint(endpoint, facts.adviceFor)),
    ...ofDeadLetters(facts.deadLetters),
    ...ofStore(facts.store),
    ...ofTasks(facts),
    ...ofNodes(facts.nodes),
  ],
  isUnknown: subject => isUnknown(subject, facts),
})

function ofEndpoint(
  { name, state, pending, lastAnswer }: EndpointStatus,
  adviceFor: Facts['adviceFor'],
): Trouble[] {
  const about = { cause: 'endpoint', name, level: Level.critical } as const
  const waiting = `${counted(pending, 'event')} ${pending === 1 ? 'waits' : 'wait'}`
  if (state === 'removed' && pending > 0) {
    const cure = `Add an [[endpoint]] of this name again and reload: what waits goes on by itself`
    return [{ ...about, text: `endpoint ${name} is not configured, and ${waiting} for it`, cure }]
  }
  if (state !== 'blocked' && state !== 'failing') return []
  const answer = lastAnswer ? `; its last answer was: ${lastAnswer.answer.text}` : ''
  const advice = lastAnswer && adviceFor(lastAnswer.answer)
  const text = `endpoint ${name} is ${state}, and ${waiting}${answer}`
  return [{ ...about, text, cure: advice ?? 'What waits goes on by itself when it answers again' }]
}

function ofDeadLetters(letters: DeadLetterFacts | undefined): Trouble[] {
  if (!letters || letters.count === 0) return []
  const { count, isMore, hasCritical, newest, incidents } = letters
  const some = `${isMore ? 'more than ' : ''}${counted(count, 'event')} ${count === 1 ? 'was' : 'were'} refused for good`
  return [
    {
      ...{
        cause: 'dead-letters',
        name: '',
        level: hasCritical ? Level.critical : Level.warning,
        extent: newest,
      },
      text: `${some}, the newest of ${incidents.join(', ')}`,
      cure: '`kapacitor-squadcast dead-letters` shows why; this is over when each is sent again or discarded',
    },
  ]
}

function ofStore(store: Facts['store']): Trouble[] {
  if (!store) return []
  const { isVolatile, reason } = store
  const text = isVolatile
    ? `the disk takes nothing (${reason}): events are delivered, and would be lost with the process`
    : `another program holds the store (${reason}): nothing is stored or delivered`
  const cure = isVolatile
    ? 'Make room on the disk of the store, or give it more ([store] max-size)'
    : 'End the program that has the file of the store open'
  return [{ cause: 'store', name: '', level: isVolatile ? Level.warning : Level.critical, text, cure }]
}

const NOT_RUNNING = new Set(['refused', 'waiting', 'queued', 'reviving'])

function ofTasks({ kapacitor }: Facts): Trouble[] {
  if (kapacitor?.isReachable !== true) return []
  return kapacitor.tasks
    .filter(({ state }) => NOT_RUNNING.has(state))
    .map(({ task, state, why }) => {
      const about = { cause: 'not-revived', name: task, level: Level.critical } as const
      const reason = why === undefined ? '' : `: ${why}`
      if (state === 'refused') {
        const cure = 'Mend what was refused in the script, and define the task again'
        return { ...about, text: `the script of task ${task} was refused${reason}`, cure }
      }
      const text = `task ${task} is enabled and not connected (${state}${reason})`
      return {
        ...about,
        text,
        cure: `\`kapacitor show TASK\` and the log of Kapacitor say why it does not run`,
      }
    })
}

function ofNodes(nodes: readonly NodeFacts[]): Trouble[] {
  const tasks = new Set(nodes.filter(node => node.withoutLevels).map(({ task }) => task))
  return [...tasks].map(task => ({
    ...{ cause: 'without-levels', name: task, level: Level.warning },
    text: `task ${task} sends points without a level, so it pages nobody`,
    cure: "Add .levelField('level') to its |alert(), or thresholds such as .crit('...') to @squadcast()",
  }))
}

function isUnknown({ cause, name }: Subject, facts: Facts): boolean {
  const { endpoints, deadLetters, kapacitor } = facts
  switch (cause) {
    case 'endpoint': {
      const endpoint = endpoints.find(one => one.name === name)
      // Since the start it has answered nothing.
      return endpoint !== undefined && endpoint.pending > 0 && !endpoint.lastAnswer
    }
    case 'dead-letters':
      return deadLetters === undefined
    case 'store':
      return false
    case 'not-revived':
      return kapacitor !== undefined && kapacitor.isReachable !== true
    case 'without-levels':
      return isSilent(name, facts)
  }
}

/** Nothing has come from it since it connected, or it is about to connect. */
function isSilent(task: string, { nodes, kapacitor }: Facts): boolean {
  const connected = nodes.filter(node => node.task === task)
  if (connected.some(({ points }) => points > 0)) return false
  if (!kapacitor) return connected.length > 0
  if (kapacitor.isReachable !== true) return true
  const state = kapacitor.tasks.find(known => known.task === task)?.state
  return state !== undefined && state !== 'disabled' && state !== 'gone'
}

export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
