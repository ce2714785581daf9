// `tasks` beside a daemon and a scripted Kapacitor: both, and each without the other.
import test, { type ExecutionContext } from 'ava'
import type { TaskReport } from '../../src/app/task-report.ts'
import { command, jsonOf } from '../fakes/command.ts'
import { ScriptedKapacitor } from '../fakes/kapacitor-api.ts'
import { point } from '../fakes/peer.ts'
import { deadPort } from '../squadcast/servers.ts'
import { type Watched, watched } from './watched.ts'

async function scene(t: ExecutionContext): Promise<Watched & { kapacitor: ScriptedKapacitor }> {
  const port = await deadPort()
  const made = await watched(t, { kapacitor: `url = "http://127.0.0.1:${port}"` })
  const kapacitor = new ScriptedKapacitor(made.stream, port)
  t.teardown(() => kapacitor.stop())
  return { ...made, kapacitor }
}

const levelled = point('a', { fieldsString: { level: 'OK' } })

test('a task that is alive and levelled needs nobody; each other one says what it needs', async t => {
  const { config, start, kapacitor } = await scene(t)
  const daemon = await start()
  kapacitor.define('cpu')
  kapacitor.define('off', [], 'disabled')
  await kapacitor.start()
  const peer = await kapacitor.connected('cpu')
  peer.send(levelled, { keepalive: { time: '1' } })
  await peer.answered('keepalive')
  const said = await command(config, 'tasks')
  t.is(said.code, 0, said.stdout + said.stderr)
  t.regex(said.stdout, /^alive {5}cpu: [\d.]+ points\/s, last point \d+s ago\n/)
  t.regex(said.stdout, /\ndisabled {2}off\n/)
  const [one, ...others] = await jsonOf<TaskReport>(config, 'tasks', '--task', 'cpu')
  t.like(one, { task: 'cpu', state: 'alive', uses: 1, findings: [] })
  t.deepEqual(others, [])
  const unknown = await command(config, 'tasks', '--task', 'cpo')
  t.is(unknown.code, 1)
  t.regex(unknown.stderr, /^error: there is no task 'cpo'; did you mean 'cpu'\?/)

  // Without a sidecar Kapacitor is asked all the same; then without Kapacitor the sidecar is.
  await daemon.kill()
  const alone = await command(config, 'tasks', '--task', 'cpu')
  t.is(alone.code, 1)
  t.regex(alone.stderr, /^-- No sidecar runs;/)
  t.regex(alone.stdout, /^unknown {3}cpu\n {2}warning {3}level-unknown, line 1:/)
})

test('Kapacitor away: what the sidecar sees is shown; both away: there is nothing to show', async t => {
  const { config, start, kapacitor } = await scene(t)
  const nobody = await command(config, 'tasks')
  t.is(nobody.code, 1)
  t.is(nobody.stdout, '')
  t.regex(nobody.stderr, /-- Kapacitor cannot be reached.*-- No sidecar runs/s)
  const daemon = await start()
  await daemon.logged('kapacitor-awaited')
  const said = await command(config, 'tasks')
  t.is(said.code, 1)
  t.regex(said.stderr, /no task is connected\n$/)
  t.is(kapacitor.patches.length, 0)
})
