// Kapacitor's API: there, of a version, and open to us; by a server that answers as Kapacitor does.
import type { RequestListener } from 'node:http'
import test, { type ExecutionContext } from 'ava'
import { kapacitorLayer } from '../../../src/app/check/kapacitor.ts'
import { Secret } from '../../../src/config/secret.ts'
import { settingsOf } from '../../config/machine.ts'
import { deadPort, httpServer } from '../../squadcast/servers.ts'
import { aroundOf, short } from './around.ts'

const { kapacitor } = settingsOf('[[endpoint]]\nname = "default"\nurl = "http://127.0.0.1/x"')
const LOGIN = `Basic ${btoa('me:s3cr3t')}`

const task = (id: string, script: string, status = 'enabled') => ({
  ...{ id, script, status, executing: true, error: '', 'last-enabled': 'x', modified: 'x' },
})
const TASKS = [
  task('cpu', 'stream|from()@squadcast()'),
  task('mem', 'batch|query()@squadcastBatch()', 'disabled'),
  task('other', 'stream|from()'),
]

/** Like Kapacitor, which with authentication on wants a login for a ping too. */
const answer =
  ({ version = '1.8.3', needsLogin = false } = {}): RequestListener =>
  (request, response) => {
    response.setHeader('X-Kapacitor-Version', version)
    if (needsLogin && request.headers.authorization !== LOGIN)
      response.writeHead(401).end('{"error":"authorization failed"}')
    else if (request.url === '/kapacitor/v1/ping') response.writeHead(204).end()
    else response.end(JSON.stringify({ tasks: TASKS }))
  }

async function look(t: ExecutionContext, listener: RequestListener, more = {}) {
  const { port } = await httpServer(t, listener)
  const findings = await kapacitorLayer(
    { ...kapacitor, url: `http://127.0.0.1:${port}`, ...more },
    aroundOf(),
  )
  t.false(JSON.stringify(findings).includes('s3cr3t'))
  return findings
}

test('a Kapacitor that answers tells its version, and its tasks are counted', async t => {
  const findings = await look(t, answer())
  t.deepEqual(short(findings), ['passed kapacitor-ping', 'passed kapacitor-tasks'])
  t.regex(findings[0]!.says, /^Kapacitor 1\.8\.3 answers/)
  t.is(findings[1]!.says, '3 tasks, 2 with @squadcast() or @squadcastBatch(), 1 of these enabled')
})

test('a login that is wrong fails, and names its keys', async t => {
  const findings = await look(t, answer({ needsLogin: true }), {
    username: 'me',
    password: new Secret('wrong'),
  })
  t.deepEqual(short(findings), ['failed kapacitor-ping', 'skipped kapacitor-tasks'])
  t.regex(findings[0]!.fix ?? '', /username and password-file/)
  const right = await look(t, answer({ needsLogin: true }), {
    username: 'me',
    password: new Secret('s3cr3t'),
  })
  t.deepEqual(short(right), ['passed kapacitor-ping', 'passed kapacitor-tasks'])
})

test('another version than 1 is a warning, and something else that answers is no Kapacitor', async t => {
  t.is((await look(t, answer({ version: '2.0.0' })))[0]?.outcome, 'warned')
  t.is((await look(t, answer({ version: '' })))[0]?.outcome, 'passed')
  const [finding] = await look(t, (_, response) => response.end('hello'))
  t.is(finding?.outcome, 'failed')
  t.regex(finding?.fix ?? '', /address of Kapacitor itself/)
})

test('a Kapacitor that is not there fails, and its tasks are not asked for', async t => {
  const url = `http://127.0.0.1:${await deadPort()}`
  const findings = await kapacitorLayer({ ...kapacitor, url }, aroundOf())
  t.deepEqual(short(findings), ['failed kapacitor-ping', 'skipped kapacitor-tasks'])
})

test('with url = "" nobody is asked', async t => {
  t.deepEqual(short(await kapacitorLayer({ ...kapacitor, url: undefined }, aroundOf())), [
    'skipped kapacitor',
  ])
})
