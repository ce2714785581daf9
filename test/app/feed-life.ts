// A sidecar as far as its live feed goes, on a port of loopback, for one life of it.
import type { ExecutionContext } from 'ava'
import { systemClock } from '../../src/app/system-clock.ts'
import { isLoopback } from '../../src/config/address.ts'
import type { HttpSettings } from '../../src/config/settings.ts'
import { FeedSockets } from '../../src/http/feed-sockets.ts'
import { Guard } from '../../src/http/guard.ts'
import { listenHttp } from '../../src/http/listener.ts'
import type { Feed } from '../../src/telemetry/feed.ts'

export const at = (port: number): HttpSettings => ({
  ...{ bindAddress: { host: '127.0.0.1', port }, token: undefined, hosts: [] },
})

/** Resolves with what ends it. */
export async function life(
  t: ExecutionContext,
  feed: Feed,
  { port, startedAt }: { port: number; startedAt: string },
) {
  const { after } = systemClock
  const sockets = new FeedSockets({
    source: feed,
    status: () => ({}),
    hello: { version: '1', startedAt },
    after,
  })
  const listener = await listenHttp({
    address: { host: '127.0.0.1', port },
    guard: new Guard({ isLoopback, hosts: [], token: undefined }),
    routes: [],
    upgrades: { '/feed': sockets.accept.bind(sockets) },
    happened: { refused() {}, failed() {} },
    after,
  })
  const end = async (): Promise<void> => {
    sockets.stop()
    await listener.stop(0)
  }
  t.teardown(end)
  return end
}
