// `npm run screenshots`: the two pictures of the README, made anew from the hour that hour.ts plays. They change when the
// page does, and with the fonts of the machine.
import { mkdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { EXECUTABLE, launch } from './chromium.ts'
import { type Ending, playHour } from './hour.ts'

const FOLDER = new URL('../../docs/images/', import.meta.url)
const SIZE = { width: 1200, height: 900 }
const PATIENCE_MS = 30_000

type Scheme = 'light' | 'dark'

async function main(): Promise<number> {
  if (!EXECUTABLE) {
    process.stderr.write('there is no Chromium here: install one, or set CHROMIUM to its path\n')
    return 1
  }
  mkdirSync(FOLDER, { recursive: true })
  const browser = await launch()
  try {
    await picture(browser, 'light', 'well')
    await picture(browser, 'dark', 'badly')
  } finally {
    await browser.close()
  }
  return 0
}

async function picture(browser: Browser, colorScheme: Scheme, ending: Ending): Promise<void> {
  const path = fileURLToPath(new URL(`status-page-${colorScheme}.png`, FOLDER))
  const cleans: (() => unknown)[] = []
  try {
    const { address } = await playHour({ teardown: clean => void cleans.unshift(clean) }, ending)
    const context = await browser.newContext({ viewport: SIZE, colorScheme, timezoneId: 'UTC' })
    cleans.unshift(() => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await page.goto(address)
    for (const shown of ['#incidents tr', '#stream li', '#tasks tr', '#charts canvas'])
      await page.locator(shown).first().waitFor()
    await page.screenshot({ path })
    process.stdout.write(`${path} ${Math.round(statSync(path).size / 1024)} KB\n`)
  } finally {
    for (const clean of cleans) await clean()
  }
}

process.exitCode = await main()
