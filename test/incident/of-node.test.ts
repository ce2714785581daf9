import test from 'ava'
import fc from 'fast-check'
import { OfNode } from '../../src/incident/of-node.ts'

interface Subject {
  readonly endpoint: string
  readonly id: string
  readonly group: string
}
interface Open {
  readonly who: Subject
}

const subject = fc.record({
  endpoint: fc.constantFrom('default', 'other'),
  id: fc.constantFrom('a', 'b', 'c'),
  group: fc.constantFrom('host=x', 'host=y', 'nil'),
})
const commands = fc.array(fc.record({ who: subject, isOpen: fc.boolean() }), { maxLength: 60 })

const keyOf = ({ endpoint, id, group }: Subject): string => [endpoint, id, group].join(' ')

/** Opens or closes; nothing where it is so already. */
function change(
  ofNode: OfNode<Open>,
  model: Map<string, Open>,
  { who, isOpen }: { who: Subject; isOpen: boolean },
) {
  const known = model.get(keyOf(who))
  if (isOpen && !known) {
    const opened = { who }
    ofNode.add(opened)
    model.set(keyOf(who), opened)
  } else if (!isOpen && known) {
    ofNode.delete(known)
    model.delete(keyOf(who))
  }
}

test('contributors are found by incident and group, whatever comes and goes', t => {
  fc.assert(
    fc.property(commands, subject, (list, other) => {
      const ofNode = new OfNode<Open>()
      const model = new Map<string, Open>()
      for (const command of list) {
        change(ofNode, model, command)
        const open = [...model.values()]
        t.is(ofNode.isEmpty, open.length === 0)
        t.is(ofNode.find(other), model.get(keyOf(other)))
        t.is(
          ofNode.hasGroup(other.group),
          open.some(({ who }) => who.group === other.group),
        )
        t.deepEqual([...ofNode.all()].map(({ who }) => keyOf(who)).sort(), [...model.keys()].sort())
      }
    }),
  )
})
