// Layer 8: TICKscripts in a folder, or one alone, before they are defined: what would be refused, would tell nobody, or would end
// Kapacitor. What is known of a script is the kapacitor room's; here are the files.
import { readdirSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { readText } from '../../config/read-text.ts'
import { whyUnreadable } from '../../config/unreadable.ts'
import type { Advice, AdviceSetting } from '../../kapacitor/advice.ts'
import { adviseOn, type ScriptAdvice } from '../../kapacitor/script-advice.ts'
import { sharedIds } from '../../kapacitor/shared-ids.ts'
import { type Finding, findingsOf } from './finding.ts'

const { passed, warned, failed, skipped } = findingsOf('tickscripts')

/** @param path of a folder, or of one script, whatever its name ends in. */
export function tickscriptsLayer(path: string | undefined, setting: AdviceSetting): Finding[] {
  if (path === undefined)
    return [skipped('tickscripts', 'no folder and no script was named', '--tickscripts PATH')]
  try {
    if (!statSync(path).isDirectory()) return ofFiles([[basename(path), path]], setting)
    const files = scriptsBelow(path)
    if (files.length === 0) return [skipped('tickscripts', `there is no .tick file below ${path}`)]
    return ofFiles(
      files.map(file => [relative(path, file), file]),
      setting,
    )
  } catch (error) {
    const fix = 'name a .tick file, or the folder with your .tick files'
    return [failed('tickscripts', `${path} ${whyUnreadable(error)}`, fix)]
  }
}

const scriptsBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory() && entry.name.endsWith('.tick'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()

/** @param files each with the name that it is told by. */
function ofFiles(
  files: readonly (readonly [name: string, file: string])[],
  setting: AdviceSetting,
): Finding[] {
  const found: Finding[] = []
  const advised: [string, ScriptAdvice['nodes']][] = []
  let others = 0
  for (const [name, file] of files) {
    const advice = adviceOn(file, setting)
    if (typeof advice === 'string') found.push(failed('tickscript', `${name} ${advice}`))
    else if (advice.uses === 0) others++
    else {
      found.push(...told(name, advice))
      advised.push([name, advice.nodes])
    }
  }
  const names = [...setting.functions.keys()].map(name => `@${name}()`).join(' or ')
  const rest =
    others > 0 ? [skipped('tickscripts', `${others} of ${files.length} scripts use no ${names}`)] : []
  return [...found, ...shared(advised), ...rest]
}

/** Or why it cannot be read. */
function adviceOn(file: string, setting: AdviceSetting): ScriptAdvice | string {
  try {
    return adviseOn(readText(file), setting)
  } catch (error) {
    return whyUnreadable(error)
  }
}

function told(name: string, { findings }: ScriptAdvice): Finding[] {
  const worth = findings.filter(({ severity }) => severity !== 'note')
  return worth.length === 0
    ? [passed('tickscript', `${name} is right`)]
    : worth.map(one => findingOf(name, one))
}

function findingOf(name: string, { code, severity, line, says, fix }: Advice): Finding {
  const tell = severity === 'problem' ? failed : warned
  return tell(code, `${name}:${line}: ${says}`, fix)
}

const listed = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

const shared = (advised: readonly (readonly [string, ScriptAdvice['nodes']])[]): Finding[] =>
  sharedIds(advised).map(({ scripts, endpoint }) =>
    warned(
      'same-ids',
      `${listed(scripts)} give their incidents the same ids at ${endpoint}: each is one incident, until all have recovered`,
      'if that is not meant, put the name of the check into .id()',
    ),
  )
