// The status page in a real browser, beside a real daemon with real sockets and a receiver: what the person on call
// sees while it works, while it does not, and while the daemon is away.
import { once } from 'node:events'
import type { Page } from 'playwright-core'
import { WebSocket } from 'ws'
import { point } from '../fakes/peer.ts'
import { deadPort } from '../squadcast/servers.ts'
import { inBrowser } from './browser.ts'
import { reads, scene } from './scene.ts'

const cpu = (host: string, level: string) => point(host, { fieldsString: { level } })
const incidents = (page: Page) => page.locator('#incidents tr')
const entries = (page: Page) => page.locator('#stream li')

inBrowser(
  'an incident is seen when it opens, while it waits, and no more when it is over',
  async (t, browser) => {
    const on = await scene(t, browser)
    const { page, faults } = await on.open()
    await reads(page, '#top', /Ready, and no task of Kapacitor is connected\./)
    await reads(page, '#incidents-none', /^No incident is open\.$/)
    const peer = await on.connect()
    on.receiver.hang()
    peer.send(cpu('a', 'CRITICAL'))
    await reads(page, '#incidents tr', /CRITICAL.*cpu:host=a.*being sent/)
    await reads(page, '#tasks tr', /cpu.*alive/)
    await reads(page, '#stream li', /trigger.*cpu:host=a CRITICAL/)
    on.receiver.goOn()
    await reads(page, '#incidents tr', /delivered/)
    await reads(page, '#top', /Delivering\. 1 incident open, nothing waiting\./)
    t.regex(await page.title(), /^✓ 1 open · Delivering · /)
    peer.send(cpu('a', 'OK'))
    await reads(page, '#incidents-none', /^No incident is open\.$/)
    await reads(page, '#stream li', /resolve/)
    t.deepEqual(faults, [])
  },
)

inBrowser(
  'it survives a restart of the daemon, says so meanwhile, and shows the truth after it',
  async (t, browser) => {
    const on = await scene(t, browser)
    const { page, faults } = await on.open({ mayFail: true })
    const peer = await on.connect()
    peer.send(cpu('a', 'CRITICAL'))
    await reads(page, '#incidents tr', /cpu:host=a.*delivered/)
    await on.daemon.kill()
    await reads(page, '#top', /The sidecar does not answer; trying again (in \d+s|now)/)
    t.regex(await page.title(), /^\? The sidecar does not answer · /)
    await on.restart()
    const second = await on.connect()
    second.send(cpu('b', 'WARNING'))
    await reads(page, '#incidents tr', /WARNING.*cpu:host=b/)
    await reads(page, '#incidents tr', /CRITICAL.*cpu:host=a/)
    await reads(page, '#top', /Delivering\. 2 incidents open/)
    await reads(page, '#stream li', /started anew/)
    await reads(page, '#stream li', /trigger.*cpu:host=b WARNING/)
    t.is(await entries(page).filter({ hasText: 'trigger' }).count(), 2)
    t.deepEqual(faults, [])
  },
)

inBrowser('an endpoint that is blocked is on top, with its answer and what to do', async (t, browser) => {
  const on = await scene(t, browser, { url: `http://127.0.0.1:${await deadPort()}/SECRET` })
  const { page, faults } = await on.open()
  const peer = await on.connect()
  for (const host of ['a', 'b', 'c']) peer.send(cpu(host, 'CRITICAL'))
  await reads(page, '#verdict', /^Not delivering\.$/)
  await reads(page, '#problems li', /critical.*Endpoint default does not take events.*look at the network/)
  await reads(page, '#endpoints tr', /default.*failing.*3.*in \d+s/)
  await reads(page, '#incidents tr', /default is failing/)
  await reads(page, '#announcer', /Not delivering\. endpoint failing default\. 3 incidents open\./)
  t.false((await page.content()).includes('SECRET'))
  t.deepEqual(faults, [])
})

inBrowser('markup in an id, a task and a message stays text', async (t, browser) => {
  const on = await scene(t, browser)
  const { page, faults } = await on.open()
  const markup = `<img src=x onerror="document.title='broken'">`
  const peer = await on.connect(`${markup}task`)
  peer.send(point(markup, { fieldsString: { level: 'CRITICAL', message: `${markup}message` } }))
  await incidents(page).filter({ hasText: markup }).first().waitFor()
  await entries(page)
    .filter({ hasText: `${markup}message` })
    .first()
    .waitFor()
  await page
    .locator('#tasks tr')
    .filter({ hasText: `${markup}task` })
    .first()
    .waitFor()
  t.is(await page.locator('img').count(), 0)
  t.deepEqual(faults, [])
})

