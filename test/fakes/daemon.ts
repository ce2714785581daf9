// The sidecar as a process of its own: started with a configuration, watched through its log, ended by its id.
// It never looks inside: what cannot be seen from outside is for other tests.
import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, on } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BARE_ENVIRONMENT } from './bare-environment.ts'

/** One line of the log. */
export interface LogLine {
  readonly level: string
  readonly event?: string
  readonly msg?: string
  readonly [key: string]: unknown
}

/** Values that a line has to carry. */
export type LineValues = Readonly<Record<string, unknown>>

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
/** For what is under way already: long for a busy machine, short for a test that fails. */
const PATIENCE_MS = 60_000

export class Daemon {
  readonly log: LogLine[] = []
  /** What it wrote besides: complaints about the configuration, the stack of a crash. */
  readonly complaints: string[] = []
  /** All that it wrote, as it wrote it. */
  output = ''
  /** Once it has gone and the last of its log is read. */
  readonly exited: Promise<Exit>
  readonly #process: ChildProcess
  readonly #lines = new EventEmitter()
  readonly #gone = new AbortController()

  /**
   * `config` is the path of the configuration. `env` is all it sees of the environment, but for PATH. `launcher` is a
   * script that gets the command as its arguments, and lines by `tellLauncher`.
   */
  constructor(config: string, env: Readonly<Record<string, string>> = {}, launcher?: string) {
    const command = [MAIN, 'run', '--config', config]
    const words = launcher === undefined ? command : [launcher, process.execPath, ...command]
    this.#process = spawn(process.execPath, words, {
      env: { ...BARE_ENVIRONMENT, ...env },
      stdio: [launcher === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
    })
    this.#process.stderr!.on('data', chunk => {
      this.output += chunk
    })
    createInterface({ input: this.#process.stderr! }).on('line', line => this.#read(line))
    this.exited = new Promise(resolve => {
      this.#process.once('close', (code, signal) => {
        this.#gone.abort()
        resolve({ code, signal })
      })
    })
  }

  /** Resolves once both sockets accept. Rejects when it does not come that far; then it is gone. */
  static async ready(config: string, env?: Readonly<Record<string, string>>): Promise<Daemon> {
    const daemon = new Daemon(config, env)
    try {
      await daemon.logged('ready')
    } catch (error) {
      await daemon.kill()
      throw error
    }
    return daemon
  }

  /** False once it has ended, by whatever. */
  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** The lines so far of one event that carry these values. */
  lines(event: string, values: LineValues = {}): LogLine[] {
    const wanted = Object.entries(values)
    return this.log.filter(
      line => line.event === event && wanted.every(([key, value]) => line[key] === value),
    )
  }

  /** Resolves with such lines, old ones too, once there are `count`. Rejects when they don't come, or it leaves. */
  async logged(event: string, values: LineValues = {}, count = 1): Promise<LogLine[]> {
    const isThere = (): boolean => this.lines(event, values).length >= count
    if (await this.until(isThere)) return this.lines(event, values)
    const tail = [...this.log.slice(-10).map(line => JSON.stringify(line)), ...this.complaints]
    throw new Error(`waited for '${event}' ${JSON.stringify(values)} ×${count}\n${tail.join('\n')}`)
  }

  /** Asks now and after each line. Resolves with false when it leaves, or when it takes too long. */
  async until(holds: () => boolean, patienceMs = PATIENCE_MS): Promise<boolean> {
    const signal = AbortSignal.any([this.#gone.signal, AbortSignal.timeout(patienceMs)])
    try {
      if (!holds()) for await (const _ of on(this.#lines, 'line', { signal })) if (holds()) break
    } catch {
      // It left, or it is too late: the lines decide.
    }
    return holds()
  }

  tellLauncher(line: string): void {
    this.#process.stdin?.write(`${line}\n`)
  }

  /** Asks it to read its configuration again. */
  reload(): void {
    this.#process.kill('SIGHUP')
  }

  /** Asks it to stop in order. */
  stop(): Promise<Exit> {
    this.#process.kill('SIGTERM')
    return this.exited
  }

  /** Ends it as a power cut would. May be called when it has gone. */
  kill(): Promise<Exit> {
    this.#process.kill('SIGKILL')
    return this.exited
  }

  #read(text: string): void {
    try {
      this.log.push(JSON.parse(text) as LogLine)
      this.#lines.emit('line')
    } catch {
      this.complaints.push(text)
    }
  }
}
