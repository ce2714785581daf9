// A real daemon for the page: real sockets, a receiver, a listener whose port stays over restarts.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { Browser, Page } from 'playwright-core'
import { Daemon } from '../fakes/daemon.ts'
import { Peer } from '../fakes/peer.ts'
import { Receiver } from '../fakes/receiver.ts'
import { type Room, room } from '../fakes/room.ts'
import { deadPort } from '../squadcast/servers.ts'
import { type Visit, type VisitOptions, visit } from './browser.ts'

export interface Scene {
  daemon: Daemon
  readonly receiver: Receiver
  readonly made: Room
  readonly address: string
  open(options?: VisitOptions): Promise<Visit>
  /** Starts the daemon anew, after it has gone. */
  restart(): Promise<void>
  connect(task?: string): Promise<Peer>
}

export async function scene(
  t: ExecutionContext,
  browser: Browser,
  keys: { url?: string; token?: string } = {},
): Promise<Scene> {
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const port = await deadPort()
  const guard = keys.token === undefined ? '' : 'token-file = "token"'
  const http = `bind-address = "127.0.0.1:${port}"\n${guard}`
  const made = room(t, keys.url ?? receiver.url, { http, more: '[squadcast]\nrate = 100000' })
  if (keys.token !== undefined) writeFileSync(join(made.folder, 'token'), keys.token, { mode: 0o600 })
  const start = async (): Promise<Daemon> => {
    const daemon = await Daemon.ready(made.config)
    t.teardown(() => daemon.kill())
    return daemon
  }
  const address = `http://127.0.0.1:${port}/`
  const on: Scene = {
    ...{ daemon: await start(), receiver, made, address },
    open: options => visit(t, browser, address, options),
    connect: (task = 'cpu') => Peer.task(made.stream, task),
    restart: async () => {
      on.daemon = await start()
    },
  }
  return on
}

/** Resolves once the text of an element is as wanted. */
export async function reads(page: Page, selector: string, wanted: RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: wanted }).first().waitFor()
}