inBrowser('the stream is paused and gone on with, filtered, followed and copied', async (t, browser) => {
  const on = await scene(t, browser)
  const { page, context, faults } = await on.open()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const peer = await on.connect()
  peer.send(cpu('a', 'CRITICAL'))
  await reads(page, '#stream li', /delivered.*cpu:host=a/)

  await page.getByRole('button', { name: 'Pause' }).click()
  peer.send(cpu('b', 'CRITICAL'))
  await reads(page, '#incidents tr', /cpu:host=b/)
  await reads(page, '#stream-count', /^paused, [1-9]\d* new$/)
  t.is(await entries(page).filter({ hasText: 'host=b' }).count(), 0)
  await page.getByRole('button', { name: 'Go on' }).click()
  await reads(page, '#stream li', /delivered.*cpu:host=b/)

  await page.getByLabel('Filter').fill('HOST=B')
  await page.getByLabel('Show').selectOption('deliveries')
  t.is(await entries(page).count(), 1)
  await page.getByRole('button', { name: 'Copy' }).click()
  await reads(page, '#stream-copied', /^1 line copied$/)
  const copied = (await page.evaluate('navigator.clipboard.readText()')) as string
  t.regex(copied, /^\S+\tinfo\tdelivered\tdelivered trigger cpu:host=b$/)

  await page.getByRole('button', { name: 'cpu:host=a' }).click()
  t.is(await page.getByLabel('Filter').inputValue(), 'cpu:host=a')
  await reads(page, '#stream li', /trigger.*cpu:host=a/)
  t.is(await entries(page).filter({ hasText: 'host=b' }).count(), 0)
  t.deepEqual(faults, [])
})

inBrowser('open incidents are searched by the daemon, and the counts are whole', async (t, browser) => {
  const on = await scene(t, browser)
  const { page, faults } = await on.open()
  const peer = await on.connect()
  const OPEN = 10_000
  const from = performance.now()
  peer.send(...Array.from({ length: OPEN }, (_, n) => cpu(`host-${n}`, n % 2 ? 'WARNING' : 'CRITICAL')))
  await reads(page, '#incidents-count', /^10,000 open, the newest 100 shown$/)
  t.log(`${OPEN} incidents open after ${Math.round(performance.now() - from)} ms`)
  t.is(await incidents(page).count(), 100)

  const searched = performance.now()
  await page.getByLabel('Search').fill('HOST-123')
  await reads(page, '#incidents-count', /^11 of 10,000 match$/)
  t.log(`searched in ${Math.round(performance.now() - searched)} ms`)
  t.is(await incidents(page).count(), 11)
  await page.getByLabel('Level').selectOption('critical')
  await reads(page, '#incidents-count', /^5 of 10,000 match$/)
  await page.getByLabel('Search').fill('no such host')
  await reads(page, '#incidents-none', /^No open incident matches\.$/)

  await page.getByLabel('Search').fill('')
  await page.getByLabel('Level').selectOption('')
  await reads(page, '#incidents-count', /^10,000 open/)
  await page.getByRole('button', { name: 'Show 100 more' }).click()
  await reads(page, '#incidents-count', /the newest 200 shown$/)
  t.is(await incidents(page).count(), 200)
  t.true((await entries(page).count()) <= 200, 'no more lines stand in the page')
  t.deepEqual(faults, [])
})

inBrowser('where the live feed is refused the page asks instead, and says so', async (t, browser) => {
  const on = await scene(t, browser)
  const others = Array.from({ length: 64 }, () => new WebSocket(`${on.address.replace('http', 'ws')}feed`))
  for (const other of others) t.teardown(() => other.terminate())
  await Promise.all(others.map(other => once(other, 'open')))
  const { page } = await on.open({ mayFail: true })
  await reads(page, '#polled', /The live feed is not to be had/)
  const peer = await on.connect()
  peer.send(cpu('a', 'CRITICAL'))
  await reads(page, '#incidents tr', /cpu:host=a.*delivered/)
  await reads(page, '#top', /Delivering\. 1 incident open/)
  others[0]!.terminate()
  await reads(page, '#link', /^live$/)
  await reads(page, '#stream li', /trigger.*cpu:host=a/)
  t.true(await page.locator('#polled').isHidden())
})
