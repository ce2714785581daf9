// The page where a token guards it: the browser asks for it, and sends it along with all that the page asks for, its
// WebSocket too.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { point } from '../fakes/peer.ts'
import { inBrowser, visit } from './browser.ts'
import { reads, scene } from './scene.ts'

const TOKEN = 'a-token-of-the-test'

inBrowser(
  'with the token as the password it is as without one, and nobody else gets in',
  async (t, browser) => {
    const on = await scene(t, browser, { token: TOKEN })
    const httpCredentials = { username: 'anybody', password: TOKEN }
    const { page, faults } = await on.open({ httpCredentials })
    const peer = await on.connect()
    peer.send(point('a', { fieldsString: { level: 'CRITICAL' } }))
    await reads(page, '#incidents tr', /cpu:host=a.*delivered/)
    await reads(page, '#link', /^live$/)
    t.false((await page.content()).includes(TOKEN))
    t.deepEqual(faults, [])

    const stranger = await on.open({ mayFail: true, httpCredentials: { username: 'a', password: 'wrong' } })
    t.regex(
      (await stranger.page.textContent('body'))!,
      /^the token is wrong: send the one of the sidecar's token-file/,
    )
  },
)

inBrowser('a token in the address works too', async (t, browser) => {
  const on = await scene(t, browser, { token: TOKEN })
  const { page, faults } = await visit(t, browser, on.address.replace('//', `//anybody:${TOKEN}@`))
  await reads(page, '#link', /^live$/)
  await reads(page, '#incidents-none', /^No incident is open\.$/)
  t.deepEqual(faults, [])
})

inBrowser('when the token changes the page says that it wants the new one', async (t, browser) => {
  const on = await scene(t, browser, { token: TOKEN })
  const { page } = await on.open({ mayFail: true, httpCredentials: { username: 'anybody', password: TOKEN } })
  await reads(page, '#link', /^live$/)
  await on.daemon.stop()
  writeFileSync(join(on.made.folder, 'token'), 'another-token')
  await on.restart()
  await reads(page, '#top', /The token is refused\. Reload this page, and give the one that holds now/)
  t.regex(await page.title(), /^\? The token is refused · /)
})
