// An upgrade puts other files in the place of those that a running sidecar came from. It has to do without them.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { productionModules } from '../../packaging/deb/modules.ts'
import { day, incidentOf, levelsAt } from '../journey/daily.ts'
import { CHECKOUT } from './clean-checkout.ts'
import { running } from './running.ts'

test('a sidecar that is ready needs none of its files any more, not even for its first delivery', async t => {
  const home = mkdtempSync(join(tmpdir(), 'installed-'))
  t.teardown(() => rmSync(home, { recursive: true, force: true }))
  const modules = productionModules(JSON.parse(readFileSync(join(CHECKOUT, 'package-lock.json'), 'utf8')))
  for (const path of ['package.json', 'proto', 'src', ...modules.map(module => module.path)])
    cpSync(join(CHECKOUT, path), join(home, path), { recursive: true })

  const { config, receiver, task } = await day(t)
  const daemon = await running(t, [process.execPath, join(home, 'src/main.ts')], config)
  rmSync(home, { recursive: true })
  const cpu = await task()
  cpu.says('a', 95, 1)
  await receiver.accepted(1)
  cpu.says('a', 5, 2)
  await receiver.accepted(2)
  t.deepEqual(levelsAt(receiver, incidentOf('a')), ['CRITICAL', 'OK'])
  t.is(await daemon.stop(), 0)
})
