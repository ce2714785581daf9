// Databases of Kapacitor's own kind: what two versions of it wrote, trees made for the test, and damaged ones.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import test from 'ava'
import fc from 'fast-check'
import { type BoltBucket, BoltError, openBolt } from '../../src/kapacitor/bolt.ts'
import { storedTopic } from '../../src/kapacitor/stored-topic.ts'
import { boltFile, type Tree } from './bolt-file.ts'

const DATABASE = (version: string): Buffer =>
  gunzipSync(readFileSync(new URL(`../fixtures/kapacitor-databases/${version}.db.gz`, import.meta.url)))

/** Both hold the same: b and the one in Go's letters CRITICAL, c WARNING, a recovered after it was CRITICAL. */
for (const [version, ok] of [
  ['1.5.9', { a: 0 }],
  ['1.8.3', {}],
] as const)
  test(`the topics that Kapacitor ${version} stored are read, with a slash in their name or without`, t => {
    for (const [topic, prefix] of [
      ['infra/checks', 'slash'],
      ['plain', 'plain'],
    ] as const) {
      const events = storedTopic(DATABASE(version), topic)
      t.deepEqual(Object.fromEntries(events!.map(({ id, level }) => [id.slice(prefix.length + 1), level])), {
        b: 3,
        c: 2,
        'ü/ö x': 3,
        ...ok,
      })
      t.is(events!.find(({ id }) => id === `${prefix}/b`)?.message, `${prefix}/b is CRITICAL`)
      t.true(events!.every(({ time }) => time > 1_796_101_377n * 1_000_000_000n))
    }
    t.is(storedTopic(DATABASE(version), 'infra'), undefined)
    t.is(storedTopic(DATABASE(version), ''), undefined)
  })

const contents = (bucket: BoltBucket): [string, string][] =>
  [...bucket.entries()].map(([key, value]) => [key, value.toString()])

const key = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
const values = fc.dictionary(key, fc.string({ maxLength: 3000 }), { maxKeys: 60, noNullPrototype: true })
const trees: fc.Arbitrary<Tree> = fc.record({
  values,
  buckets: fc.dictionary(
    key.map(name => `b ${name}`),
    fc.record({ values, buckets: fc.constant({}), isInline: fc.boolean() }),
    { maxKeys: 5, noNullPrototype: true },
  ),
})

test('every key of a tree is found, in order, whatever pages and buckets it stands in', t => {
  fc.assert(
    fc.property(trees, fc.constantFrom(1024, 4096), (tree, pageSize) => {
      const root = openBolt(boltFile(tree, pageSize))
      for (const [name, sub] of [['', tree] as const, ...Object.entries(tree.buckets)]) {
        const bucket = name === '' ? root : root.bucket(name)!
        const wanted = Object.entries(sub.values).sort(([a], [b]) =>
          Buffer.compare(Buffer.from(a), Buffer.from(b)),
        )
        t.deepEqual(contents(bucket), wanted)
        for (const [one, value] of wanted) t.is(bucket.get(one)?.toString(), value)
        t.is(bucket.get('no such key'), undefined)
        t.is(bucket.bucket('no such bucket'), undefined)
      }
    }),
    { numRuns: 60 },
  )
})

test('a damaged file is read or refused, and never more than that', t => {
  const whole = DATABASE('1.8.3')
  const read = (database: Buffer): void => {
    try {
      storedTopic(database, 'infra/checks')
    } catch (error) {
      t.true(
        error instanceof BoltError || error instanceof SyntaxError || error instanceof TypeError,
        String(error),
      )
    }
  }
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 20,
  })
  fc.assert(
    fc.property(damage, fc.nat(whole.length), (bytes, length) => {
      const database = Buffer.from(whole)
      for (const [at, byte] of bytes) database[at] = byte
      read(database)
      read(database.subarray(0, length))
    }),
    { numRuns: 2000 },
  )
  for (const nothing of [Buffer.alloc(0), Buffer.from('SQLite format 3\0'), Buffer.alloc(100_000, 0xff)])
    t.throws(() => openBolt(nothing), { instanceOf: BoltError })
})

test('pages that lead in a circle end in an error', t => {
  const values = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`key ${n}`, 'x'.repeat(200)]))
  const file = boltFile({ values, buckets: {} }, 1024)
  // Every branch leads to the root.
  const root = Number(file.readBigUInt64LE(16 + 16))
  for (let page = 2; page * 1024 < file.length; page++)
    if (file.readUInt16LE(page * 1024 + 8) === 1)
      for (let at = 0; at < file.readUInt16LE(page * 1024 + 10); at++)
        file.writeBigUInt64LE(BigInt(root), page * 1024 + 16 + at * 16 + 8)
  t.throws(() => openBolt(file).get('key 7'), { instanceOf: BoltError })
  t.throws(() => contents(openBolt(file)), { instanceOf: BoltError })
})
