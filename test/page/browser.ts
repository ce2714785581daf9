// A real Chromium, and what a page in it must never do: complain on its console, break its own policy, or ask anybody
// but the sidecar for anything. Where no Chromium is installed its tests are skipped, and say so.
import test, { type ExecutionContext } from 'ava'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { EXECUTABLE, launch } from './chromium.ts'

const PATIENCE_MS = 60_000

/** A test in a browser: skipped, and loudly so, where there is none. One after the other: each needs much memory. */
export function inBrowser(
  title: string,
  play: (t: ExecutionContext, browser: Browser) => Promise<void>,
): void {
  if (!EXECUTABLE) {
    test(`SKIPPED: install Chromium, or set CHROMIUM to the path of one, for: ${title}`, t => {
      t.log('not tried: there is no Chromium on this machine')
      t.pass()
    })
    return
  }
  test.serial(title, async t => {
    t.timeout(180_000)
    browser ??= launch()
    await play(t, await browser)
  })
}

let browser: Promise<Browser> | undefined
if (EXECUTABLE) test.after.always('the browser is closed', async () => (await browser)?.close())

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** What it must not have done; empty where all is well. */
  readonly faults: string[]
}

export interface VisitOptions extends BrowserContextOptions {
  /** The sidecar is ended meanwhile: that requests fail is no fault then. */
  readonly mayFail?: boolean
}

/** Opens the page. */
export async function visit(
  t: ExecutionContext,
  browser: Browser,
  address: string,
  { mayFail = false, ...options }: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  t.teardown(() => context.close())
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const faults = watched(page, new URL(address).host, mayFail)
  await page.goto(address)
  return { page, context, faults }
}

function watched(page: Page, host: string, mayFail: boolean): string[] {
  const faults: string[] = []
  page.on('console', message => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    // What Chromium itself says of a connection that is refused cannot be kept off the console.
    if (mayFail && /ERR_|WebSocket connection to|Failed to load resource/.test(message.text())) return
    faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', error => faults.push(`error: ${error.message}`))
  page.on('request', request => {
    const url = new URL(request.url())
    if (url.protocol !== 'data:' && url.host !== host) faults.push(`asks ${request.url()}`)
  })
  page.on('websocket', socket => {
    if (new URL(socket.url()).host !== host) faults.push(`connects to ${socket.url()}`)
  })
  return faults
}
