// The store's thread before it knows what to open. To begin takes it as long as to read a large store, so whoever will
// need it starts it first, and finds out meanwhile what it is to open.
import { Worker } from 'node:worker_threads'

/** Until `Outbox.start` takes it, it keeps no process from ending. */
export function bootThread(): Worker {
  const entry = import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js'
  const worker = new Worker(new URL(entry, import.meta.url))
  worker.unref()
  return worker
}
