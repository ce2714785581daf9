// A Kapacitor that is a script: its HTTP API on loopback, and tasks that dial the sidecar's socket as Kapacitor does.
// It starts only once Info is answered, it never reconnects, and it notes a PATCH that would have made it panic.
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { Peer, point } from './peer.ts'
import type { Message } from './requests.ts'

const PATIENCE_MS = 60_000
/** Shorter than Kapacitor's, so that a test need not wait for it. */
const DIAL_EVERY_MS = 50

export interface ScriptedTask {
  readonly id: string
  readonly script: string
  /** Options of its node. */
  readonly options: readonly Message[]
  status: 'enabled' | 'disabled'
  executing: boolean
  lastEnabled: string
  modified: string
  isDialing: boolean
  peer: Peer | undefined
}

export class ScriptedKapacitor {
  readonly tasks = new Map<string, ScriptedTask>()
  /** `cpu disabled`, in order. */
  readonly patches: string[] = []
  /** PATCHes of tasks that were being dialed for. */
  readonly panics: string[] = []
  /** Called with each PATCH, before it does anything and after it did, and before it is answered. */
  onPatch: (when: 'before' | 'after', patch: string) => void = () => {}
  /** Times that it dialed. */
  dials = 0
  readonly #socket: string
  readonly #port: number
  readonly #happened = new EventEmitter()
  #server: Server | undefined
  #changes = 0
  #life = 0

  /** It takes the port when it starts. */
  constructor(socket: string, port: number) {
    this.#socket = socket
    this.#port = port
  }

  /** A task that is there when Kapacitor starts, or is started at once. */
  define(
    id: string,
    options: readonly Message[] = [],
    status: ScriptedTask['status'] = 'enabled',
  ): ScriptedTask {
    const now = this.#instant()
    const task: ScriptedTask = {
      ...{ id, options, status, executing: false, script: `stream|from()@squadcast()` },
      ...{ lastEnabled: now, modified: now, isDialing: false, peer: undefined },
    }
    this.tasks.set(id, task)
    if (this.#server && status === 'enabled') void this.#dial(task)
    return task
  }

  /** Resolves once the API answers: that is after Info. */
  async start(): Promise<void> {
    const life = ++this.#life
    const info = await this.#connected(() => life === this.#life)
    info?.send({ info: {} })
    await info?.answered('info')
    await info?.end()
    if (life !== this.#life) return
    for (const task of this.tasks.values()) if (task.status === 'enabled') void this.#dial(task)
    await this.#listen()
  }

  /** As by SIGKILL. */
  async stop(): Promise<void> {
    this.#life++
    const server = this.#server
    this.#server = undefined
    for (const task of this.tasks.values()) await this.#end(task)
    server?.close()
    server?.closeAllConnections()
  }

  /** Resolves once it holds; asked after each happening here. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    try {
      while (!holds()) await once(this.#happened, 'happened', { signal })
    } catch (cause) {
      throw new Error(`waited for ${what}: ${this.patches.join(', ')}`, { cause })
    }
  }

  /** Resolves once the task has a connection whose Init was taken, another than before. */
  async connected(id: string, before?: Peer): Promise<Peer> {
    const peer = (): Peer | undefined => this.tasks.get(id)?.peer
    await this.until(`a connection of ${id}`, () => peer() !== undefined && peer() !== before)
    return peer()!
  }

  /** A point of a host for a task that is connected; resolves once it is judged. */
  async write(id: string, host: string, usage: number): Promise<void> {
    const peer = await this.connected(id)
    const count = peer.answers.filter(({ message }) => message === 'keepalive').length
    peer.send(point(host, { fieldsDouble: { usage } }), { keepalive: { time: '1' } })
    await peer.answered('keepalive', count + 1)
  }

  /** What a person does. */
  async patch(id: string, status: ScriptedTask['status']): Promise<void> {
    const task = this.tasks.get(id)!
    task.modified = this.#instant()
    if (task.status === status) return
    task.status = status
    if (status === 'disabled') await this.#end(task)
    else {
      task.lastEnabled = task.modified
      void this.#dial(task)
    }
  }

  async #end(task: ScriptedTask): Promise<void> {
    const { peer } = task
    task.peer = undefined
    task.executing = false
    task.isDialing = false
    await peer?.end()
  }

  async #dial(task: ScriptedTask): Promise<void> {
    const life = this.#life
    const enabling = task.lastEnabled
    const isWanted = (): boolean =>
      life === this.#life && task.status === 'enabled' && task.lastEnabled === enabling
    task.isDialing = true
    task.executing = true
    const peer = await this.#connected(isWanted)
    if (!peer) return
    task.isDialing = false
    peer.send({ init: { taskID: task.id, nodeID: 'squadcast2', options: task.options } })
    const [answer] = await peer.answered('init').catch(() => [])
    const isTaken = (answer?.init as { success?: boolean } | undefined)?.success === true
    if (isTaken && isWanted()) task.peer = peer
    else task.executing = false
    this.#happened.emit('happened')
  }

  async #connected(isWanted: () => boolean): Promise<Peer | undefined> {
    while (isWanted()) {
      this.dials++
      this.#happened.emit('happened')
      const peer = await Peer.connect(this.#socket).catch(() => undefined)
      if (peer) return peer
      await pause(DIAL_EVERY_MS)
    }
    return undefined
  }

  async #listen(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response))
    this.#server = server
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://kapacitor')
    const id = /^\/kapacitor\/v1\/tasks\/(.+)$/.exec(url.pathname)?.[1]
    const body = await text(request)
    const task = id === undefined ? undefined : this.tasks.get(decodeURIComponent(id))
    response.setHeader('X-Kapacitor-Version', '1.8.3')
    if (url.pathname === '/kapacitor/v1/ping') response.writeHead(204).end()
    else if (id === undefined) {
      const offset = Number(url.searchParams.get('offset'))
      const page = [...this.tasks.values()].slice(offset, offset + Number(url.searchParams.get('limit')))
      response.end(JSON.stringify({ tasks: page.map(shown) }))
    } else if (!task) response.writeHead(404).end(JSON.stringify({ error: 'no task exists' }))
    else {
      if (request.method === 'PATCH')
        await this.#patched(task, JSON.parse(body) as { status: ScriptedTask['status'] })
      response.end(JSON.stringify(shown(task)))
    }
  }

  async #patched(task: ScriptedTask, { status }: { status: ScriptedTask['status'] }): Promise<void> {
    const patch = `${task.id} ${status}`
    this.onPatch('before', patch)
    if (task.isDialing) this.panics.push(patch)
    await this.patch(task.id, status)
    this.patches.push(patch)
    this.onPatch('after', patch)
    this.#happened.emit('happened')
  }

  /** Like Kapacitor's own, no two alike. */
  #instant(): string {
    this.#changes++
    return new Date().toISOString().replace('Z', `${String(this.#changes).padStart(6, '0')}Z`)
  }
}

const shown = ({ id, script, status, executing, lastEnabled, modified }: ScriptedTask): object => ({
  ...{ id, script, status, executing, error: '', type: 'stream', modified, 'last-enabled': lastEnabled },
  dot: `digraph ${id} {\nstream0 -> from1;\nfrom1 -> squadcast2;\n}`,
})
