// docs/troubleshooting.md: the events that it names are those of the log, its links lead somewhere, and the sentences that
// it quotes are said.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8')
const page = read('docs/troubleshooting.md')
const sourceOf = (folder: string): string =>
  readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => read(`${folder}/${name}`))
    .join('\n')

test('every event that a table names is one of the log', t => {
  const log = sourceOf('src/telemetry')
  const known = new Set(
    [...log.matchAll(/event: '([a-z-]+)'/g), ...log.matchAll(/'([a-z-]+)' : /g)].map(([, name]) => name),
  )
  const tables = page.split(/^\| `event` \|.*\n/m).slice(1)
  t.is(tables.length, 2)
  const named = tables
    .flatMap(table =>
      table
        .split('\n\n')[0]!
        .split('\n')
        .filter(line => line.startsWith('| `')),
    )
    .flatMap(row => [...row.split('|')[1]!.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!))
  t.true(named.length > 8)
  t.deepEqual(
    named.filter(name => !known.has(name) && name !== 'replayed'),
    [],
  )
})

/** As a viewer of Markdown makes it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .trim()
    .replaceAll(' ', '-')

test('every link of README and docs leads to a page and a heading that are there', t => {
  const files = [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(`${root}/docs`)
      .filter(name => name.endsWith('.md'))
      .map(name => `docs/${name}`),
  ]
  const wrong: string[] = []
  for (const file of files)
    for (const [, target] of read(file).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path = '', anchor] = target!.split('#')
      const folder = file.includes('/') ? 'docs/' : ''
      const full =
        path === '' ? file : fileURLToPath(new URL(`${folder}${path}`, `file://${root}/`)).slice(root.length)
      try {
        const headings =
          anchor === undefined
            ? []
            : [...read(full).matchAll(/^#+ (.*)$/gm)].map(([, text]) => anchorOf(text!))
        if (anchor !== undefined && !headings.includes(anchor)) wrong.push(`${file}: ${target}`)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EISDIR') continue
        wrong.push(`${file}: ${target}`)
      }
    }
  t.deepEqual(wrong, [])
})

test('the sentences of the sidecar are said as they stand there', t => {
  const source = sourceOf('src')
  for (const part of [
    'cannot start: ',
    'is in use by ',
    'cannot listen on ',
    'kapacitor-squadcast is parked: ',
    'unknown key',
    'did you mean ',
  ])
    t.true(page.includes(part) && source.includes(part), part)
})
