// docs/options.md against the code: each of its examples is started as Kapacitor would start it, and none of its
// sentences may name an option that there is not.
import { readdirSync, readFileSync } from 'node:fs'
import test from 'ava'
import { compileCondition } from '../../src/incident/condition/condition.ts'
import { LanguageError } from '../../src/incident/language-error.ts'
import { METHODS } from '../../src/incident/template/kinds.ts'
import { FUNCTIONS, TEMPLATE_NAMES } from '../../src/incident/template/tree.ts'
import { OPTION_TYPES } from '../../src/udf/option-table.ts'
import { Conversation } from '../fakes/conversation.ts'
import { init } from '../fakes/requests.ts'
import { nodesOf, type ScriptNode } from './tickscript-options.ts'

const OPTIONS = Object.keys(OPTION_TYPES).sort()
const EDGES = { squadcast: 'STREAM', squadcastBatch: 'BATCH' } as const

/** Properties of Kapacitor's own nodes that the page speaks of. */
const KAPACITORS_OWN = ['as', 'flapping', 'keep', 'topic']

const page = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8')
const scripts = new URL('../../tickscripts/', import.meta.url)

interface Example {
  readonly script: string
  /** The sentence beside it, if it is refused. */
  readonly refusal: string | undefined
}

interface Block {
  readonly info: string
  readonly text: string
}

/** Fenced blocks, without the indent of their list. */
function blocksIn(markdown: string): Block[] {
  const fences = markdown.matchAll(/^( *)```(\w[^\n]*)\n([\s\S]*?)^\1```$/gm)
  return [...fences].map(([, indent = '', info = '', text = '']) => ({
    info,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trimEnd(),
  }))
}

function examplesIn(markdown: string): Example[] {
  const blocks = blocksIn(markdown)
  return blocks.flatMap(({ info, text: script }, index): Example[] => {
    if (info === 'js') return [{ script, refusal: undefined }]
    return info === 'js refused' ? [{ script, refusal: blocks[index + 1]!.text }] : []
  })
}

/** What the node's Init is answered with: nothing where it is accepted. */
function refusalOf({ name, options }: ScriptNode): string | undefined {
  const kapacitor = new Conversation({ edge: EDGES[name as keyof typeof EDGES] })
  kapacitor.say(init(...options))
  const answer = kapacitor.answers.at(-1)!.init as { success: boolean; error: string }
  return answer.success ? undefined : answer.error
}

const namedIn = (text: string): string[] => [...text.matchAll(/`\.(\w+)\(/g)].map(([, name]) => name!)

const sections = page
  .split(/^##+ /m)
  .slice(1)
  .map(section => {
    const [heading = ''] = section.split('\n')
    return { heading, named: namedIn(heading), examples: examplesIn(section) }
  })
const ofOptions = sections.filter(({ named }) => named.length > 0)

for (const { heading, examples } of sections)
  for (const [index, { script, refusal }] of examples.entries()) {
    const how = refusal === undefined ? 'accepted' : 'refused as the page says'
    test(`${heading}: example ${index + 1} is ${how}`, t => {
      const nodes = nodesOf(script)
      t.true(nodes.length > 0)
      for (const node of nodes) {
        t.true(Object.hasOwn(EDGES, node.name), node.name)
        t.is(refusalOf(node), refusal)
      }
    })
  }

for (const file of readdirSync(scripts)) {
  test(`${file} is accepted`, t => {
    const script = readFileSync(new URL(file, scripts), 'utf8')
    const nodes = nodesOf(script)
    t.is(nodes.length, script.match(/^ *@squadcast(Batch)?\(\)/gm)?.length ?? 0)
    for (const node of nodes) t.is(refusalOf(node), undefined)
  })
}

test('what `kapacitor show` prints is about a script of the page', t => {
  const printed = blocksIn(page).filter(({ text }) => text.includes('\nError: '))
  t.true(printed.length > 0)
  const refusals = sections.flatMap(({ examples }) => examples.flatMap(({ refusal }) => refusal ?? []))
  for (const { text } of printed) t.true(refusals.some(refusal => text.includes(refusal)))
})

test('every option has a section, and no section is about anything else', t => {
  t.deepEqual(ofOptions.flatMap(({ named }) => named).sort(), OPTIONS)
})

test('the section of an option has an example with it that is accepted', t => {
  for (const { named, examples } of ofOptions) {
    const accepted = examples.filter(({ refusal }) => refusal === undefined)
    const used = accepted.flatMap(({ script }) => nodesOf(script).flatMap(({ options }) => options))
    t.deepEqual(
      named.filter(option => !used.some(({ name }) => name === option)),
      [],
    )
  }
})

test('every option that the page names exists', t => {
  const known = new Set([...OPTIONS, ...KAPACITORS_OWN])
  const prose = page.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
  const named = namedIn(prose)
  t.true(named.length > OPTIONS.length)
  t.deepEqual(
    named.filter(name => !known.has(name)),
    [],
  )
})

test('the table at the top leads to every section', t => {
  const anchor = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-')
  const anchors = sections.map(({ heading }) => anchor(heading))
  const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, to]) => to!)
  t.deepEqual(
    links.filter(link => !anchors.includes(link)),
    [],
  )
  t.deepEqual(
    ofOptions.filter(({ heading }) => !links.includes(anchor(heading))),
    [],
  )
})

test('what the page writes in place of a lambda is a condition, and the lambda is refused', t => {
  const [, table = ''] = /\| in a lambda \| here \|\n.*\n((?: *\|.*\n)+)/.exec(page) ?? []
  const rows = table.trim().split('\n')
  t.true(rows.length > 5)
  for (const row of rows) {
    const [, before = '', after = ''] = row.replaceAll('\\|', '¦').split('|')
    const lambda = /`([^`]+)`/.exec(before)![1]!
    t.throws(() => compileCondition(lambda), { instanceOf: LanguageError }, lambda)
    const texts = [...after.matchAll(/`'((?:[^'\\]|\\')*)'(?: \+ (?:string\()?\w+\)?)?(?: \+ '(.*)')?`/g)]
    t.is(texts.length, 1, row)
    const [, start, end] = texts[0]!
    // The variable of the row, as its number or its text would stand there.
    const variable = after.includes(' + ') ? '90' : ''
    t.notThrows(() => compileCondition(`${start}${variable}${end ?? ''}`.replaceAll("\\'", "'")), row)
  }
})

test('the page names every function and every method of templates, and no other', t => {
  const table = page.slice(page.indexOf('## Templates'), page.indexOf('- `.Time` itself prints'))
  const known = [...Object.keys(METHODS.time), ...Object.keys(METHODS.duration)].map(name => `.${name}`)
  const values = TEMPLATE_NAMES.map(name => `.${name}`)
  const named = [...table.matchAll(/\.[A-Z]\w+/g)].map(([name]) => name)
  t.deepEqual(
    known.filter(name => !named.includes(name)),
    [],
  )
  t.deepEqual(
    named.filter(name => !known.includes(name) && !values.includes(name as (typeof values)[number])),
    [],
  )
  t.deepEqual(
    Object.keys(FUNCTIONS).filter(name => !new RegExp(`\\b${name}\\b`).test(table)),
    [],
  )
})
