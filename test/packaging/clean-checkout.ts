// A copy of this checkout as git has it, to make packages from: whatever lies about here, a `dist` of an hour ago too,
// does not get in. The modules are those of the checkout.
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { output } from '../../packaging/deb/output.ts'

export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url))

/** With what is not committed yet. Its folder is to be removed by `remove`. */
export function cleanCheckout(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'clean-checkout-'))
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  for (const path of output('git', words, CHECKOUT).split('\0'))
    if (path !== '' && existsSync(join(CHECKOUT, path))) cpSync(join(CHECKOUT, path), join(folder, path))
  symlinkSync(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
