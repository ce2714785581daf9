// A daemon that is watched: with a listener on a port that its configuration names, which may ask for a token.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { Daemon } from '../fakes/daemon.ts'
import { Receiver } from '../fakes/receiver.ts'
import { type Room, room } from '../fakes/room.ts'
import { deadPort } from '../squadcast/servers.ts'

export interface Watched extends Room {
  readonly receiver: Receiver
  readonly port: number
  /** Starts the daemon; ended with the test. */
  start(): Promise<Daemon>
}

interface Wishes {
  readonly token?: string
  /** Lines of [kapacitor]. */
  readonly kapacitor?: string
  /** Lines of [http] instead of an address. */
  readonly http?: string
}

export async function watched(t: ExecutionContext, wishes: Wishes = {}): Promise<Watched> {
  const { token, kapacitor = 'url = ""' } = wishes
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const port = await deadPort()
  const guarded = token === undefined ? '' : '\ntoken-file = "token"'
  const http = wishes.http ?? `bind-address = "127.0.0.1:${port}"${guarded}`
  const made = room(t, receiver.url, { http, kapacitor })
  if (token !== undefined) writeFileSync(join(made.folder, 'token'), token)
  return {
    ...{ ...made, receiver, port },
    async start() {
      const daemon = await Daemon.ready(made.config)
      t.teardown(() => daemon.kill())
      if (wishes.http === undefined) await daemon.logged('http-listening')
      return daemon
    },
  }
}
