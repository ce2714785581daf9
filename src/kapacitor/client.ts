// Kapacitor's HTTP API: asks, and reads the answers. Bounded in time and size; it repeats nothing and decides nothing.
// The user name and the password leave it in one header alone.
import { Pool } from 'undici'
import {
  collectedFrom,
  listFrom,
  type TaskAnswer,
  type Topic,
  taskFrom,
  textFrom,
  topicEventFrom,
} from './answers.ts'
import { boundedBytes } from './bounded-bytes.ts'
import { type Backup, isAskable } from './topic-database.ts'

export const KAPACITOR_ERROR_CODES = [
  'unreachable',
  'timeout',
  'unauthorized',
  'refused',
  'failed',
  'not-kapacitor',
] as const
export type KapacitorErrorCode = (typeof KAPACITOR_ERROR_CODES)[number]

export class KapacitorError extends Error {
  readonly code: KapacitorErrorCode
  readonly hint: string

  constructor(code: KapacitorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KapacitorError'
    this.code = code
    this.hint = HINTS[code]
  }
}

const HINTS: Readonly<Record<KapacitorErrorCode, string>> = {
  unreachable: 'Is Kapacitor running, and [kapacitor] url its address? "" turns revival off.',
  timeout: 'Kapacitor is busy or stuck; it is asked again.',
  unauthorized: 'Check [kapacitor] username and password-file.',
  refused: 'kapacitor show TASK says more.',
  failed: "Kapacitor's log says more.",
  'not-kapacitor': 'Is [kapacitor] url the address of Kapacitor itself?',
}

export interface KapacitorAddress {
  /** Without a slash at its end. */
  readonly url: string
  readonly username?: string | undefined
  /** Revealed. */
  readonly password?: string | undefined
  /** Certificates in PEM that are trusted instead of the system's. */
  readonly ca?: string | undefined
  /** For one answer; by default 10 s. */
  readonly timeoutMs?: number
}

export interface KapacitorTimer {
  after(ms: number, fire: () => void): () => void
}

const TIMEOUT_MS = 10_000
/** A page of tasks with their scripts, or all events of a topic. */
const MOST_BYTES = 64 * 1024 * 1024
const PAGE = 200
/** Far beyond any Kapacitor: an API that never ends its list is no Kapacitor. */
const MOST_PAGES = 1000
const ROOT = '/kapacitor/v1'
const FIELDS = ['status', 'executing', 'error', 'script', 'type', 'last-enabled', 'modified', 'vars']
const CONNECTIONS = 6

interface RawAnswer {
  readonly status: number
  readonly bytes: Buffer
  readonly version: string | undefined
}

interface Answer {
  readonly status: number
  readonly body: string
  /** Of Kapacitor, by its header; anything else that answers has none. */
  readonly version: string | undefined
}

export class KapacitorClient {
  readonly #pool: Pool
  readonly #path: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #timer: KapacitorTimer
  readonly #timeoutMs: number

