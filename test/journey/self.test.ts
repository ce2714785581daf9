// Incidents about the sidecar itself in the whole app, between real sockets, a real store and real receivers, on a clock
// that only the test moves: what is wrong is told where it can be, and over when it is over.
import { EventEmitter, once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import { pino } from 'pino'
import { type App, startApp } from '../../src/app/app.ts'
import { readConfiguration } from '../../src/app/configuration.ts'
import { systemClock } from '../../src/app/system-clock.ts'
import { type StandIn, startStandIn } from '../../src/demo/stand-in.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { Telemetry } from '../../src/telemetry/telemetry.ts'
import { FakeClock, settled } from '../fakes/clock.ts'
import { command, jsonOf } from '../fakes/command.ts'
import type { LogLine } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { type Room, room } from '../fakes/room.ts'

const WRONG_URL = { kind: 'answer', status: 404, body: 'no such integration' } as const
const CRIT = option('crit', '"usage" > 90')
const high = (host: string) => point(host, { fieldsDouble: { usage: 99 } })
const ENDPOINT = 'kapacitor-squadcast/here/endpoint/default'
const STEP_MS = 5000
const PATIENCE_MS = 60_000

class Stage {
  readonly clock = new FakeClock()
  readonly log: LogLine[] = []
  metrics = new Metrics()
  readonly made: Room
  readonly #lines = new EventEmitter()
  #app: App | undefined

  constructor(made: Room) {
    this.made = made
  }

  get app(): App {
    return this.#app!
  }

  async start(t: ExecutionContext): Promise<void> {
    const log = pino({ base: null }, { write: line => this.#take(JSON.parse(line) as LogLine) })
    this.metrics = new Metrics()
    this.#app = await startApp(this.#settings(), {
      ...{
        telemetry: new Telemetry(log, this.metrics, () => 0),
        clock: this.clock,
        random: () => 0.5,
        env: {},
      },
      ...{ pid: process.pid, host: 'here', failed: error => t.fail(String(error)) },
    })
    t.teardown(() => this.stop())
  }

  async stop(): Promise<void> {
    await this.#app?.stop()
    this.#app = undefined
  }

  reload(change: (text: string) => string): void {
    const { config } = this.made
    writeFileSync(config, change(readFileSync(config, 'utf8')))
    this.app.reconfigure(this.#settings())
  }

  /** Moves the clock until something holds; what is under way is answered before time passes. */
  async passUntil(holds: () => boolean, atMostMs = 3_600_000): Promise<boolean> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    for (let passed = 0; passed < atMostMs && !holds() && !signal.aborted; passed += STEP_MS) {
      await this.#quiet(signal)
      await this.clock.advance(STEP_MS)
    }
    await this.#quiet(signal)
    return holds()
  }

  async logged(event: string, values: Record<string, unknown> = {}): Promise<LogLine> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    for (;;) {
      const found = this.lines(event, values)[0]
      if (found) return found
      await once(this.#lines, 'line', { signal })
    }
  }

  lines(event: string, values: Record<string, unknown> = {}): LogLine[] {
    const wanted = Object.entries(values)
    return this.log.filter(
      line => line.event === event && wanted.every(([key, value]) => line[key] === value),
    )
  }

  async #quiet(signal: AbortSignal): Promise<void> {
    const isBusy = () => this.app.status().delivery.endpoints.some(({ inFlight }) => inFlight > 0)
    do await settled()
    while (isBusy() && !signal.aborted)
  }

  #settings() {
    const read = readConfiguration(this.made.config, {})
    if (!('settings' in read)) throw new Error(JSON.stringify(read.problems))
    return read.settings
  }

  #take(line: LogLine): void {
    this.log.push(line)
    this.#lines.emit('line')
  }
}

interface Receivers {
  readonly first: StandIn
  readonly other: StandIn
}

/** Two endpoints, `default` and `other`, of which the second is told about the sidecar. */
async function stage(t: ExecutionContext, self = 'other'): Promise<Receivers & { stage: Stage }> {
  const receivers = [await startStandIn({ clock: systemClock, tokens: ['F1RST'] })]
  receivers.push(await startStandIn({ clock: systemClock, tokens: ['0THER'] }))
  for (const receiver of receivers) t.teardown(() => receiver.close())
  const [first, other] = receivers as [StandIn, StandIn]
  const more = `[[endpoint]]\nname = "other"\nurl = "${other.url('kapacitor')}"\n[self]\nendpoint = "${self}"\n`
  const made = new Stage(room(t, first.url('kapacitor'), { more }))
  await made.start(t)
  return { first, other, stage: made }
}

interface Told {
  readonly id: string
  readonly level: string
  readonly message: string
  readonly details: string
}

const accepted = ({ requests }: StandIn): Told[] =>
  requests.filter(request => request.accepted).map(({ body }) => body as Told)

const levelsOf = (receiver: StandIn, id: string): string[] =>
  accepted(receiver)
    .filter(body => body.id === id)
    .map(({ level }) => level)

