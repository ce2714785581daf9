// Reads the files of the status page, once: those of its room, and the chart library. In a checkout its modules are
// TypeScript, which browsers do not read, so their types are taken out first.
import { readdir, readFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import type { Asset, Assets } from '../http/page.ts'

const ROOM = new URL('../page/', import.meta.url)
const LIBRARY = ['uPlot.iife.min.js', 'uPlot.min.css']
/** Only a checkout has it. */
const STRIPPER = new URL('./strip-types.ts', import.meta.url)

const IS_COMPILED = import.meta.url.endsWith('.js')

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  ts: 'text/javascript; charset=utf-8',
}

const extensionOf = (name: string): string => /[^.]*$/.exec(name)![0]

/** All of them together, so that none is of another version; where that fails it is tried again by the next request. */
export function pageAssets(): () => Promise<Assets> {
  let read: Promise<Assets> | undefined
  const assets = (): Promise<Assets> => {
    read ??= readAll().catch(error => {
      read = undefined
      throw error
    })
    return read
  }
  // An upgrade may put another version's in their place, under a sidecar that runs on. Whoever asks is told of a failure.
  if (IS_COMPILED) assets().catch(() => {})
  return assets
}

async function readAll(): Promise<Assets> {
  const names = (await readdir(ROOM)).filter(name => /^[\w-]+\.(html|css|js|ts)$/.test(name))
  const own = await Promise.all(names.map(name => assetOf(name, new URL(name, ROOM))))
  const others = await Promise.all(LIBRARY.map(name => assetOf(name, libraryFile(name))))
  return withoutTypes(new Map([...own, ...others]))
}

const libraryFile = (name: string): URL => new URL(import.meta.resolve(`uplot/dist/${name}`))

async function assetOf(name: string, file: URL): Promise<[string, Asset]> {
  return [name, { type: TYPES[extensionOf(name)]!, body: await readFile(file, 'utf8') }]
}

/** A module is there under both of its names: the page asks for `main.js`, and that imports `./feed.ts`. */
async function withoutTypes(assets: ReadonlyMap<string, Asset>): Promise<Assets> {
  const typed = [...assets].filter(([name]) => extensionOf(name) === 'ts')
  if (typed.length === 0) return assets
  const stripped = await strippedTexts(typed.map(([, { body }]) => body))
  const modules = typed.flatMap(([name, { type }], index): [string, Asset][] => {
    const asset = { type, body: stripped[index]! }
    return [
      [name, asset],
      [name.replace(/ts$/, 'js'), asset],
    ]
  })
  return new Map([...assets, ...modules])
}

/** In a thread of its own: Node warns of what strips types, and the warning can be kept back only there. */
function strippedTexts(texts: readonly string[]): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>()
  const worker = new Worker(STRIPPER, {
    workerData: texts,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', () => reject(new Error('the types of the page were not taken out')))
  return promise
}
