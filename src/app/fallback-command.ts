// One run of the fallback's command: without a shell, the report on its standard input, bounded in time. It sees little of
// the environment, since there may be secrets in it, and its arguments are told to nobody.
import { type ChildProcess, spawn } from 'node:child_process'

export interface CommandRun {
  /** A program and its arguments. */
  readonly command: readonly string[]
  readonly input: string
  readonly variables: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly after: (ms: number, fire: () => void) => () => void
  /** Ends it at once. */
  readonly signal: AbortSignal
}

/** Why it failed, with the end of what it said. Undefined: it did not. */
export type Failure = { readonly reason: string; readonly output?: string } | undefined

const WITHIN_MS = 30_000
/** Between the friendly end and the other. */
const FORCE_AFTER_MS = 2000
/** For what it said last: something that it started may hold the pipe for ever. */
const LISTEN_MS = 500
const MOST_OUTPUT = 2000
/** Of the sidecar's environment: nothing that [[endpoint]] url-env or systemd may have put there. */
const PASSED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|SSL_CERT_FILE|SSL_CERT_DIR|(https?|no|all)_proxy)$/i

/** Never rejects. */
export function runCommand(run: CommandRun): Promise<Failure> {
  const { command, variables, env } = run
  const [program = '', ...args] = command
  const inherited = Object.entries(env).filter(([name]) => PASSED.test(name))
  let child: ChildProcess
  try {
    child = spawn(program, args, {
      env: { ...Object.fromEntries(inherited), ...variables },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: what it started ends with it.
      detached: true,
    })
  } catch (error) {
    return Promise.resolve({ reason: whyNotStarted(error) })
  }
  return outcomeOf(child, run)
}

function outcomeOf(child: ChildProcess, { command, input, after, signal }: CommandRun): Promise<Failure> {
  const output = new Output(child)
  const timers: (() => void)[] = []
  let ended: string | undefined
  const end = (why: string): void => {
    ended ??= why
    if (isGone(child)) return
    kill(child, 'SIGTERM')
    timers.push(after(FORCE_AFTER_MS, () => isGone(child) || kill(child, 'SIGKILL')))
  }
  const leave = (): void => end('ended, since the sidecar stops')
  timers.push(after(WITHIN_MS, () => end(`ended, since it took more than ${WITHIN_MS / 1000} s`)))
  signal.addEventListener('abort', leave)
  if (signal.aborted) leave()
  // It may read nothing of it.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  return new Promise<Failure>(resolve => {
    child.once('error', error => resolve({ reason: whyNotStarted(error) }))
    child.once('exit', (code, killedBy) => {
      // What it started may be deaf to the friendly end.
      if (ended !== undefined) kill(child, 'SIGKILL')
      const failure = (): void => resolve(failureOf(ended, code, killedBy, output.tail(command.slice(1))))
      if (output.isOver) failure()
      else {
        child.once('close', failure)
        timers.push(after(LISTEN_MS, failure))
      }
    })
  }).finally(() => {
    for (const cancel of timers) cancel()
    signal.removeEventListener('abort', leave)
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy()
  })
}

function failureOf(
  ended: string | undefined,
  code: number | null,
  signal: NodeJS.Signals | null,
  output: string,
): Failure {
  if (code === 0 && ended === undefined) return undefined
  const reason = ended ?? (code === null ? `ended by ${signal}` : `left with ${code}`)
  return output === '' ? { reason } : { reason, output }
}

/** The end of what it wrote. */
class Output {
  #text = ''
  #open = 2

  constructor({ stdout, stderr }: ChildProcess) {
    for (const stream of [stdout, stderr]) {
      stream?.setEncoding('utf8')
      stream?.on('data', (text: string) => {
        this.#text = (this.#text + text).slice(-2 * MOST_OUTPUT)
      })
      stream?.on('close', () => this.#open--)
    }
  }

  get isOver(): boolean {
    return this.#open <= 0
  }

  /** @param secrets arguments: a URL or a token may be among them, and programs like to repeat them. */
  tail(secrets: readonly string[]): string {
    const hidden = secrets
      .filter(secret => secret.length > 3)
      .reduce((text, secret) => text.replaceAll(secret, '(hidden)'), this.#text)
    return hidden.trim().slice(-MOST_OUTPUT).toWellFormed()
  }
}

/** From then on its number may be somebody else's. */
const isGone = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

/** It and what it started. */
function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // None of them is left.
  }
}

/** NOTE: the error itself repeats the arguments. */
function whyNotStarted(error: unknown): string {
  const { code = 'unknown error' } = error as { code?: string }
  if (code === 'ENOENT') return 'there is no such program (ENOENT): name it with its whole path'
  if (code === 'EACCES')
    return 'the program may not be run (EACCES): is it executable for the user of the sidecar?'
  return `the program cannot be started (${code})`
}
