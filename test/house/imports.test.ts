// ARCHITECTURE.md draws the rooms and the arrows between them. The code has to look like the drawing.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'

const root = fileURLToPath(new URL('../..', import.meta.url))

const sources = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .map(path => resolve(root, 'src', path))

/** `src/wire/frame.ts` is in room `src/wire`; a file directly in src is a room of its own. */
const roomOf = (path: string): string => relative(root, path).split('/').slice(0, 2).join('/')

function drawnRooms(): Map<string, Set<string>> {
  const rows = readFileSync(`${root}/ARCHITECTURE.md`, 'utf8').matchAll(
    /^\| `(src\/[\w.]+)` \|[^|]*\|([^|]*)\|$/gm,
  )
  const drawn = new Map<string, Set<string>>()
  for (const [, room, allowed] of rows) {
    const names = allowed!.split(',').map(name => name.trim())
    drawn.set(room!, new Set(names.filter(name => name !== '').map(name => `src/${name}`)))
  }
  return drawn
}

const importsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, to]) =>
    resolve(dirname(path), to!),
  )

test('the table of rooms names every room, and no other', t => {
  t.deepEqual([...drawnRooms().keys()].sort(), [...new Set(sources.map(roomOf))].sort())
})

test('every import between rooms is an arrow that is drawn', t => {
  const drawn = drawnRooms()
  const wrong = sources.flatMap(path =>
    importsOf(path)
      .filter(to => roomOf(to) !== roomOf(path) && !drawn.get(roomOf(path))?.has(roomOf(to)))
      .map(to => `${relative(root, path)} imports ${relative(root, to)}`),
  )
  t.deepEqual(wrong, [])
})

test('no arrow is drawn that no import uses', t => {
  const used = new Set(sources.flatMap(path => importsOf(path).map(to => `${roomOf(path)} ${roomOf(to)}`)))
  const unused = [...drawnRooms()].flatMap(([room, allowed]) =>
    [...allowed].filter(to => !used.has(`${room} ${to}`)).map(to => `${room} ${to}`),
  )
  t.deepEqual(unused, [])
})

test('no file imports itself by any way round', t => {
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path]
    if (done.has(path)) return undefined
    for (const to of importsOf(path)) {
      const cycle = visit(to, [...way, path])
      if (cycle) return cycle
    }
    done.add(path)
    return undefined
  }
  for (const path of sources) t.is(visit(path, []), undefined)
})

test('only the store knows SQLite, and only the edge knows time, chance and the environment', t => {
  // A thread begins where it is made, as a process does in main.
  const EDGE = new Set([
    'src/app',
    'src/cli',
    'src/main.ts',
    'src/demo',
    'src/outbox/thread.ts',
    'src/page/main.ts',
  ])
  const wrong = sources.flatMap(path => {
    const text = readFileSync(path, 'utf8').replace(/\/\/.*$/gm, '')
    const room = roomOf(path)
    const found: string[] = []
    if (room !== 'src/outbox' && text.includes("'node:sqlite'")) found.push('node:sqlite')
    if (!EDGE.has(room) && !EDGE.has(relative(root, path))) {
      const impure = text.match(
        /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|process\.env|setInterval\()/,
      )
      if (impure) found.push(impure[1]!)
    }
    return found.map(what => `${relative(root, path)}: ${what}`)
  })
  t.deepEqual(wrong, [])
})

test('the page takes from other rooms shapes alone: nothing else of them is sent to a browser', t => {
  const wrong = sources
    .filter(path => roomOf(path) === 'src/page')
    .flatMap(path => readFileSync(path, 'utf8').match(/^import (?!type )[^']*'\.\.\/[^']*'/gm) ?? [])
  t.deepEqual(wrong, [])
})

test('the page makes no markup out of texts', t => {
  const wrong = sources.filter(
    path =>
      roomOf(path) === 'src/page' &&
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment/.test(
        readFileSync(path, 'utf8'),
      ),
  )
  t.deepEqual(wrong, [])
})

test('no file of src is longer than 300 lines, or has a name that says nothing', t => {
  const wrong = sources.filter(path => {
    const lines = readFileSync(path, 'utf8').split('\n').length - 1
    return (
      lines > 300 ||
      /(^|\/)(utils?|helpers?|lib|common|types|interfaces|misc|manager)(\/|\.ts$)/i.test(relative(root, path))
    )
  })
  t.deepEqual(wrong, [])
})

test('every module opens with a comment that says what it owns', t => {
  const bare = sources.filter(path => !/^(#![^\n]*\n+)?\/\/ /.test(readFileSync(path, 'utf8')))
  t.deepEqual(
    bare.map(path => relative(root, path)),
    [],
  )
})
