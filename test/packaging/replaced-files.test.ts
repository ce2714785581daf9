// An upgrade puts other files in the place of those that a running sidecar came from. It has to do without them.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { productionModules } from '../../packaging/deb/modules.ts'
import { day } from '../journey/daily.ts'
import { CHECKOUT } from './clean-checkout.ts'
import { deliversBoth, running } from './running.ts'

test('a sidecar that is ready needs none of its files any more, not even for its first delivery', async t => {
  const home = mkdtempSync(join(tmpdir(), 'installed-'))
  t.teardown(() => rmSync(home, { recursive: true, force: true }))
  const modules = productionModules(JSON.parse(readFileSync(join(CHECKOUT, 'package-lock.json'), 'utf8')))
  for (const path of ['package.json', 'proto', 'src', ...modules.map(module => module.path)])
    cpSync(join(CHECKOUT, path), join(home, path), { recursive: true })

  const scene = await day(t)
  const daemon = await running(t, [process.execPath, join(home, 'src/main.ts')], scene.config)
  rmSync(home, { recursive: true })
  await deliversBoth(t, scene)
  t.is(await daemon.stop(), 0)
})
