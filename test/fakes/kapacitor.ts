// A real Kapacitor on loopback, in a folder of its own and on a port that was free; spoken to over its HTTP API
// alone, and ended by its id. It knows nothing of the sidecar but the configuration that it is given.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fromExactJson } from '../../src/incident/event.ts'

export interface TaskState {
  readonly status: 'enabled' | 'disabled'
  readonly executing: boolean
  readonly error: string
  /** Its graph, with how many points went over each edge. */
  readonly dot: string
}

/** One group's last point, as |httpOut() shows it. */
export interface Output {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

const PATIENCE_MS = 60_000
const INTERVAL_MS = 25
const ADDRESS = /msg="listening on" service=http addr=(\S+)/

/** Looks again until there is something: a foreign process does not tell when it is done. */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined>,
): Promise<Found> {
  const deadline = performance.now() + PATIENCE_MS
  while (performance.now() < deadline) {
    const found = await look()
    if (found !== undefined) return found
    await pause(INTERVAL_MS)
  }
  throw new Error(`waited for ${what}`)
}

export class Kapacitor {
  readonly log: string[] = []
  readonly exited: Promise<void>
  readonly #folder: string
  readonly #process: ChildProcess
  readonly #address: Promise<string>

  private constructor(binary: string, folder: string, config: string) {
    this.#folder = folder
    // No environment: KAPACITOR_... of this machine would change the configuration.
    this.#process = spawn(binary, ['-config', config], { env: {}, stdio: ['ignore', 'ignore', 'pipe'] })
    this.exited = new Promise(resolve => {
      this.#process.once('close', () => resolve())
      this.#process.once('error', error => {
        this.log.push(String(error))
        resolve()
      })
    })
    this.#address = new Promise((resolve, reject) => {
      createInterface({ input: this.#process.stderr! }).on('line', line => {
        this.log.push(line)
        const address = ADDRESS.exec(line)?.[1]
        if (address) resolve(address)
      })
      void this.exited.then(() => reject(new Error(`Kapacitor left:\n${this.log.slice(-20).join('\n')}`)))
    })
    this.#address.catch(() => {})
  }

  /** `more` stands at the end of the configuration; port 0 is any. Resolves once the API answers. */
  static async start(binary: string, folder: string, more: string, port = 0): Promise<Kapacitor> {
    await mkdir(folder, { recursive: true })
    const config = join(folder, 'kapacitor.conf')
    await writeFile(config, `${configuration(folder, port)}\n${more}`)
    const kapacitor = new Kapacitor(binary, folder, config)
    // It waits for UDF sockets as long as they stay silent.
    const timer = setTimeout(() => kapacitor.#process.kill('SIGKILL'), PATIENCE_MS)
    await kapacitor.#address.finally(() => clearTimeout(timer))
    return kapacitor
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** Defines a task and enables it. What is wrong with the script itself rejects. */
  async define(id: string, script: string): Promise<void> {
    await this.#ask('POST', '/tasks', JSON.stringify({ id, script, status: 'enabled' }))
  }

  /** Adds a handler to a topic, as `kapacitor define-topic-handler` does. */
  async handle(topic: string, kind: string, options: Readonly<Record<string, unknown>>): Promise<void> {
    const body = JSON.stringify({ id: `${topic}_${kind}`, kind, options })
    await this.#ask('POST', `/alerts/topics/${topic}/handlers`, body)
  }

  task(id: string): Promise<TaskState> {
    return this.#ask('GET', `/tasks/${id}`) as Promise<TaskState>
  }

  async change(id: string, changes: { readonly status?: TaskState['status']; readonly script?: string }) {
    await this.#ask('PATCH', `/tasks/${id}`, JSON.stringify(changes))
  }

  async remove(id: string): Promise<void> {
    await this.#ask('DELETE', `/tasks/${id}`)
  }

  /** Resolves with the lines of its log that say so, once there are as many. */
  logged(words: string, count = 1): Promise<string[]> {
    return eventually(`${count} × ${words}`, async () => {
      const lines = this.log.filter(line => line.includes(words))
      return lines.length >= count ? lines : undefined
    })
  }

  /** Line protocol with times in nanoseconds. Kapacitor takes it before its tasks do. */
  async write(lines: readonly string[]): Promise<void> {
    await this.#ask('POST', '/write?db=telegraf&rp=autogen&precision=ns', lines.join('\n'))
  }

  /** What a task's |httpOut(name) shows, in the order of the groups' tags. Large integers are exact. */
  async output(task: string, name: string): Promise<Output[]> {
    const { series } = fromExactJson(await this.#request('GET', `/tasks/${task}/${name}`)) as {
      series: Output[] | null
    }
    const key = ({ tags }: Output): string => JSON.stringify(tags)
    return [...(series ?? [])].sort((a, b) => key(a).localeCompare(key(b)))
  }

  /** Starts to record what a task gets, until a point is later than `stop`. Resolves once it records. */
  async record(task: string, stop: Date): Promise<string> {
    const body = JSON.stringify({ task, stop: stop.toISOString() })
    const { id } = (await this.#ask('POST', '/recordings/stream', body)) as { id: string }
    const file = join(this.#folder, 'replay', `${id}.srpl`)
    await eventually(file, async () => (existsSync(file) ? true : undefined))
    return id
  }

  async recorded(id: string): Promise<void> {
    await eventually(`the recording ${id}`, () => this.#finished(`/recordings/${id}`))
  }

  /** Plays a recording to its task, as fast as it goes, and resolves at its end. */
  async replay(task: string, recording: string): Promise<void> {
    const body = JSON.stringify({ task, recording, clock: 'fast', 'recording-time': true })
    const { id } = (await this.#ask('POST', '/replays', body)) as { id: string }
    await eventually(`the replay ${id}`, () => this.#finished(`/replays/${id}`))
  }

  kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    return this.exited
  }

  async #finished(path: string): Promise<true | undefined> {
    const { status, error } = (await this.#ask('GET', path)) as { status: string; error: string }
    if (status === 'failed') throw new Error(`${path}: ${error}`)
    return status === 'finished' ? true : undefined
  }

  async #ask(method: string, path: string, body?: string): Promise<unknown> {
    const text = await this.#request(method, path, body)
    return text === '' ? undefined : JSON.parse(text)
  }

  async #request(method: string, path: string, body?: string): Promise<string> {
    const url = `http://${await this.#address}/kapacitor/v1${path}`
    const signal = AbortSignal.timeout(PATIENCE_MS)
    try {
      const response = await fetch(url, { method, signal, ...(body !== undefined && { body }) })
      const text = await response.text()
      if (response.ok) return text
      throw new Error(`${response.status} ${text}`)
    } catch (cause) {
      throw new Error(`${method} ${path}: ${cause}\n${this.log.slice(-20).join('\n')}`, { cause })
    }
  }
}

const configuration = (folder: string, port: number): string => `
hostname = "localhost"
data_dir = "${folder}"
skip-config-overrides = true
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
[logging]
  file = "STDERR"
  level = "INFO"
[replay]
  dir = "${folder}/replay"
[storage]
  boltdb = "${folder}/kapacitor.db"
[task]
  dir = "${folder}/tasks"
[load]
  enabled = false
  dir = "${folder}/load"
[reporting]
  enabled = false
[stats]
  enabled = false
`
