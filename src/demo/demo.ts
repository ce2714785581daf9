// The demo: the whole sidecar on a store in a temporary folder, recorded Kapacitor traffic at one end, a stand-in
// for Squadcast at the other. It tells what happens while it happens, and leaves nothing behind.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, startApp } from '../app/app.ts'
import { openTelemetry } from '../app/open-telemetry.ts'
import { systemClock } from '../app/system-clock.ts'
import { resolveSettings } from '../config/resolve.ts'
import type { Settings } from '../config/settings.ts'
import { jsonLine, type TerminalText } from '../terminal/text.ts'
import { byIdAndLevel } from './incident-ledger.ts'
import { PLANS } from './plan.ts'
import { type Played, playTask, RECORDED_TASKS, type RecordedTask } from './player.ts'
import { type StandIn, startStandIn } from './stand-in.ts'
import { type Chapter, Story, type Told } from './story.ts'

export interface DemoOptions {
  /** Play this task only. */
  readonly task: string | undefined
  readonly json: boolean
  readonly colour: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** Results. */
  readonly write: (text: TerminalText) => void
  /** Messages that are no results. */
  readonly note: (text: TerminalText) => void
}

const FIVE_MINUTES_MS = 300_000

export const demoTasks = (): string[] => RECORDED_TASKS.map(({ name }) => name)

/** Resolves with true when everything that was told was accepted. */
export async function runDemo(options: DemoOptions, stopped: AbortSignal): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'kapacitor-squadcast-demo-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  // A closed pipe, as in `demo | head`, and a second Ctrl-C end the process at once.
  process.once('exit', remove)
  const standIn = await startStandIn({
    clock: systemClock,
    plan: { rate: PLANS.enterprise },
    deduplication: { windowMs: FIVE_MINUTES_MS, key: byIdAndLevel },
  })
  try {
    const settings = demoSettings(folder, standIn.url('kapacitor'))
    const telemetry = openTelemetry({ level: 'silent', format: 'json' }, { isTerminal: false, colour: false })
    const app = await startApp(settings, {
      telemetry,
      clock: systemClock,
      random: Math.random,
      env: options.env,
      pid: process.pid,
      host: 'here',
      failed: error => {
        throw error
      },
    })
    try {
      return await new Demo(options, settings, app, standIn).play(stopped)
    } finally {
      await app.stop()
    }
  } finally {
    await standIn.close()
    process.off('exit', remove)
    remove()
  }
}

function demoSettings(folder: string, url: string): Settings {
  const text = `
[udf]
stream-socket = "stream.sock"
batch-socket  = "batch.sock"
socket-mode   = "0600"
socket-group  = ""

[squadcast]
rate = ${PLANS.enterprise}

[[endpoint]]
name     = "default"
url      = ${JSON.stringify(url)}
coalesce = false

[store]
path = "outbox.db"

[http]
bind-address = ""

[kapacitor]
url = ""
`
  const resolution = resolveSettings(
    text,
    { path: join(folder, 'config.toml') },
    { env: {}, readFile: () => '', groupExists: () => false },
  )
  if ('settings' in resolution) return resolution.settings
  throw new Error(`the demo's own configuration is wrong: ${resolution.problems[0]?.message}`)
}

class Demo {
  readonly #options: DemoOptions
  readonly #settings: Settings
  readonly #app: App
  readonly #standIn: StandIn
  readonly #story: Story
  #seen = 0

  constructor(options: DemoOptions, settings: Settings, app: App, standIn: StandIn) {
    this.#options = options
    this.#settings = settings
    this.#app = app
    this.#standIn = standIn
    this.#story = new Story(options.colour)
  }

  async play(stopped: AbortSignal): Promise<boolean> {
    const startedAt = systemClock.monotonicMs()
    const { task: only } = this.#options
    const tasks = RECORDED_TASKS.filter(({ name }) => only === undefined || name === only)
    const chapters: Chapter[] = []
    for (const task of tasks) {
      if (stopped.aborted) return false
      chapters.push(await this.#chapter(task))
    }
    const refused = this.#standIn.requests.filter(({ accepted }) => !accepted).length
    const ms = systemClock.monotonicMs() - startedAt
    const summary = this.#story.summary(chapters, { ms, refused })
    if (this.#options.json) this.#options.note(summary)
    else this.#options.write(summary)
    return refused === 0
  }

  async #chapter(task: RecordedTask): Promise<Chapter> {
    const { udf } = this.#settings
    const made = this.#app.status().eventsMade
    const played: Played = await playTask(task, task.isBatch ? udf.batchSocket : udf.streamSocket)
    const chapter: Chapter = { task, played }
    if (!this.#options.json) this.#options.write(this.#story.chapter(chapter))
    const events = this.#app.status().eventsMade - made
    await this.#tell(task, this.#seen + events)
    if (events === 0 && !this.#options.json) this.#options.write(this.#story.withoutLevels(task))
    return chapter
  }

  /** Tells each request as it is accepted, until there are as many. */
  async #tell(task: RecordedTask, until: number): Promise<void> {
    while (this.#seen < until) {
      await this.#standIn.until(({ requests }) => requests[this.#seen]?.status !== undefined)
      const request = this.#standIn.requests[this.#seen++]!
      if (request.accepted) this.#tellOne(task, request.body as Told)
    }
  }

  #tellOne(task: RecordedTask, told: Told): void {
    const step = this.#story.follow(told)
    const { id: incident, level, previousLevel, message } = told
    const kind = step === 'resolved' ? 'resolve' : 'trigger'
    this.#options.write(
      this.#options.json
        ? jsonLine({ kind, incident, level, previousLevel, message, step, task: task.name })
        : this.#story.line(step, told),
    )
  }
}