  constructor(
    { url, username, password, ca, timeoutMs = TIMEOUT_MS }: KapacitorAddress,
    timer: KapacitorTimer,
  ) {
    const { origin, pathname } = new URL(url)
    this.#timeoutMs = timeoutMs
    this.#path = pathname.replace(/\/$/, '') + ROOT
    this.#timer = timer
    this.#headers = {
      'user-agent': 'kapacitor-squadcast',
      ...(username !== undefined && {
        authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`,
      }),
    }
    this.#pool = new Pool(origin, {
      connections: CONNECTIONS,
      // NOTE: limits in time are ours, so that one covers connecting, waiting and reading.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: timeoutMs, ...(ca !== undefined && { ca }) },
    })
  }

  /** Its version, as it says itself. */
  async ping(): Promise<string> {
    const answer = await this.#ask('GET', '/ping')
    if (answer.status < 200 || answer.status > 299) throw refusal(answer.status, answer.body)
    if (answer.version !== undefined) return answer.version
    throw new KapacitorError('not-kapacitor', 'it answers a ping without a version')
  }

  /** All tasks, a page after the other. A task that comes or goes meanwhile may be missed: look twice. */
  async tasks(): Promise<TaskAnswer[]> {
    const tasks = new Map<string, TaskAnswer>()
    const fields = FIELDS.map(field => `fields=${field}`).join('&')
    for (let page = 0; page < MOST_PAGES; page++) {
      const value = await this.#get(`/tasks?${fields}&limit=${PAGE}&offset=${page * PAGE}`)
      const found = this.#read(() => listFrom(value, 'tasks', taskFrom))
      for (const task of found) tasks.set(task.id, task)
      if (found.length < PAGE) return [...tasks.values()]
    }
    throw new KapacitorError('not-kapacitor', 'its list of tasks has no end')
  }

  /** Undefined: there is no such task. */
  async task(id: string): Promise<TaskAnswer | undefined> {
    const value = await this.#find(taskPath(id))
    return value === undefined ? undefined : this.#read(() => taskFrom(value))
  }

  /** The graph of a task; undefined: there is no such task. */
  async dot(id: string): Promise<string | undefined> {
    const value = await this.#find(taskPath(id))
    return value === undefined ? undefined : this.#read(() => textFrom(value, 'dot'))
  }

  /** Resolves with the task as it is then; undefined: there is no such task. */
  async setStatus(id: string, status: TaskAnswer['status']): Promise<TaskAnswer | undefined> {
    const value = await this.#find(taskPath(id), JSON.stringify({ status }))
    return value === undefined ? undefined : this.#read(() => taskFrom(value))
  }

  /** Undefined: Kapacitor knows no such topic now, or its API cannot be asked for one of this name. */
  async topic(id: string): Promise<Topic | undefined> {
    if (!isAskable(id)) return undefined
    const path = `/alerts/topics/${encodeURIComponent(id)}`
    const events = await this.#topicPart(`${path}/events`)
    const head = events === undefined ? undefined : await this.#topicPart(path)
    if (head === undefined) return undefined
    return this.#read(() => ({
      events: listFrom(events, 'events', topicEventFrom),
      collected: collectedFrom(head),
    }))
  }

  /** Kapacitor's whole database: to be let go of soon. */
  async backup(): Promise<Backup> {
    const before = await this.#get('/alerts/topics')
    const { status, bytes } = await this.#askBytes('GET', '/storage/backup')
    if (status !== 200) throw refusal(status, bytes.toString())
    return { before, database: bytes, after: await this.#get('/alerts/topics') }
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }

  /** Kapacitor says of an unknown topic 500 here, and 404 there. */
  async #topicPart(path: string): Promise<unknown> {
    const answer = await this.#ask('GET', path)
    const isUnknown = /unknown topic|failed to get topic|topic .* not found/i.test(answer.body)
    if (answer.status === 404 || (answer.status === 500 && isUnknown)) return undefined
    return this.#parsed(answer)
  }

  async #get(path: string): Promise<unknown> {
    return this.#parsed(await this.#ask('GET', path))
  }

  async #find(path: string, body?: string): Promise<unknown> {
    const answer = await this.#ask(body === undefined ? 'GET' : 'PATCH', path, body)
    // Only Kapacitor's own word for it: a proxy in between has a 404 of its own.
    if (answer.status === 404 && /no task exists|task does not exist/.test(answer.body)) return undefined
    return this.#parsed(answer)
  }

  #parsed({ status, body }: Answer): unknown {
    if (status < 200 || status > 299) throw refusal(status, body)
    return this.#read(() => JSON.parse(body))
  }

  #read<Value>(read: () => Value): Value {
    try {
      return read()
    } catch (cause) {
      const reason = cause instanceof TypeError ? cause.message : 'it is no JSON'
      throw new KapacitorError('not-kapacitor', `an answer that Kapacitor would not give: ${reason}`)
    }
  }

  async #ask(method: 'GET' | 'PATCH', path: string, body?: string): Promise<Answer> {
    const { status, bytes, version } = await this.#askBytes(method, path, body)
    return { status, body: bytes.toString(), version }
  }

  async #askBytes(method: 'GET' | 'PATCH', path: string, body?: string): Promise<RawAnswer> {
    const late = new AbortController()
    const cancel = this.#timer.after(this.#timeoutMs, () => late.abort())
    try {
      const answer = await this.#pool.request({
        method,
        path: this.#path + path,
        headers: this.#headers,
        signal: late.signal,
        ...(body !== undefined && { body }),
      })
      const version = [answer.headers['x-kapacitor-version'] ?? []].flat()[0]
      const bytes = await boundedBytes(answer.body, MOST_BYTES)
      if (bytes === undefined)
        throw new KapacitorError('not-kapacitor', `an answer of more than ${MOST_BYTES} bytes`)
      return { status: answer.statusCode, bytes, version }
    } catch (cause) {
      if (cause instanceof KapacitorError) throw cause
      if (late.signal.aborted)
        throw new KapacitorError('timeout', `Kapacitor gave no answer within ${this.#timeoutMs / 1000} s`)
      const { code, message } = cause as NodeJS.ErrnoException
      throw new KapacitorError('unreachable', `Kapacitor cannot be reached (${code ?? message})`)
    } finally {
      cancel()
    }
  }
}

const taskPath = (id: string): string => `/tasks/${encodeURIComponent(id)}`

const TEXT_LENGTH = 300

function refusal(status: number, body: string): KapacitorError {
  const said = `${status} ${errorIn(body)}`.trim().slice(0, TEXT_LENGTH)
  if (status === 401 || status === 403)
    return new KapacitorError('unauthorized', `Kapacitor wants another login: ${said}`)
  if (status >= 500) return new KapacitorError('failed', `Kapacitor failed: ${said}`)
  if (status === 400) return new KapacitorError('refused', `Kapacitor refused: ${said}`)
  return new KapacitorError('not-kapacitor', `no answer of Kapacitor: ${said}`)
}

function errorIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown }
    return typeof error === 'string' ? error : ''
  } catch {
    return ''
  }
}
