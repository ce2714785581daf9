// How the page is for those who read it otherwise: no accessibility violation in either scheme, with much to show and with
// nothing; no scrolling sideways on a phone, whatever an incident is called; everything within reach of the keyboard.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { ExecutionContext } from 'ava'
import type { Page } from 'playwright-core'
import { point } from '../fakes/peer.ts'
import { inBrowser, visit } from './browser.ts'
import { playHour } from './hour.ts'
import { reads, scene } from './scene.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
}

const WAYS = [
  ['light', 1440],
  ['dark', 360],
] as const

/** In a context of its own that lets a script in. */
const INJECTABLE = { bypassCSP: true } as const

async function accessible(t: ExecutionContext, page: Page, what: string): Promise<void> {
  await page.evaluate(AXE)
  const violations = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as Violation[]
  const told = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${what}: ${id} at ${target}: ${failureSummary}`),
  )
  t.deepEqual(told, [])
}

const overflow = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

inBrowser(
  'no accessibility violation, light and wide, dark and narrow, when much is wrong',
  async (t, browser) => {
    const { address } = await playHour(t, 'badly')
    for (const [colorScheme, width] of WAYS) {
      const viewport = { width, height: 900 }
      const { page, faults } = await visit(t, browser, address, { ...INJECTABLE, colorScheme, viewport })
      await reads(page, '#incidents tr', /disk\/db-01/)
      await reads(page, '#charts figure', /triggers/)
      await accessible(t, page, `${colorScheme}, ${width}`)
      t.is(await overflow(page), 0)
      t.deepEqual(faults, [])
    }
  },
)

inBrowser('nor when nothing is connected, nor when nobody answers', async (t, browser) => {
  const on = await scene(t, browser)
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await on.open({ ...INJECTABLE, colorScheme, mayFail: true })
    await reads(page, '#top', /Ready, and no task/)
    await reads(page, '#charts-none', /first ten seconds/)
    await accessible(t, page, `${colorScheme}, nothing`)
    await on.daemon.stop()
    await reads(page, '#top', /does not answer/)
    await accessible(t, page, `${colorScheme}, away`)
    await on.restart()
  }
})

inBrowser('on a phone nothing scrolls sideways, however long the names are', async (t, browser) => {
  const on = await scene(t, browser)
  const { page, faults } = await on.open({ viewport: { width: 360, height: 740 } })
  const long = 'a-name-without-end'.repeat(60)
  const peer = await on.connect(long)
  const message = 'x'.repeat(3000)
  peer.send(point(long, { fieldsString: { level: 'CRITICAL', message } }))
  peer.send(point('short', { fieldsDouble: { usage: 1 } }))
  await reads(page, '#incidents tr', /a-name-without-end.*delivered/)
  await reads(page, '#stream li', /trigger.*xxx/)
  t.is(await overflow(page), 0)
  t.deepEqual(faults, [])
})

inBrowser('the keyboard reaches what can be done, and shows where it is', async (t, browser) => {
  const on = await scene(t, browser)
  const { page } = await on.open()
  const peer = await on.connect()
  peer.send(point('a', { fieldsString: { level: 'CRITICAL' } }))
  await reads(page, '#incidents tr', /delivered/)
  const reached: string[] = []
  const focused = `(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
    const name = document.activeElement.id || document.activeElement.className
    return name + (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 ? '' : ' without an outline')
  })()`
  for (let presses = 0; presses < 9; presses++) {
    await page.keyboard.press('Tab')
    reached.push((await page.evaluate(focused)) as string)
  }
  t.deepEqual(reached, [
    ...['skip', 'incident-search', 'incident-level', 'id', 'stream-filter', 'stream-kind'],
    ...['stream-pause', 'stream-copy', 'stream'],
  ])
})

inBrowser('what is told to a screen reader is what changed, and not the seconds', async (t, browser) => {
  const on = await scene(t, browser)
  const { page } = await on.open()
  await reads(page, '#announcer', /^Ready,/)
  await page.evaluate(`window.told = []; new MutationObserver(() => told.push(announcer.textContent))
    .observe(announcer, { childList: true, characterData: true, subtree: true })`)
  const peer = await on.connect()
  on.receiver.hang()
  peer.send(point('a', { fieldsString: { level: 'CRITICAL' } }))
  await reads(page, '#top', /1 event waiting, the oldest for [3-9]s/)
  await reads(page, '#announcer', /1 incident open\./)
  t.deepEqual(await page.evaluate('told'), ['Delivering. 1 incident open.'])
})
