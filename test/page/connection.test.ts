// The page's connection, on a clock that is moved: what it asks for, when it tries again, and what it says of itself.
import test from 'ava'
import type { StatusView } from '../../src/app/status-view.ts'
import { Connection, type FeedListener, type Link } from '../../src/page/connection.ts'
import { FakeClock, settled } from '../fakes/clock.ts'

interface Answer {
  readonly code: number
  readonly status?: StatusView
}

class Stage {
  readonly clock = new FakeClock()
  readonly queries: URLSearchParams[] = []
  readonly links: string[] = []
  readonly heard: string[] = []
  closedByPage = 0
  /** What asking for the status comes to; undefined: nobody answers. */
  answer: Answer | undefined
  link: Link = { state: 'connecting' }
  #listener: FeedListener | undefined
  readonly connection = new Connection(
    {
      open: (query, listener) => {
        this.queries.push(new URLSearchParams(query))
        this.#listener = listener
        return { close: () => this.closedByPage++ }
      },
      ask: async () => {
        if (!this.answer) throw new Error('refused')
        return this.answer
      },
      after: this.clock.after.bind(this.clock),
      now: () => this.clock.monotonicMs(),
      random: () => 0.5,
    },
    {
      link: link => {
        this.link = link
        this.links.push(link.state)
      },
      hello: ({ version }, isNew) => this.heard.push(`hello ${version}${isNew ? ' new' : ''}`),
      status: () => this.heard.push('status'),
      happening: ({ number }) => this.heard.push(`happening ${number}`),
      missed: count => this.heard.push(`missed ${count}`),
    },
  )

  says(...messages: readonly object[]): void {
    for (const message of messages) this.#listener!.message(JSON.stringify(message))
  }

  async closes(): Promise<void> {
    this.#listener!.closed()
    await settled()
  }

  /** Tries until there is another one, and says how long that took. */
  async pauseUntilNextTry(): Promise<number> {
    const { length } = this.queries
    const from = this.clock.monotonicMs()
    while (this.queries.length === length) await this.clock.advance(100)
    return this.clock.monotonicMs() - from
  }
}

const hello = (startedAt: string, last = 0) => ({ type: 'hello', version: '1', startedAt, last })
const happening = (number: number) => ({ type: 'happening', happening: { number } })

test('it asks for the status and the newest happenings, and goes on after the last one it had', async t => {
  const on = new Stage()
  on.connection.tryNow()
  t.is(on.queries[0]!.toString(), 'status=&recent=300')
  on.says(hello('T1', 7), { type: 'status' }, happening(6), happening(7), { type: 'missed', count: 2 })
  t.deepEqual(on.heard, ['hello 1', 'status', 'happening 6', 'happening 7', 'missed 2'])
  t.deepEqual(on.links, ['live'])
  await on.closes()
  await on.pauseUntilNextTry()
  t.is(on.queries[1]!.get('after'), '7')
  t.is(on.queries[1]!.get('started'), 'T1')
  on.says(hello('T1'))
  t.is(on.heard.at(-1), 'hello 1')
})

test('another process is told apart, and counts anew', async t => {
  const on = new Stage()
  on.connection.tryNow()
  on.says(hello('T1'), happening(900))
  await on.closes()
  await on.pauseUntilNextTry()
  on.says(hello('T2'), happening(1))
  t.deepEqual(on.heard.slice(-2), ['hello 1 new', 'happening 1'])
  await on.closes()
  await on.pauseUntilNextTry()
  t.is(on.queries.at(-1)!.get('after'), '1')
})

test('while nobody answers it says when it tries again, later each time, and never later than 15 s', async t => {
  const on = new Stage()
  on.connection.tryNow()
  const pauses: number[] = []
  for (let n = 0; n < 7; n++) {
    await on.closes()
    t.is(on.link.state, 'away')
    t.true(on.link.retryAt! > on.clock.monotonicMs())
    pauses.push(await on.pauseUntilNextTry())
  }
  t.deepEqual(pauses, [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
  on.says(hello('T1'))
  t.is(on.link.state, 'live')
  await on.closes()
  t.is(await on.pauseUntilNextTry(), 1000, 'it begins anew')
})

test('a feed that says nothing for ten seconds is no feed', async t => {
  const on = new Stage()
  on.connection.tryNow()
  on.says(hello('T1'))
  await on.clock.advance(9_999)
  t.is(on.link.state, 'live')
  await on.clock.advance(1)
  t.is(on.link.state, 'away')
  t.is(on.closedByPage, 1)
  await on.pauseUntilNextTry()
  t.is(on.queries.length, 2)
})

test('where only the feed is not to be had, the status is asked for every few seconds', async t => {
  const on = new Stage()
  on.answer = { code: 200, status: {} as StatusView }
  on.connection.tryNow()
  for (let n = 0; n < 5; n++) {
    await on.closes()
    t.is(on.link.state, 'polled')
    t.true((await on.pauseUntilNextTry()) <= 4000)
  }
  t.deepEqual(on.heard, ['status', 'status', 'status', 'status', 'status'])
})

test('a token that is refused is told apart from no answer', async t => {
  const on = new Stage()
  on.answer = { code: 401 }
  on.connection.tryNow()
  await on.closes()
  t.is(on.link.state, 'locked')
})

test('trying now comes before the pause is over, and not beside a try that is under way', async t => {
  const on = new Stage()
  on.connection.tryNow()
  on.connection.tryNow()
  t.is(on.queries.length, 1)
  await on.closes()
  on.connection.tryNow()
  t.is(on.queries.length, 2)
  await on.clock.advance(5_000)
  t.is(on.queries.length, 2, 'the pause is not waited for besides')
})

test('an answer to the question why it closed is of no interest once it is live again', async t => {
  const on = new Stage()
  const late = Promise.withResolvers<Answer>()
  on.connection.tryNow()
  on.says(hello('T1'))
  Object.defineProperty(on, 'answer', { get: () => late.promise })
  const closed = on.closes()
  on.connection.tryNow()
  on.says(hello('T1'))
  late.resolve({ code: 401 })
  await closed
  t.is(on.link.state, 'live')
})
