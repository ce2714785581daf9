import { inspect } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { startStandIn } from '../../src/demo/stand-in.ts'
import type { IncidentEvent } from '../../src/incident/event.ts'
import { idToSend } from '../../src/squadcast/cut-text.ts'
import { heldClock, stillClock } from './clocks.ts'
import { full, PATH, squadcast } from './destination.ts'
import { anyEvent, cpuEvent } from './events.ts'
import { deadPort, httpServer, tcpServer } from './servers.ts'

/** A server that answers always the same, and keeps the bodies. */
async function answering(t: ExecutionContext, status: number, body = '', headers = {}) {
  const bodies: Record<string, unknown>[] = []
  const { port } = await httpServer(t, async (request, response) => {
    bodies.push(JSON.parse(Buffer.concat(await request.toArray()).toString()))
    response.writeHead(status, headers).end(body)
  })
  return { url: `http://127.0.0.1:${port}${PATH}`, bodies }
}

test('an accepted event is delivered', async t => {
  const { url, bodies } = await answering(t, 202, '{"ok":true}')
  const answer = await squadcast(t, url).send(cpuEvent(), full)
  t.deepEqual(answer, {
    verdict: { kind: 'delivered' },
    received: 'yes',
    status: 202,
    text: '202 Accepted: {"ok":true}',
    latencyMs: 0,
  })
  t.like(bodies[0], { id: 'cpu/alpha', level: 'CRITICAL' })
})

test('the format and the bareness of the body are as asked for', async t => {
  const { url, bodies } = await answering(t, 200)
  const incident = squadcast(t, url, { format: 'incident', priorityByLevel: { CRITICAL: 'P2' } })
  await incident.send(cpuEvent(), full)
  await incident.send(cpuEvent(), { ...full, bare: true })
  const kapacitor = squadcast(t, url)
  await kapacitor.send(cpuEvent(), { ...full, bare: true })
  await kapacitor.send(cpuEvent(), { ...full, lateByMs: 3_600_000 })
  t.like(bodies[0], { event_id: 'cpu/alpha', status: 'trigger', priority: 'P2' })
  t.deepEqual(Object.keys(bodies[1]!), ['message', 'description', 'status', 'event_id'])
  t.like(bodies[2], { id: 'cpu/alpha', data: { series: [] } })
  t.regex(String(bodies[3]!.details), /Delivered 1h late/)
})

test('a limit carries how long to wait', async t => {
  const { url } = await answering(t, 429, '', { 'retry-after': '12' })
  const answer = await squadcast(t, url).send(cpuEvent(), full)
  t.like(answer, { verdict: { kind: 'limited', waitMs: 12_000 }, received: 'no', status: 429 })
})

test('an answer that repeats the URL is shown without it', async t => {
  const { url } = await answering(t, 404, `<h1>Not found</h1>\n<p>${PATH} key-0123 is unknown`)
  const answer = await squadcast(t, url).send(cpuEvent(), full)
  t.is(answer.text, '404 Not Found: <h1>Not found</h1> <p>(hidden) (hidden) is unknown')
  t.like(answer, { verdict: { kind: 'blocked' }, received: 'no' })
})

test('a failure on the way is told in words and by its code', async t => {
  const dead = await squadcast(t, `http://127.0.0.1:${await deadPort()}${PATH}`).send(cpuEvent(), full)
  t.like(dead, { verdict: { kind: 'retry' }, received: 'no', text: 'connection refused (ECONNREFUSED)' })
  t.false('status' in dead)
  const { port } = await tcpServer(t, socket => socket.once('data', () => socket.end()))
  const closed = await squadcast(t, `http://127.0.0.1:${port}${PATH}`).send(cpuEvent(), full)
  t.like(closed, {
    verdict: { kind: 'retry' },
    received: 'maybe',
    text: 'connection closed before an answer came (UND_ERR_SOCKET)',
  })
})

test('silence is told with the limit in time, and how long it took', async t => {
  const clock = heldClock()
  const { port } = await tcpServer(t, socket => socket.once('data', clock.expire))
  const answer = await squadcast(t, `http://127.0.0.1:${port}${PATH}`, {}, clock).send(cpuEvent(), full)
  t.deepEqual(answer, {
    verdict: { kind: 'retry' },
    received: 'maybe',
    text: 'no answer within 5 s (TIMEOUT)',
    latencyMs: 7,
  })
})

test('an event that cannot be rendered is refused, and never thrown', async t => {
  const { url, bodies } = await answering(t, 200)
  const broken = { ...cpuEvent(), time: 2n ** 200n } as IncidentEvent
  t.like(await squadcast(t, url).send(broken, full), { verdict: { kind: 'refused' }, received: 'no' })
  t.is(bodies.length, 0)
})

test('a URL that is none is refused when the destination is made, without being quoted', t => {
  for (const url of ['', 'KEY-0123', 'ftp://host/KEY-0123']) {
    const error = t.throws(() => squadcast(t, url), { code: 'URL_INVALID' })
    t.notRegex(`${error}`, /KEY/)
  }
})

test('the URL is in nothing that the destination shows of itself', t => {
  const destination = squadcast(t, `http://127.0.0.1:1${PATH}`)
  t.notRegex(inspect(destination, { depth: 9, showHidden: true }) + JSON.stringify(destination), /KEY-0123/)
})

for (const format of ['kapacitor', 'incident'] as const) {
  test(`an alert source accepts every ${format} body, whole or bare, whatever the event`, async t => {
    const standIn = await startStandIn({ clock: stillClock })
    t.teardown(() => standIn.close())
    const url = standIn.url(format === 'kapacitor' ? 'kapacitor' : 'webhook')
    const destination = squadcast(t, url, { format })
    // An id is never empty; a trigger never has level OK.
    const sendable = anyEvent.filter(
      ({ kind, incident, level }) => incident !== '' && (kind === 'resolve') === (level === 'OK'),
    )
    const property = fc.asyncProperty(sendable, fc.boolean(), async (event, bare) => {
      const { verdict, text } = await destination.send(event, { ...full, bare })
      t.is(verdict.kind, 'delivered', text)
      const { what, eventId } = standIn.ledger.history.at(-1)!
      t.is(eventId, idToSend(event.incident))
      t.is(what === 'opened', event.kind === 'trigger')
    })
    await fc.assert(property, { numRuns: 50 })
  })
}
