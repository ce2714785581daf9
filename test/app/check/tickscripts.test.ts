// A folder of TICKscripts: which use us, and what is said of each.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { tickscriptsLayer } from '../../../src/app/check/tickscripts.ts'
import { adviceSetting } from '../../../src/app/scripts.ts'
import { short } from './around.ts'

const setting = adviceSetting({ functions: ['squadcast', 'squadcastBatch'], endpoints: ['default'] })
const RIGHT = `stream|from()@squadcast().id('x').crit('"a" > 1')`

function folderWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tick-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'deeper'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

test('every script below the folder is looked at, and named by its path in it, with the line', t => {
  const folder = folderWith(t, {
    'a.tick': RIGHT,
    'deeper/b.tick': `stream|from()\n|alert()\n@squadcast()`,
    'c.tick': `stream|from()|log()`,
    'no-script.txt': '@squadcast()',
  })
  const findings = tickscriptsLayer(folder, setting)
  t.deepEqual(short(findings), [
    'passed tickscript',
    'failed no-level',
    'warned no-topic',
    'skipped tickscripts',
  ])
  t.is(findings[0]!.says, 'a.tick is right')
  t.regex(findings[1]!.says, /^deeper\/b\.tick:2: \|alert\(\)/)
  t.is(findings[1]!.fix, "add .levelField('level') to it")
  t.regex(findings[3]!.says, /^1 of 3 scripts use no/)
})

test('scripts with the same ids are named together', t => {
  const findings = tickscriptsLayer(folderWith(t, { 'a.tick': RIGHT, 'b.tick': RIGHT }), setting)
  t.deepEqual(short(findings), ['passed tickscript', 'passed tickscript', 'warned same-ids'])
  t.regex(findings[2]!.says, /^a\.tick and b\.tick/)
})

test('a sentence with a line of the script below it keeps that line', t => {
  const [finding] = tickscriptsLayer(
    folderWith(t, { 'a.tick': `stream|from()@squadcast().crit('"a" >')` }),
    setting,
  )
  t.is(finding?.check, 'option-refused')
  t.regex(finding?.says ?? '', /a\.tick:1: \.crit\(\): .*\n {2}"a" >\n +\^$/s)
})

test('a folder without scripts, and none at all, are skipped; one that is not there fails', t => {
  t.deepEqual(short(tickscriptsLayer(folderWith(t, {}), setting)), ['skipped tickscripts'])
  t.deepEqual(short(tickscriptsLayer(undefined, setting)), ['skipped tickscripts'])
  t.deepEqual(short(tickscriptsLayer('/nonexistent', setting)), ['failed tickscripts'])
})

test('one script alone is looked at, whatever its name ends in', t => {
  const folder = folderWith(t, { 'a.tick': RIGHT, 'b.tick': RIGHT, 'c.txt': `stream|from()@squadcast()` })
  const one = (name: string) => tickscriptsLayer(join(folder, name), setting)
  t.deepEqual(
    one('a.tick').map(({ says }) => says),
    ['a.tick is right'],
  )
  t.regex(one('c.txt')[0]!.says, /^c\.txt:1: @squadcast\(\) has no threshold/)
  t.deepEqual(short(one('d.tick')), ['failed tickscripts'])
  t.regex(one('d.tick')[0]!.says, /d\.tick does not exist$/)
})

test('what ends Kapacitor fails, what keeps incidents open is warned of', t => {
  const findings = tickscriptsLayer(
    folderWith(t, {
      'a.tick': `stream|from()|sideload().source('file:///s').order('x').field('limit', 80)@squadcast().id('a').crit('"a" > "limit"')`,
      'b.tick': `stream|from().where(lambda: "a" > 1)@squadcast().id('b').crit('"a" > 1')`,
      'c.tick': `stream|from()|alert().id('{{ index .Tags "h" }}').levelField('level').idField('id').topic('a/b')@squadcast()`,
    }),
    setting,
  )
  t.deepEqual(short(findings), [
    'failed sideload-int',
    'warned filter-in-front',
    'warned topic-unreadable',
    'warned id-not-grouped',
  ])
})

test('a script that cannot be read fails, and the others are looked at', t => {
  const folder = folderWith(t, { 'a.tick': RIGHT })
  writeFileSync(join(folder, 'b.tick'), Buffer.from([0xff, 0xfe, 0x00]))
  chmodSync(join(folder, 'b.tick'), 0o644)
  const findings = tickscriptsLayer(folder, setting)
  t.deepEqual(short(findings), ['passed tickscript', 'failed tickscript'])
  t.is(findings[1]!.says, 'b.tick is not UTF-8')
})
