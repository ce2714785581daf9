// A store that another process may not look at: one sentence, and what to do.
import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { openExisting } from '../../src/outbox/reader.ts'
import { StoreError } from '../../src/outbox/store-error.ts'
import { folder } from './stored.ts'

const refusal = (path: string): StoreError | undefined => {
  try {
    openExisting(path, { readOnly: true }).close()
    return undefined
  } catch (error) {
    if (error instanceof StoreError) return error
    throw error
  }
}

test('a store that cannot be looked for names its path and the user to be', async t => {
  const path = join(await folder(t), 'outbox.db')
  symlinkSync(path, path)
  const error = refusal(path)
  t.is(error?.code, 'cannot-open')
  t.regex(error?.message ?? '', /^cannot open the store .*outbox\.db: ELOOP/)
  t.regex(error?.hint ?? '', /sudo -u kapacitor-squadcast/)
})

const unlessRoot = process.getuid!() === 0 ? test.skip : test
unlessRoot('a folder that this user may not enter is said so (root may enter any)', async t => {
  const inside = await folder(t)
  chmodSync(inside, 0)
  const error = refusal(join(inside, 'outbox.db'))
  chmodSync(inside, 0o700)
  t.regex(error?.message ?? '', /: this user may not enter its folder$/)
})
