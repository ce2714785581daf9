// Entry of the store's own thread: the only place that opens the database. A disk that stalls holds up this
// thread and nothing else.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { type Owner, own } from './owner.ts'
import type { Numbered, StoreNotice } from './requests.ts'
import { migrate } from './schema.ts'
import { StoreError } from './store-error.ts'
import { Tables } from './tables.ts'
import { Writer } from './writer.ts'

const BUSY_TIMEOUT_MS = 5000

function start(port: MessagePort, path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 })
  const owner = own(path, process.pid)
  try {
    serve(port, openDatabase(path), owner)
  } catch (error) {
    owner.release()
    throw error
  }
}

function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY')
    migrate(db)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

function serve(port: MessagePort, db: DatabaseSync, owner: Owner): void {
  const writer = new Writer({
    db,
    tables: new Tables(db),
    post: message => port.postMessage(message),
    later: (ms, fire) => void setTimeout(fire, ms),
  })
  port.on('message', (first: Numbered | 'close') => {
    const requests = drain(port, first)
    writer.add(requests.filter(request => request !== 'close'))
    if (!requests.includes('close')) return
    writer.finish(() => {
      db.close()
      owner.release()
      port.close()
    })
  })
  port.postMessage({ notice: 'open' } satisfies StoreNotice)
}

/** All that waits: the more has gathered while the disk was busy, the more goes into one commit. */
function drain(port: MessagePort, first: Numbered | 'close'): (Numbered | 'close')[] {
  const messages = [first]
  for (;;) {
    const next = receiveMessageOnPort(port)
    if (!next) return messages
    messages.push(next.message as Numbered | 'close')
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
const { path } = workerData as { path: string }
try {
  start(port, path)
} catch (error) {
  port.postMessage(cannotOpen(error, path))
  port.close()
}
