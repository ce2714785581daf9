// The Chromium of this machine, if it has one, as tests and screenshots start it.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
export const EXECUTABLE = PLACES.find(path => path !== '' && existsSync(path))

const ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]
const PATIENCE_MS = 60_000

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: EXECUTABLE!, args: ARGUMENTS, timeout: PATIENCE_MS })
