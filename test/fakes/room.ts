// A temporary folder with a configuration for a daemon: sockets, store and one endpoint in it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'

export interface Room {
  readonly folder: string
  readonly config: string
  readonly stream: string
  readonly batch: string
  readonly store: string
}

/**
 * `endpoint`, `http` and `more` are lines of TOML: keys of the default endpoint, of [http] (default: no listener), and
 * tables after them. `storeFolder` puts the store elsewhere, on another disk.
 */
export function room(
  t: Pick<ExecutionContext, 'teardown'>,
  url: string,
  {
    endpoint = '',
    http = 'bind-address = ""',
    kapacitor = 'url = ""',
    more = '',
    storeFolder,
  }: { endpoint?: string; http?: string; kapacitor?: string; more?: string; storeFolder?: string } = {},
): Room {
  const folder = mkdtempSync(join(tmpdir(), 'kapacitor-squadcast-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const made: Room = {
    folder,
    config: join(folder, 'config.toml'),
    stream: join(folder, 'stream.sock'),
    batch: join(folder, 'batch.sock'),
    store: join(storeFolder ?? folder, 'outbox.db'),
  }
  writeFileSync(
    made.config,
    `
[udf]
stream-socket = "${made.stream}"
batch-socket = "${made.batch}"
socket-group = ""

[store]
path = "${made.store}"

[http]
${http}

[kapacitor]
${kapacitor}

[[endpoint]]
name = "default"
url = "${url}"
${endpoint}

${more}
`,
  )
  return made
}
