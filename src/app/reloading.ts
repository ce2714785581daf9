// When and from what the configuration is read again: the whole of it when somebody asks, and what its secret files
// hold when they change. What is broken changes nothing, and says why.
import { formatProblems } from '../config/problems.ts'
import type { Settings } from '../config/settings.ts'
import type { ServiceTelemetry } from '../telemetry/service-telemetry.ts'
import { ChangedFiles } from './changed-files.ts'
import { type Configuration, readConfiguration, readSecretsAgain } from './configuration.ts'
import type { ReloadPlan } from './reload-plan.ts'
import type { SystemClock } from './system-clock.ts'

export interface ReloadingParts {
  readonly config: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Pick<SystemClock, 'after'>
  readonly telemetry: ServiceTelemetry
  readonly reconfigure: (next: Settings) => ReloadPlan
  /** What is in the file is what is run by, as far as it can change live. */
  readonly taken: (text: string) => void
}

/** What is run by now. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly files: readonly string[]
}

export class Reloading {
  readonly #parts: ReloadingParts
  readonly #files: ChangedFiles
  #source: Source

  constructor(parts: ReloadingParts, source: Source) {
    this.#parts = parts
    this.#source = source
    this.#files = new ChangedFiles(parts.clock, () => this.#take(readSecretsAgain(this.#source, parts.env)))
    this.#files.watch(source.files)
  }

  /** Somebody asks. */
  reload(): void {
    const { config, env } = this.#parts
    const read = readConfiguration(config, env)
    if (this.#take(read)) this.#parts.taken(this.#source.text)
  }

  stop(): void {
    this.#files.stop()
  }

  #take(read: Configuration): boolean {
    const { telemetry, reconfigure } = this.#parts
    if (!('settings' in read)) {
      telemetry.reloadRefused({ reasons: formatProblems(read.problems, read.path) })
      return false
    }
    const plan = reconfigure(read.settings)
    if ('refused' in plan) {
      telemetry.reloadRefused({ reasons: [plan.refused] })
      return false
    }
    const { path, text = '', files } = read
    this.#source = { path, text, files }
    this.#files.watch(files)
    telemetry.reloaded(plan)
    return true
  }
}
