// Why the sidecar gives no answer: each way of not answering, with and without one that runs, has its sentence and cure.
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { absenceOf, type Runs, whetherOneRuns } from '../../src/app/absence.ts'
import { type ASKING_ERROR_CODES, AskingError } from '../../src/app/asking-http.ts'
import type { Settings } from '../../src/config/settings.ts'
import { own } from '../../src/outbox/owner.ts'
import { folder } from '../outbox/stored.ts'

const at = (path: string) => ({ store: { path } }) as Settings

test('each has a sentence, a cure, and a state that monitoring can rely on', t => {
  const states = (code: (typeof ASKING_ERROR_CODES)[number]) =>
    ([true, false, undefined] as Runs[]).map(runs => {
      const { severity, code: name, text, cure } = absenceOf(new AskingError(code, 'so it is'), runs)
      t.regex(text, /^[A-Z].*\.$/)
      t.regex(cure, /^[A-Z].*[.)]$/)
      return `${name} ${severity}`
    })
  const [dead, silent, asked] = ['not-running critical', 'sidecar-silent critical', 'cannot-ask unknown']
  t.deepEqual(states('listener-off'), [asked, dead, asked])
  t.deepEqual(states('any-port'), [asked, dead, asked])
  t.deepEqual(states('unanswered'), [silent, dead, silent])
  t.deepEqual(states('timeout'), [silent, dead, silent])
  t.deepEqual(states('not-a-sidecar'), [silent, dead, silent])
  // Who refuses, runs.
  t.deepEqual(states('unauthorized'), [asked, asked, asked])
  t.deepEqual(states('refused'), [asked, asked, asked])
})

test('the lock tells whether one runs', async t => {
  const path = join(await folder(t), 'outbox.db')
  t.false(whetherOneRuns(at(path)))
  t.false(whetherOneRuns(at(join(path, '..', 'nowhere', 'outbox.db'))))
  const owner = own(path, process.pid)
  t.true(whetherOneRuns(at(path)))
  owner.release()
  t.false(whetherOneRuns(at(path)))
})

test('who may not look into the folder of the store knows nothing, which is not that none runs', async t => {
  if (process.getuid?.() === 0) {
    t.pass('root may look everywhere')
    return
  }
  const closed = join(await folder(t), 'closed')
  mkdirSync(closed)
  chmodSync(closed, 0)
  t.teardown(() => chmodSync(closed, 0o700))
  t.is(whetherOneRuns(at(join(closed, 'outbox.db'))), undefined)
})
