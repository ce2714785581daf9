import test from 'ava'
import fc from 'fast-check'
import { GroupSieve, SlotFinder } from '../../src/incident/group-sieve.ts'
import { capId } from '../../src/incident/id.ts'
import { groupOf, NOTHING_CONSUMED } from '../../src/incident/reading.ts'
import { type PointParts, point } from './points.ts'

const text = fc.oneof(
  fc.constantFrom('a', '', 'é', 'a=b,c', '日本'),
  fc.string(),
  fc.string({ minLength: 200, maxLength: 600 }),
)
const grouped = fc.record({
  name: text,
  byName: fc.boolean(),
  dimensions: fc.uniqueArray(fc.constantFrom('host', 'région', 'disk', 'level', 'alertID'), { maxLength: 4 }),
  tags: fc.dictionary(fc.constantFrom('host', 'région', 'disk', 'level', 'other'), text),
})

/** As a contributor's group is kept. */
function keptGroup({ name = 'cpu', byName = false, dimensions = [], tags = {} }: PointParts): string {
  const pairs = dimensions.map(dimension => [dimension, tags[dimension] ?? ''] as const)
  return capId(groupOf({ name, byName, tags: pairs }, NOTHING_CONSUMED).text)
}

const finder = (): SlotFinder => new SlotFinder(new Set(['level', 'alertID']))

test('of a group that is open it is never said that it is not', t => {
  fc.assert(
    fc.property(fc.array(grouped, { minLength: 1, maxLength: 20 }), all => {
      const sieve = new GroupSieve()
      const slots = finder()
      for (const parts of all) sieve.add(keptGroup(parts))
      for (const parts of all) {
        const slot = slots.find(point(parts))
        t.true(slot === undefined || sieve.mayHave(slot))
      }
      for (const parts of all.slice(1)) sieve.delete(keptGroup(parts))
      const slot = slots.find(point(all[0]))
      t.true(slot === undefined || sieve.mayHave(slot))
    }),
  )
})

test('nearly every group that is not open is known as such', t => {
  const sieve = new GroupSieve()
  const slots = finder()
  const onHost = (n: number): PointParts => ({ dimensions: ['host'], tags: { host: `host${n}` } })
  for (let n = 0; n < 10; n++) sieve.add(keptGroup(onHost(n)))
  let mistaken = 0
  for (let n = 10; n < 10_010; n++) if (sieve.mayHave(slots.find(point(onHost(n)))!)) mistaken++
  t.true(mistaken < 100, `${mistaken} of 10,000`)
})

test('a tag that may be no part of the group, and a group by measurement, leave it to the whole reading', t => {
  const tags = { host: 'a', level: 'OK' }
  t.is(finder().find(point({ dimensions: ['host', 'level'], tags })), undefined)
  t.is(finder().find(point({ dimensions: ['host'], byName: true, tags })), undefined)
  t.is(finder().find(point({ tags })), undefined)
  t.not(finder().find(point({ dimensions: ['host'], tags })), undefined)
})
