// `check` as a person runs it: beside a sidecar, without one, without a configuration; its lines, JSON and exit codes.
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Finding } from '../../src/app/check/finding.ts'
import { command, jsonOf } from '../fakes/command.ts'
import { Daemon } from '../fakes/daemon.ts'
import { ScriptedKapacitor } from '../fakes/kapacitor-api.ts'
import { Receiver } from '../fakes/receiver.ts'
import { room } from '../fakes/room.ts'
import { deadPort } from '../squadcast/servers.ts'

const USERS = ['--kapacitor-user', 'root', '--service-user', 'root']

async function scene(t: ExecutionContext, { kapacitor = 'url = ""' } = {}) {
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const made = room(t, receiver.url, { kapacitor })
  chmodSync(made.config, 0o600)
  const start = async (): Promise<Daemon> => {
    const daemon = await Daemon.ready(made.config)
    t.teardown(() => daemon.kill())
    return daemon
  }
  return { ...made, receiver, start }
}

const outcomes = (findings: readonly Finding[], layer: string): string[] =>
  findings.filter(finding => finding.layer === layer).map(({ outcome, check }) => `${outcome} ${check}`)

test('beside a sidecar all is fine, nothing arrives at the receiver, and the sidecar notices nothing', async t => {
  const { config, receiver, start } = await scene(t)
  const daemon = await start()
  const before = daemon.log.length
  const said = await command(config, 'check', ...USERS)
  t.is(said.code, 0, said.stdout)
  t.is(said.stderr, '')
  for (const title of [
    'configuration',
    'sockets',
    'store',
    'files with secrets',
    'endpoints',
    "Kapacitor's API",
  ])
    t.regex(said.stdout, new RegExp(`^${title}$`, 'm'))
  t.regex(said.stdout, /✓ a sidecar answers on .*stream\.sock, for\s+streams/)
  t.regex(said.stdout, /\n\d+ passed, 0 with a warning, 0 failed, 3 skipped\n$/)
  t.deepEqual(
    said.stdout.split('\n').filter(line => line.length > 80 && !line.includes('/')),
    [],
  )
  t.deepEqual(receiver.bodies, [])
  t.deepEqual(daemon.log.slice(before), [])
  t.false(JSON.stringify(said).includes(new URL(receiver.url).pathname))
})

test('without a sidecar what it would answer is skipped, and nothing has failed', async t => {
  const { config } = await scene(t)
  const findings = await jsonOf<Finding>(config, 'check', ...USERS)
  t.deepEqual(outcomes(findings, 'sockets'), ['skipped stream-socket', 'skipped batch-socket'])
  t.deepEqual(outcomes(findings, 'store'), ['skipped store', 'passed store-disk'])
  t.is((await command(config, 'check', ...USERS)).code, 0)
})

test('behind a sidecar that was killed, its sockets are left and answer nobody: that fails', async t => {
  const { config, start } = await scene(t)
  await (await start()).kill()
  const said = await command(config, 'check', ...USERS)
  t.is(said.code, 1)
  t.regex(said.stdout, /✗ nobody listens on .*stream\.sock[\s\S]*→ start the sidecar/)
  t.regex(said.stdout, /✓ it is whole/)
})

test('Kapacitor’s tasks, its configuration and a folder of scripts are looked at in one go', async t => {
  const port = await deadPort()
  const { config, folder, stream, batch, start } = await scene(t, {
    kapacitor: `url = "http://127.0.0.1:${port}"`,
  })
  await start()
  const kapacitor = new ScriptedKapacitor(stream, port)
  kapacitor.define('cpu')
  await kapacitor.start()
  t.teardown(() => kapacitor.stop())
  const conf = join(folder, 'kapacitor.conf')
  // The two functions under names that do not tell which is which.
  writeFileSync(
    conf,
    `[udf.functions.squadcast]\nsocket = "${stream}"\ntimeout = "60s"
[udf.functions.squadcastBatch]\nsocket = "${batch}"\ntimeout = "60s"\n`,
  )
  writeFileSync(join(folder, 'cpu.tick'), `stream|from()|window().period(1m)\n@squadcast().crit('"a" > 1')`)
  const words = ['--kapacitor-conf', conf, '--tickscripts', folder]
  const findings = await jsonOf<Finding>(config, 'check', ...USERS, ...words)
  t.deepEqual(outcomes(findings, 'kapacitor'), ['passed kapacitor-ping', 'passed kapacitor-tasks'])
  t.deepEqual(
    outcomes(findings, 'kapacitor-conf').filter(one => !one.startsWith('passed')),
    [],
  )
  t.deepEqual(outcomes(findings, 'tickscripts'), ['failed wrong-edge'])
  t.deepEqual(kapacitor.patches, [])
  t.is((await command(config, 'check', ...USERS, ...words)).code, 1)
})

test('a bad configuration ends in 78, with every problem and its line; what is right in it is looked at', async t => {
  const { config, folder } = await scene(t)
  const bad = `
[store]
path = "${join(folder, 'outbox.db')}"
max-size = "much"
[kapacitor]
url = ""
[[endpoint]]
name = "default"
url = "no url"
[[endpoint]]
name = "night"
url = "http://127.0.0.1:9/t0ps3cr3t"
timout = "3s"
`
  writeFileSync(config, bad)
  const said = await command(config, 'check', ...USERS)
  t.is(said.code, 78)
  const findings = await jsonOf<Finding>(config, 'check', ...USERS)
  t.deepEqual(outcomes(findings, 'configuration'), [
    'failed configuration',
    'failed configuration',
    'failed configuration',
  ])
  t.regex(said.stdout, /config\.toml:4: store\.max-size/)
  t.regex(said.stdout, /config\.toml:13: endpoint\[1\]\.timout[\s\S]*did you mean "timeout"/)
  t.deepEqual(outcomes(findings, 'store'), ['skipped store'])
  t.deepEqual(outcomes(findings, 'kapacitor'), ['skipped kapacitor'])
  t.true(outcomes(findings, 'endpoints').includes('skipped endpoint'))
  t.false(JSON.stringify([said, findings]).includes('t0ps3cr3t'))
})

test('without a configuration the files that need none are looked at all the same', async t => {
  const { folder } = await scene(t)
  writeFileSync(join(folder, 'cpu.tick'), `stream|from()|alert()@squadcast()`)
  const missing = join(folder, 'missing.toml')
  const said = await command(missing, 'check', '--tickscripts', folder)
  t.is(said.code, 78)
  t.regex(said.stdout, /✗ .*missing\.toml: does not exist\n {6}→ .*\n?.*prints the\s+smallest that works/)
  t.regex(said.stdout, /✗ cpu\.tick:1: \|alert\(\) gives its points no level/)
  t.regex(said.stdout, /– there is no configuration to go by/)
})

test('what systemd keeps for the service alone is skipped, and the rest is as fine as before', async t => {
  const { config, receiver } = await scene(t)
  writeFileSync(
    config,
    `[kapacitor]\nurl = ""\n[[endpoint]]\nname = "default"\nurl-file = "$CREDENTIALS_DIRECTORY/kept-from-tests"\n`,
  )
  const findings = await jsonOf<Finding>(config, 'check', ...USERS)
  t.deepEqual(outcomes(findings, 'configuration'), ['skipped configuration'])
  t.deepEqual(outcomes(findings, 'endpoints'), ['skipped endpoint'])
  t.deepEqual(receiver.bodies, [])
})