test('an endpoint that is blocked is told at another one, with what to do, and resolved after its repair', async t => {
  const { first, other, stage: made } = await stage(t)
  first.faults.whenever(() => WRONG_URL)
  const peer = await Peer.task(made.made.stream, 'cpu', [CRIT])
  peer.send(high('a'))
  await made.logged('endpoint-down')
  const from = made.clock.monotonicMs()
  t.true(await made.passUntil(() => accepted(other).length > 0))
  t.true(made.clock.monotonicMs() - from >= 600_000)
  const [told] = accepted(other)
  t.like(told, { id: ENDPOINT, level: 'CRITICAL' })
  t.regex(
    told?.message ?? '',
    /^kapacitor-squadcast on here: endpoint default is blocked, and 1 event waits; its last answer was: 404 Not Found: no such integration$/,
  )
  t.regex(told?.details ?? '', /copy it again from Services, Alert Sources in Squadcast\.$/)
  t.like(made.app.status().watch.self, { endpoint: 'other', open: 1 })
  t.regex(await made.metrics.registry.metrics(), /^kapacitor_squadcast_self_incidents_open 1$/m)
  const [shown] = await jsonOf<{ id: string; endpoint: string }>(
    made.made.config,
    'incidents',
    '--endpoint',
    'other',
  )
  t.like(shown, { id: ENDPOINT, endpoint: 'other' })
  t.regex(
    (await command(made.made.config, 'explain', ENDPOINT)).stdout,
    /CRITICAL: the sidecar itself, endpoint\/default/,
  )

  first.faults.repair()
  t.true(await made.passUntil(() => accepted(other).length > 1))
  t.deepEqual(levelsOf(other, ENDPOINT), ['CRITICAL', 'OK'])
  t.is(made.app.status().watch.self.open, 0)
  const all = JSON.stringify([made.log, other.requests.map(({ body }) => body)])
  for (const secret of ['F1RST', '0THER']) t.false(all.includes(secret))
})

test('told before a restart: not told again while it stands, and resolved though it ended meanwhile', async t => {
  const { first, other, stage: made } = await stage(t)
  first.faults.whenever(() => WRONG_URL)
  const peer = await Peer.task(made.made.stream, 'cpu', [CRIT])
  peer.send(high('a'))
  await made.logged('endpoint-down')
  t.true(await made.passUntil(() => accepted(other).length > 0))
  await made.stop()
  await made.start(t)
  await made.passUntil(() => false, 1_800_000)
  t.deepEqual(levelsOf(other, ENDPOINT), ['CRITICAL'])
  await made.stop()
  first.faults.repair()
  await made.start(t)
  t.true(await made.passUntil(() => accepted(other).length > 1))
  t.deepEqual(levelsOf(other, ENDPOINT), ['CRITICAL', 'OK'])
})

test('an endpoint that has to tell about itself does so as soon as it can', async t => {
  const { first, stage: made } = await stage(t, 'default')
  first.faults.whenever(() => WRONG_URL)
  const peer = await Peer.task(made.made.stream, 'cpu', [CRIT])
  peer.send(high('a'))
  await made.logged('endpoint-down')
  t.true(await made.passUntil(() => made.lines('trigger', { incident: ENDPOINT }).length > 0))
  t.deepEqual(accepted(first), [])
  first.faults.repair()
  t.true(await made.passUntil(() => levelsOf(first, ENDPOINT).length > 1))
  t.deepEqual(levelsOf(first, ENDPOINT), ['CRITICAL', 'OK'])
})

test('dead letters are told until somebody deals with them; one about the sidecar itself makes no more of them', async t => {
  const { first, other, stage: made } = await stage(t)
  const refused = { kind: 'answer', status: 400, body: 'not like this' } as const
  first.faults.whenever(() => refused)
  other.faults.whenever(() => refused)
  const peer = await Peer.task(made.made.stream, 'cpu', [CRIT])
  peer.send(high('a'))
  await made.logged('dead-letter', { endpoint: 'default' })
  t.true(await made.passUntil(() => made.lines('dead-letter', { endpoint: 'other' }).length > 0))
  await made.passUntil(() => false, 7_200_000)
  t.is(made.lines('dead-letter').length, 2)
  t.is(made.lines('self-incident').length, 1)

  other.faults.repair()
  // A process of its own, which takes its time by another clock.
  const discarding = command(made.made.config, 'dead-letters', 'discard', '--all')
  t.true(await made.passUntil(() => made.lines('self-incident-over').length > 0, Infinity))
  t.is((await discarding).code, 0)
  await made.passUntil(() => accepted(other).length > 0)
  t.deepEqual(levelsOf(other, 'kapacitor-squadcast/here/dead-letters'), ['OK'])
})

test('a task without levels is told, and over when it sends some; another [self] endpoint takes over live', async t => {
  const { first, other, stage: made } = await stage(t)
  const id = 'kapacitor-squadcast/here/without-levels'
  const peer = await Peer.task(made.made.stream, 'cpu', [CRIT])
  peer.send(point('a', { fieldsDouble: { other: 1 } }))
  await made.logged('without-levels')
  t.true(await made.passUntil(() => accepted(other).length > 0))
  t.like(accepted(other)[0], { id, level: 'WARNING' })
  made.reload(text => text.replace('endpoint = "other"', 'endpoint = "default"'))
  t.true(await made.passUntil(() => accepted(first).length > 0 && accepted(other).length > 1))
  t.deepEqual([levelsOf(other, id), levelsOf(first, id)], [['WARNING', 'OK'], ['WARNING']])
  peer.send(high('a'))
  await made.logged('trigger', { incident: 'cpu:cpu:host=a' })
  t.true(await made.passUntil(() => levelsOf(first, id).length > 1))
  t.deepEqual(levelsOf(first, id), ['WARNING', 'OK'])
})
