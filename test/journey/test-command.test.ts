// `test`, with a receiver that is fine, does not know the URL, or is not there; through a daemon and without one.
import test from 'ava'
import type { TestReport } from '../../src/app/endpoint-test-report.ts'
import { command, jsonOf } from '../fakes/command.ts'
import { day } from './daily.ts'

for (const way of ['sidecar', 'directly'] as const) {
  test(`${way}: a test that arrives is a trigger and a resolve of an incident that says it is a test`, async t => {
    const { config, receiver, start } = await day(t)
    if (way === 'sidecar') await start()
    const [report] = await jsonOf<TestReport>(config, 'test')
    t.is(report?.through, way)
    t.deepEqual(
      report?.parts.map(({ kind, state, status }) => [kind, state, status]),
      [
        ['trigger', 'accepted', 202],
        ['resolve', 'accepted', 202],
      ],
    )
    t.deepEqual(
      receiver.requests.map(({ body }) => (body as { level: string }).level),
      ['INFO', 'OK'],
    )
    const { id, message } = receiver.requests[0]!.body as { id: string; message: string }
    t.regex(id, /^kapacitor-squadcast-test\/[^/]+\/20\d\d-/)
    t.regex(message, /^TEST of kapacitor-squadcast, nothing is wrong/)
    t.is(receiver.ledger.open().length, 0)
  })

  test(`${way}: a URL that is not known is named as such, and the URL is not shown`, async t => {
    const { config, receiver, start } = await day(t, { tokens: ['s3cr3t-token'] })
    receiver.faults.whenever(() => ({ kind: 'answer', status: 404 }))
    if (way === 'sidecar') await start()
    const said = await command(config, 'test')
    t.is(said.code, 1)
    t.regex(
      said.stdout,
      /trigger failed: 404 Not Found, \d+ ms\n {4}to do: the URL is not that of an alert source/,
    )
    t.false(JSON.stringify(said).includes('s3cr3t'))
    t.is(receiver.ledger.open().length, 0)
  })

  test(`${way}: a receiver that is not there is said to be refusing connections`, async t => {
    const { config, receiver, start } = await day(t)
    await receiver.close()
    t.teardown(() => receiver.listen())
    if (way === 'sidecar') await start()
    const said = await command(config, 'test')
    t.is(said.code, 1)
    t.regex(
      said.stdout,
      /trigger failed: connection refused \(ECONNREFUSED\), \d+ ms\n {4}to do: nothing listens/,
    )
  })
}

test('after a test of a receiver that was away, nothing of it comes later: nobody is paged by it', async t => {
  const { config, receiver, start, task } = await day(t)
  receiver.faults.next({ kind: 'answer', status: 404 })
  const daemon = await start()
  const [report] = await jsonOf<TestReport>(config, 'test')
  t.deepEqual(
    report?.parts.map(({ state }) => state),
    ['failed', 'gone'],
  )
  const cpu = await task()
  cpu.says('a', 95, 1)
  await cpu.answered(1)
  await daemon.stop()
  t.false(receiver.requests.slice(1).some(({ body }) => JSON.stringify(body).includes('TEST')))
})

test('an endpoint that is not configured is wrong usage, and the others are named', async t => {
  const { config } = await day(t)
  const said = await command(config, 'test', '--endpoint', 'nihgt')
  t.is(said.code, 2)
  t.regex(said.stderr, /no endpoint 'nihgt' is configured; there are default/)
})
