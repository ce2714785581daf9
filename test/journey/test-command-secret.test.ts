// `test` for somebody who may not read the URL, as with systemd's credentials: only the sidecar that runs may.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import type { TestReport } from '../../src/app/endpoint-test-report.ts'
import { command, jsonOf } from '../fakes/command.ts'
import { Daemon } from '../fakes/daemon.ts'
import { day } from './daily.ts'

test('with a URL that only the sidecar may read it goes through the sidecar; without one it says what to do', async t => {
  const { config, folder, receiver } = await day(t)
  writeFileSync(join(folder, 'webhook-url'), receiver.url('kapacitor'))
  const text = readFileSync(config, 'utf8')
  writeFileSync(config, text.replace(/^url = "http.*$/m, 'url-file = "$CREDENTIALS_DIRECTORY/webhook-url"'))

  const alone = await command(config, 'test')
  t.is(alone.code, 1)
  t.regex(alone.stderr, /its URL cannot be read here, and no sidecar runs that could: start it/)

  const daemon = await Daemon.ready(config, { CREDENTIALS_DIRECTORY: folder })
  t.teardown(() => daemon.kill())
  const [report] = await jsonOf<TestReport>(config, 'test')
  t.is(report?.through, 'sidecar')
  t.deepEqual(
    report?.parts.map(({ state }) => state),
    ['accepted', 'accepted'],
  )
  const unknown = await command(config, 'test', '--endpoint', 'night')
  t.is(unknown.code, 1)
  t.regex(unknown.stderr, /knows no endpoint 'night'/)
})
