import test from 'ava'
import fc from 'fast-check'
import { Queue, type Queued } from '../../src/delivery/queue.ts'

class Item implements Queued<Item> {
  before: Item | undefined
  after: Item | undefined
}

const contents = (queue: Queue<Item>): Item[] => {
  const items: Item[] = []
  for (let item = queue.first; item; item = item.after) items.push(item)
  return items
}

test('is what a list is, whatever is put at its ends and taken from anywhere', t => {
  const moves = fc.array(
    fc.oneof(
      fc.record({ put: fc.constantFrom('append' as const, 'prepend' as const) }),
      fc.record({ take: fc.nat(50) }),
    ),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(moves, list => {
      const queue = new Queue<Item>()
      const model: Item[] = []
      for (const move of list) {
        if ('put' in move) {
          const item = new Item()
          queue[move.put](item)
          if (move.put === 'append') model.push(item)
          else model.unshift(item)
        } else if (model.length > 0) {
          const [item] = model.splice(move.take % model.length, 1)
          queue.remove(item!)
        }
        const found = contents(queue)
        if (found.length !== model.length || found.some((item, n) => item !== model[n])) return false
      }
      return true
    }),
  )
  t.pass()
})
