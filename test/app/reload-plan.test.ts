// What a reload swaps, leaves and refuses.
import test from 'ava'
import { planReload, type ReloadPlan } from '../../src/app/reload-plan.ts'
import { ENDPOINT, settingsOf, WEBHOOK } from '../config/machine.ts'

const FILES = { files: { '/t1': 'one', '/t2': 'two' } }
const plan = (before: string, after: string): Exclude<ReloadPlan, { refused: string }> => {
  const made = planReload(settingsOf(before, FILES), settingsOf(after, FILES), [])
  if ('refused' in made) throw new Error(made.refused)
  return made
}

test('the same file changes nothing', t => {
  t.like(plan(ENDPOINT, ENDPOINT), { swapped: [], needRestart: [] })
})

test('another secret is a change, although it looks the same', t => {
  const { swapped, settings } = plan(ENDPOINT, ENDPOINT.replace(WEBHOOK, `${WEBHOOK}x`))
  t.deepEqual(swapped, ['endpoint "default"'])
  t.is(settings.endpoints[0]?.url.reveal(), `${WEBHOOK}x`)
})

test('endpoints, rate, heartbeat and level are swapped; the rest keeps its value and is named as in the file', t => {
  const before = `${ENDPOINT}[log]\nlevel = "info"\nformat = "json"`
  const after = `${ENDPOINT}
[squadcast]
rate = 5
[heartbeat]
url = "https://heartbeat.test/1"
[store]
max-size = "2GiB"
[kapacitor]
orphan-after = "1h"
[udf]
stream-socket = "/x"
max-message = "1MiB"
[log]
level = "debug"
format = "pretty"`
  const { swapped, needRestart, settings } = plan(before, after)
  t.deepEqual(swapped, ['squadcast.rate', 'heartbeat.url', 'heartbeat.every', 'log.level'])
  t.deepEqual(needRestart, [
    'udf.stream-socket',
    'udf.max-message',
    'store.max-size',
    'kapacitor.orphan-after',
    'log.format',
  ])
  t.like(settings, { log: { level: 'debug', format: 'json' }, udf: { maxMessageBytes: 16 * 1024 * 1024 } })
})

test('a token is swapped, but neither taken away nor given while it runs', t => {
  const http = (line: string) => `${ENDPOINT}[http]\n${line}`
  t.like(plan(http('token-file = "/t1"'), http('token-file = "/t2"')), {
    swapped: ['http.token-file'],
    needRestart: [],
  })
  t.deepEqual(plan(http('token-file = "/t1"'), http('')).needRestart, ['http.token-file'])
  t.deepEqual(plan(http(''), http('token-file = "/t1"')).needRestart, ['http.token-file'])
})

test('an endpoint that a task names may not go; one that was never there is no hindrance', t => {
  const two = settingsOf(`${ENDPOINT}[[endpoint]]\nname = "db"\nurl = "${WEBHOOK}2"`)
  const one = settingsOf(ENDPOINT)
  t.deepEqual(planReload(two, one, [{ task: 'disk', endpoint: 'db' }]), {
    refused: 'endpoint "db" is left out, and task disk names it',
  })
  t.like(planReload(two, one, [{ task: 'disk', endpoint: 'typo' }]), { swapped: ['endpoint "db"'] })
})
