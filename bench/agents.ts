// The processes that are measured: the sidecar, and an agent that does with protobufjs what Kapacitor's own agents
// do. Started and ended here, by their ids; what they used is read from the kernel.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { cpuSecondsOf } from './cpu.ts'
import { publishedProgram } from './program.ts'

const running = new Set<Agent>()

/** For an end before the end. */
export const endAgents = (): Promise<unknown> => Promise.all([...running].map(agent => agent.end()))

export class Agent {
  readonly stream: string
  readonly folder: string
  readonly #process: ChildProcess

  constructor(process: ChildProcess, folder: string) {
    this.#process = process
    this.folder = folder
    this.stream = join(folder, 'stream.sock')
    running.add(this)
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** CPU time so far, user and system, seconds. */
  cpuSeconds(): number {
    return cpuSecondsOf(this.pid)
  }

  /** Memory that it holds now, bytes. */
  residentBytes(): number {
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))![1])
  }

  /** Asks one that `collects` to do so; it comes soon. */
  collect(): void {
    this.#process.kill('SIGUSR2')
  }

  async end(): Promise<void> {
    running.delete(this)
    const gone = new Promise(resolve => this.#process.once('exit', resolve))
    this.#process.kill('SIGKILL')
    await gone
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export interface SidecarOptions {
  readonly url?: string
  /** Keys of the endpoint, lines of TOML. */
  readonly endpoint?: string
  /** Tables, lines of TOML. */
  readonly more?: string
  /** A folder with a store in it, instead of a new one. */
  readonly folder?: string
  /** `collect` is to have an effect; what that takes is read at the start too. */
  readonly collects?: true
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'bench-'))

/** Resolves once it accepts. */
export async function startSidecar(options: SidecarOptions = {}): Promise<Agent> {
  const folder = options.folder ?? newFolder()
  const config = join(folder, 'config.toml')
  writeFileSync(config, configuration(folder, options))
  const collect = options.collects ? ['--import', new URL('./collect.ts', import.meta.url).href] : []
  const child = spawn(process.execPath, [...collect, publishedProgram(), 'run', '--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await line(child, text => text.includes('"event":"ready"'))
  return new Agent(child, folder)
}

/** The protobufjs agent: decodes each point, and encodes it again to return it, or only decodes. */
export async function startProtobufAgent(what: 'returning' | 'decoding' = 'returning'): Promise<Agent> {
  const folder = newFolder()
  const program = fileURLToPath(new URL('./protobuf-agent.ts', import.meta.url))
  const child = spawn(process.execPath, [program, join(folder, 'stream.sock'), what], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await line(child, text => text.includes('ready'))
  return new Agent(child, folder)
}

const configuration = (
  folder: string,
  { url = 'http://127.0.0.1:9/hook', endpoint = '', more = '[squadcast]\nrate = 100000' }: SidecarOptions,
): string => `
[udf]
stream-socket = "${folder}/stream.sock"
batch-socket = "${folder}/batch.sock"
socket-group = ""
[store]
path = "${folder}/outbox.db"
[http]
bind-address = ""
[kapacitor]
url = ""
[[endpoint]]
url = "${url}"
${endpoint}
${more}
`

function line(child: ChildProcess, isWanted: (text: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stderr! }).on('line', text => {
      if (!isWanted(text)) return
      // What comes later is read by nobody, and must not fill the pipe.
      lines.close()
      child.stderr!.resume()
      resolve()
    })
    child.once('exit', code => reject(new Error(`it left with ${code} before it was ready`)))
  })
}
