// Entry of the store's own thread: the only place that opens the store. A disk that stalls holds up this thread
// and nothing else. Its first message says what to open.
import { dirname } from 'node:path'
import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { DeadLetterCount } from './dead-letter-count.ts'
import { Disk } from './disk.ts'
import { reachOf } from './fault-point.ts'
import { makeFolder } from './folder.ts'
import { type Owner, own } from './owner.ts'
import type { Numbered, StoreNotice, StoreOptions } from './requests.ts'
import { StoreError } from './store-error.ts'
import { Writer } from './writer.ts'

/** How often old history is looked for, and how soon again while there is more. */
const PRUNE_EVERY_MS = 60_000
const PRUNE_MORE_MS = 50

function start(port: MessagePort, options: StoreOptions): void {
  makeFolder(dirname(options.path))
  const owner = own(options.path, process.pid)
  const letters = new DeadLetterCount({
    disk: () => disk.readable,
    tell: count => port.postMessage({ notice: 'dead-letters', count } satisfies StoreNotice),
    // It keeps nobody waiting for the thread's end.
    later: (ms, fire) => void setTimeout(fire, ms).unref(),
  })
  const disk: Disk = new Disk({
    ...options,
    now: Date.now,
    tell(notice) {
      port.postMessage(notice)
      const isPruned = notice.notice === 'pruned' && notice.deadLetters > 0
      if (notice.notice === 'set-aside' || isPruned) letters.changed()
    },
  })
  try {
    disk.open()
  } catch (error) {
    owner.release()
    throw error
  }
  serve(port, { disk, owner, letters }, options)
}

interface Parts {
  readonly disk: Disk
  readonly owner: Owner
  readonly letters: DeadLetterCount
}

function serve(port: MessagePort, { disk, owner, letters }: Parts, { fault }: StoreOptions): void {
  const stopPruning = keepPruned(disk)
  const writer = new Writer({
    disk,
    post: message => port.postMessage(message),
    later: (ms, fire) => void setTimeout(fire, ms),
    written: (requests, memory) => letters.written(requests, memory),
    ...(fault && { reach: reachOf(fault, () => process.kill(process.pid, 'SIGKILL')) }),
  })
  port.on('message', (first: Message) => {
    const messages = drain(port, first)
    writer.add(messages.filter(message => message !== 'close').flat())
    if (!messages.includes('close')) return
    stopPruning()
    writer.finish(() => {
      letters.stop()
      disk.close()
      owner.release()
      port.close()
    })
  })
  port.postMessage({ notice: 'open' } satisfies StoreNotice)
  letters.changed()
}

type Message = readonly Numbered[] | 'close'

/** All that waits: the more has gathered while the disk was busy, the more goes into one commit. */
function drain(port: MessagePort, first: Message): Message[] {
  const messages = [first]
  for (;;) {
    const next = receiveMessageOnPort(port)
    if (!next) return messages
    messages.push(next.message as Message)
  }
}

/** Small steps, with room for commits in between. */
function keepPruned(disk: Disk): () => void {
  let timer = setTimeout(step, PRUNE_MORE_MS)
  function step(): void {
    timer = setTimeout(step, prunedStep(disk) ? PRUNE_MORE_MS : PRUNE_EVERY_MS)
  }
  return () => clearTimeout(timer)
}

function prunedStep(disk: Disk): boolean {
  try {
    disk.makeReserve()
    return disk.prune()
  } catch {
    // A disk that takes nothing is dealt with where something has to be written.
    return false
  }
}

function cannotOpen(error: unknown, path: string): StoreNotice {
  const { code, message, hint } = error instanceof StoreError ? error : unopened(error, path)
  return { notice: 'cannot-open', code, message, ...(hint !== undefined && { hint }) }
}

function unopened(cause: unknown, path: string): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError('cannot-open', `cannot open the store ${path}: ${reason}`, {
    cause,
    hint: 'Check [store] path: it is a file, and its folder must be writable for the user of the sidecar.',
  })
}

const port = parentPort as MessagePort
port.once('message', (options: StoreOptions) => {
  try {
    start(port, options)
  } catch (error) {
    port.postMessage(cannotOpen(error, options.path))
    port.close()
  }
})
