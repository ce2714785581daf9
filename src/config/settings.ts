// What the program runs by: the configuration after every default, unit, path and secret has been settled.
// Shapes alone. Names carry their unit; an absent thing is undefined, never an empty text.
import type { Level, LevelName } from '../incident/level.ts'
import type { Address } from './address.ts'
import type { Secret } from './secret.ts'

export const PAYLOAD_FORMATS = ['kapacitor', 'incident'] as const
export type PayloadFormat = (typeof PAYLOAD_FORMATS)[number]

/** Squadcast's priorities, the most urgent first. */
export const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5'] as const
export type Priority = (typeof PRIORITIES)[number]

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export const LOG_FORMATS = ['json', 'pretty'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

export interface Settings {
  readonly udf: UdfSettings
  readonly squadcast: SquadcastSettings
  /** In the order of the file; names are unique and one of them is `default`. */
  readonly endpoints: readonly EndpointSettings[]
  readonly store: StoreSettings
  readonly http: HttpSettings
  readonly kapacitor: KapacitorSettings
  readonly heartbeat: HeartbeatSettings | undefined
  readonly self: SelfSettings | undefined
  readonly fallback: FallbackSettings | undefined
  readonly log: LogSettings
}

export interface UdfSettings {
  readonly streamSocket: string
  readonly batchSocket: string
  /** Permission bits, such as 0o660. */
  readonly socketMode: number
  /** Undefined leaves the group as the system sets it. */
  readonly socketGroup: string | undefined
  readonly maxMessageBytes: number
}

export interface SquadcastSettings {
  readonly ratePerMinute: number
}

export interface EndpointSettings {
  readonly name: string
  readonly url: Secret
  readonly format: PayloadFormat
  readonly timeoutMs: number
  readonly concurrency: number
  readonly coalesce: boolean
  readonly retriggerOnRise: boolean
  /** Undefined: a post that repeats a level notifies no one. */
  readonly postRepeatIntervalMs: number | undefined
  readonly minLevel: Level | undefined
  /** Certificates in PEM, as read from `ca-file`. */
  readonly ca: string | undefined
  /** May hold a password. Undefined leaves it to HTTPS_PROXY and NO_PROXY. */
  readonly proxy: Secret | undefined
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, Secret>>
  readonly priorityByLevel: Readonly<Partial<Record<LevelName, Priority>>>
}

export interface StoreSettings {
  readonly path: string
  readonly maxSizeBytes: number
  readonly historyMs: number
}

export interface HttpSettings {
  /** Undefined: no listener. Not loopback only where there is a token. */
  readonly bindAddress: Address | undefined
  readonly token: Secret | undefined
  /** Names accepted in the Host header beside the loopback's own. */
  readonly hosts: readonly string[]
}

export interface KapacitorSettings {
  /** Without a slash at its end and without a user name; undefined turns revival off. */
  readonly url: string | undefined
  /** Names of our functions in kapacitor.conf, by which scripts that use them are known. */
  readonly functions: readonly string[]
  readonly username: string | undefined
  readonly password: Secret | undefined
  readonly ca: string | undefined
  readonly orphanAfterMs: number | undefined
}

export interface HeartbeatSettings {
  readonly url: Secret
  readonly everyMs: number
}

export interface SelfSettings {
  /** Name of one of the endpoints. */
  readonly endpoint: string
}

export interface FallbackSettings {
  readonly afterMs: number
  /** The program and its arguments, or where to post. */
  readonly way: { readonly command: readonly string[] } | { readonly url: Secret }
}

export interface LogSettings {
  readonly level: LogLevel
  /** Undefined: pretty on a terminal, else JSON. */
  readonly format: LogFormat | undefined
}
