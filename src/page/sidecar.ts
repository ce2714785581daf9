// What the page asks of the sidecar: values by GET, and the feed. It judges no answer.
import type { FeedListener, FeedSocket } from './connection.ts'

const PATIENCE_MS = 5_000

export interface Read<View> {
  /** HTTP status. */
  readonly code: number
  /** Absent: the answer is a refusal. */
  readonly view?: View
}

/** Rejects where nobody answers. */
export async function read<View>(path: string, stop?: AbortSignal): Promise<Read<View>> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const signal = stop ? AbortSignal.any([stop, patience]) : patience
  // Without a login the browser would ask for one at each try: reloading the page is when it should.
  const headers = { 'x-requested-with': 'page' }
  const answer = await fetch(addressOf(path), { signal, headers })
  return answer.ok ? { code: answer.status, view: (await answer.json()) as View } : { code: answer.status }
}

export function openFeed(query: string, listener: FeedListener): FeedSocket {
  const address = addressOf(`feed?${query}`)
  address.protocol = address.protocol.replace('http', 'ws')
  const socket = new WebSocket(address)
  socket.addEventListener('message', ({ data }) => listener.message(String(data)))
  socket.addEventListener('close', () => listener.closed())
  return socket
}

/** Beside this page, also behind a proxy that puts it elsewhere; without a login that stands in the address. */
function addressOf(path: string): URL {
  const address = new URL(path, location.href)
  address.username = ''
  address.password = ''
  return address
}
