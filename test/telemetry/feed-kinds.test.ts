// The list of happenings against the code that tells them.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { FEED_KINDS } from '../../src/telemetry/feed-kinds.ts'

const folder = fileURLToPath(new URL('../../src/telemetry', import.meta.url))

/** Kinds of events are named by a variable. */
const BY_VARIABLE = ['trigger', 'resolve', 'replayed']

test('every happening that telemetry tells is in the list, and nothing else is', t => {
  const told = readdirSync(folder)
    .map(file => readFileSync(`${folder}/${file}`, 'utf8'))
    .flatMap(text => [...text.matchAll(/\bevent: '([a-z-]+)'/g)].map(([, name]) => name!))
  t.deepEqual([...FEED_KINDS].sort(), [...new Set([...told, ...BY_VARIABLE])].sort())
})

test('no happening is in it twice', t => {
  t.is(new Set(FEED_KINDS).size, FEED_KINDS.length)
})
