// What a journey plays on: a real Kapacitor with the functions of kapacitor.conf.example, the sidecar, and a
// receiver for each of the two, all on loopback and in one temporary folder; gone when the test ends.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Daemon } from '../fakes/daemon.ts'
import { Kapacitor } from '../fakes/kapacitor.ts'
import { Receiver } from '../fakes/receiver.ts'
import { room } from '../fakes/room.ts'
import { deadPort } from '../squadcast/servers.ts'
import { influxdb } from './influxdb.ts'

const EXAMPLE = new URL('../../kapacitor.conf.example', import.meta.url)
const binary = process.env.KAPACITORD ?? ''
const JOURNEY_MS = 60_000

/** Declares a journey: skipped, and loudly so, where KAPACITORD names no Kapacitor. */
export function journey(
  title: string,
  play: (t: ExecutionContext, scene: Scene) => Promise<void>,
  wishes: Wishes = {},
): void {
  if (binary === '') {
    test(`SKIPPED: set KAPACITORD to the path of a kapacitord for: ${title}`, t => {
      t.log('not tried: KAPACITORD is not set')
      t.pass()
    })
    return
  }
  // One after the other: several Kapacitors at once are too much for a small machine.
  test.serial(title, async t => {
    t.timeout(JOURNEY_MS)
    await play(t, await setScene(t, wishes))
  })
}

export interface Wishes {
  /** The sidecar looks after Kapacitor's tasks. */
  readonly revives?: boolean
}

export interface Scene {
  kapacitor: Kapacitor
  /** What Squadcast gets from the sidecar. */
  readonly squadcast: Receiver
  /** What `.post().endpoint('squadcast')` sends. */
  readonly posts: Receiver
  /** The sidecar's listener, `http://HOST:PORT`; as an [[httppost]] `sidecar`, with its alerts' path. */
  readonly listener: string
  /** The sidecar's store. */
  readonly store: string
  /** Its configuration. */
  readonly config: string
  sidecar: Daemon
  /** Starts the sidecar anew, after it has gone. */
  restart(): Promise<void>
  /** Starts Kapacitor anew, after it has gone. */
  restartKapacitor(): Promise<void>
}

async function setScene(t: ExecutionContext, { revives = false }: Wishes): Promise<Scene> {
  const squadcast = await Receiver.listen()
  t.teardown(() => squadcast.close())
  const posts = await Receiver.listen()
  t.teardown(() => posts.close())
  const port = await deadPort()
  const listener = `http://127.0.0.1:${port}`
  const kapacitorPort = await deadPort()
  const { config, folder, store } = room(t, squadcast.url, {
    endpoint: 'coalesce = false',
    // The same after a restart.
    http: `bind-address = "127.0.0.1:${port}"`,
    kapacitor: `url = "${revives ? `http://127.0.0.1:${kapacitorPort}` : ''}"`,
    more: '[squadcast]\nrate = 100000',
  })
  const startSidecar = async (): Promise<Daemon> => {
    const daemon = await Daemon.ready(config)
    t.teardown(() => daemon.kill())
    return daemon
  }
  const sidecar = await startSidecar()
  const httpPost = `[[httppost]]\n  endpoint = "sidecar"\n  url = "${listener}/v1/alerts"`
  const more = [await exampleFunctions(folder, posts.url), httpPost, await influxdb(t)].join('\n')
  const startKapacitor = async (): Promise<Kapacitor> => {
    const kapacitor = await Kapacitor.start(binary, join(folder, 'kapacitor'), more, kapacitorPort)
    t.teardown(() => kapacitor.kill())
    return kapacitor
  }
  const kapacitor = await startKapacitor()
  const scene: Scene = {
    ...{ kapacitor, squadcast, posts, listener, sidecar, store, config },
    restart: async () => {
      scene.sidecar = await startSidecar()
    },
    restartKapacitor: async () => {
      scene.kapacitor = await startKapacitor()
    },
  }
  return scene
}

/** kapacitor.conf.example with this folder's sockets, and with its commented [[httppost]]. */
async function exampleFunctions(folder: string, postUrl: string): Promise<string> {
  const example = await readFile(EXAMPLE, 'utf8')
  return example
    .replaceAll('/run/kapacitor-squadcast', folder)
    .replace(/^#(?=\[\[| {2})/gm, '')
    .replace('http://127.0.0.1:9192/v1/alerts', postUrl)
}
