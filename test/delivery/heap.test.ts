import test from 'ava'
import fc from 'fast-check'
import { Heap, type Placed } from '../../src/delivery/heap.ts'

interface Item extends Placed {
  readonly key: number
  readonly order: number
}
const compare = (a: Item, b: Item) => a.key - b.key || a.order - b.order

type Command = { readonly push: number } | { readonly remove: number } | 'pop'

const commands = fc.array(
  fc.oneof(
    fc.record({ push: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ remove: fc.nat(30) }),
    fc.constant('pop' as const),
  ),
  { maxLength: 200 },
)

function run(command: Command, heap: Heap<Item>, model: Item[], order: number): void {
  if (command === 'pop') {
    const first = heap.peek()
    if (first) heap.remove(first)
    model.shift()
  } else if ('push' in command) {
    const item = { key: command.push, order, heapIndex: 0 }
    heap.push(item)
    model.push(item)
    model.sort(compare)
  } else {
    const [item] = model.splice(command.remove, 1)
    if (item) heap.remove(item)
  }
}

test('whatever goes in and out, the first of the heap is the first in order', t => {
  fc.assert(
    fc.property(commands, list => {
      const heap = new Heap<Item>(compare)
      const model: Item[] = []
      for (const [order, command] of list.entries()) {
        run(command, heap, model, order)
        if (heap.size !== model.length || heap.peek() !== model[0]) return false
        if (heap.peekOther(model[0]) !== (model[1] ?? model[0])) return false
      }
      return true
    }),
  )
  t.pass()
})

test('an item that is not inside cannot be taken out', t => {
  const heap = new Heap<Item>(compare)
  const item = { key: 1, order: 0, heapIndex: 0 }
  heap.push(item)
  t.false(heap.remove({ ...item }))
  t.is(heap.size, 1)
  t.true(heap.remove(item))
  t.false(heap.remove(item))
})
