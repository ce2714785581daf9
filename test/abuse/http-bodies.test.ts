// Many large posts at once: each is taken, and the process does other things between one and the next.
import { once } from 'node:events'
import test from 'ava'
import { alertFromJson } from '../../src/http/alert-json.ts'
import { heldMemory } from '../fakes/memory.ts'
import { listening, postOf } from '../http/listening.ts'

const MIB = 1024 * 1024
const EMPTY_SERIES = `{"id":"a","level":"CRITICAL","data":{"series":[${'{},'.repeat(340_000)}{}]}}`

test('large posts that come together are read one after the other, and others get their turn in between', async t => {
  let turns = 0
  let isOver = false
  const count = (): void => {
    turns++
    if (!isOver) setImmediate(count)
  }
  const seen: number[] = []
  const stage = await listening(t, {
    take: async () => {
      seen.push(turns)
      return { event: 'trigger', durable: true }
    },
  })
  count()
  const replies = await Promise.all(Array.from({ length: 20 }, () => stage.ask({ body: EMPTY_SERIES })))
  isOver = true
  t.deepEqual([...new Set(replies.map(({ status }) => status))], [202])
  t.is(new Set(seen).size, seen.length, 'no two in the same turn of the loop')
  t.regex(stage.unreadable[0]!, /^data: data has 340001 series: the first 1000 are kept$/)
})

// Alone: it counts all the memory of this process.
test.serial(
  'senders of large bodies that never end hold no more than so many of them, and small posts pass',
  async t => {
    const stage = await listening(t)
    const before = heldMemory()
    const post = postOf(EMPTY_SERIES)
    const slow = await Promise.all(Array.from({ length: 200 }, () => stage.dial()))
    for (const socket of slow) socket.write(post.slice(0, -1))
    t.is((await stage.ask({})).status, 202)
    const grown = heldMemory() - before
    t.true(grown < 150 * MIB, `${grown} bytes of ${slow.length * post.length}`)
    // One that leaves while it waits for its turn gives it back.
    for (const socket of slow) socket.destroy()
    await Promise.all(slow.map(socket => socket.closed || once(socket, 'close')))
    t.is((await stage.ask({ body: EMPTY_SERIES })).status, 202)
  },
)

test('what no event holds is left out before it takes time', t => {
  const values = `[${Array.from({ length: 100_000 }, (_, n) => n).join()}]`
  const rows = `{"columns":["a"],"values":[${Array.from({ length: 20_000 }, () => '[1]').join()},[2]]}`
  const body = `{"id":"a","level":"OK","data":{"series":[{"values":[${values}]},${rows}]}}`
  const { series } = alertFromJson({ text: body, isCut: false }, 0n).alert
  t.is(series[0]!.values[0]!.length, 1000)
  t.is(series[1]!.values.length, 10_000)
  t.deepEqual(series[1]!.values.at(-1), [2])
})
