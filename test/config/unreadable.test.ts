import test from 'ava'
import { whyUnreadable } from '../../src/config/unreadable.ts'

const REASONS: readonly (readonly [code: string, reason: string])[] = [
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist'],
  ['EACCES', 'may not be read by the user that this program runs as'],
  ['EPERM', 'may not be read by the user that this program runs as'],
  ['EISDIR', 'is a directory'],
  ['EIO', 'could not be read (EIO)'],
]

for (const [code, reason] of REASONS) {
  test(`a file that fails with ${code} ${reason}`, t => {
    t.is(whyUnreadable(Object.assign(new Error('/some/path'), { code })), reason)
  })
}

test('a failure without a code is told without its text', t => {
  t.is(whyUnreadable(new Error('open https://secret')), 'could not be read (unknown error)')
  t.is(whyUnreadable('https://secret'), 'could not be read (unknown error)')
})
