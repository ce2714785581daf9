// Where a replay is played to: a sidecar in this process that tells nobody, or the one that runs.
import { configurationHelp, readConfiguration } from '../app/configuration.ts'
import { endpointRules } from '../app/destinations.ts'
import type { EndpointRules } from '../app/endpoint-policy.ts'
import { openTelemetry } from '../app/open-telemetry.ts'
import { Rehearsal } from '../app/rehearsal.ts'
import { systemClock } from '../app/system-clock.ts'
import type { Settings } from '../config/settings.ts'
import { Conversation, ConversationError } from '../replay/conversation.ts'
import type { Plan } from '../replay/plan.ts'
import type { OpenIncident } from '../replay/summary.ts'
import type { Told } from '../replay/told.ts'
import { linesOf, terminal } from '../terminal/text.ts'
import type { CommandSurroundings } from './surroundings.ts'

export interface Stage {
  readonly conversation: Conversation
  /** Points without a level; undefined where only the sidecar knows. */
  unlevelled(): number | undefined
  /** What is open; undefined where only the sidecar knows, and what was told has to tell. */
  open(): readonly OpenIncident[] | undefined
  close(): Promise<void>
}

const MAX_MESSAGE_BYTES = 256 * 1024 * 1024

/** Rejects with ListenError. */
export async function rehearsalStage(
  { edge }: Plan,
  rules: ReadonlyMap<string, EndpointRules>,
  told: (told: Told) => void,
): Promise<Stage> {
  const rehearsal = await Rehearsal.open({
    told,
    endpointRules: name => rules.get(name),
    telemetry: openTelemetry({ level: 'silent', format: 'json' }, { isTerminal: false, colour: false }),
    clock: systemClock,
    maxMessageBytes: MAX_MESSAGE_BYTES,
    pid: process.pid,
  })
  const path = edge === 'STREAM' ? rehearsal.streamSocket : rehearsal.batchSocket
  return {
    conversation: await Conversation.open(path),
    unlevelled: () => rehearsal.counts.unlevelled,
    open: () => rehearsal.open(),
    close: () => rehearsal.close(),
  }
}

/** Rejects with ConversationError. */
export async function sidecarStage(
  { edge }: Plan,
  { udf }: Settings,
  told: (told: Told) => void,
): Promise<Stage> {
  const path = edge === 'STREAM' ? udf.streamSocket : udf.batchSocket
  try {
    const conversation = await Conversation.open(path, told)
    return {
      conversation,
      unlevelled: () => undefined,
      open: () => undefined,
      close: async () => conversation.leave(),
    }
  } catch (cause) {
    const { message } = cause as Error
    throw new ConversationError(
      `${message}. Does the sidecar run, and may you use its socket? --dry-run needs none`,
      {
        cause,
      },
    )
  }
}

export interface Known {
  readonly rules: ReadonlyMap<string, EndpointRules>
  /** Names of our functions in scripts. */
  readonly functions: readonly string[] | undefined
}

/**
 * What the configuration says of endpoints, for a dry run, which needs none: without one, what holds by default.
 * Undefined: the one that was named is bad, and that was said.
 */
export function knownForRehearsal(
  config: string | undefined,
  { env, stderr }: CommandSurroundings,
): Known | undefined {
  const read = readConfiguration(config, env)
  const problems = 'problems' in read ? read.problems.filter(({ code }) => code !== 'unreadable') : []
  if (problems.length > 0 && config !== undefined) {
    if ('problems' in read) stderr.write(linesOf(configurationHelp(read)))
    return undefined
  }
  if (problems.some(({ code }) => code !== 'file-missing'))
    stderr.write(terminal`warning: ${read.path} cannot be used; endpoints count as by default\n`)
  const settings = 'settings' in read ? read.settings : read.partial
  if (!settings || problems.length > 0) return { rules: new Map(), functions: undefined }
  const rules = settings.endpoints.map(endpoint => [endpoint.name, endpointRules(endpoint)] as const)
  return { rules: new Map(rules), functions: settings.kapacitor.functions }
}
