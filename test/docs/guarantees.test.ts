// docs/guarantees.md names a test for each of its promises: the tests have to exist, word for word.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = readFileSync(`${root}/docs/guarantees.md`, 'utf8')

const proofs = [...text.matchAll(/^ {2}- `(test\/[^`]+)`: (.+)$/gm)].map(([, file, title]) => ({
  file: file!,
  title: title!,
}))

/** Titles of a test file as they stand there, whether made by a template or not. */
const titlesIn = (file: string): string => readFileSync(`${root}/${file}`, 'utf8').replaceAll("\\'", "'")

test('every test that a promise names exists', t => {
  t.true(proofs.length > 40)
  const missing = proofs.filter(
    ({ file, title }) => !existsSync(`${root}/${file}`) || !titlesIn(file).includes(title),
  )
  t.deepEqual(missing, [])
})

test('every promise but those that say how much is not promised names a test', t => {
  const [promised] = text.split('## What is not promised')
  const promises = promised!.split(/^- /m).slice(1)
  t.true(promises.length > 20)
  const unproven = promises.filter(promise => !/^ {2}- `test\//m.test(promise))
  t.deepEqual(unproven, [])
})
