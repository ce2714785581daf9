// The documents of the Debian package, most of them made from what is there already: copyright, changelog, manual.
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { debianChangelog } from './changelog.ts'
import { NAME } from './control.ts'
import { commandsIn, manualPage } from './manual.ts'
import { copyrightText, type Module } from './modules.ts'
import type { NodePackage } from './node-package.ts'
import { output } from './output.ts'
import { gzip, read, write } from './stage.ts'

const DOC = `usr/share/doc/${NAME}`

export interface Documents {
  readonly stage: string
  readonly root: string
  readonly packed: string
  readonly node: NodePackage
  readonly version: string
  readonly epoch: number
  /** Where in the stage the program is already. */
  readonly home: string
}

export function documents(parts: Documents, modules: readonly Module[]): void {
  const { stage, root, packed, node, version, epoch } = parts
  for (const name of ['README.md', 'docs', 'tickscripts', 'kapacitor.conf.example'])
    cpSync(join(packed, name), join(stage, DOC, name), { recursive: true })
  const text = ({ path }: Module): string | undefined => {
    const name = readdirSync(join(root, path)).find(each => /^licen[cs]e(\.md|\.txt)?$/i.test(each))
    return name && read(join(root, path), name)
  }
  write(stage, `${DOC}/copyright`, copyrightText(read(root, 'LICENSE'), modules, text))
  gzip(stage, `${DOC}/node-licence.txt`, readFileSync(node.licence))
  gzip(stage, `${DOC}/CHANGELOG.md`, read(packed, 'CHANGELOG.md'))
  gzip(stage, `${DOC}/changelog`, debianChangelog(read(packed, 'CHANGELOG.md'), { version, epoch }))
  gzip(stage, `usr/share/man/man1/${NAME}.1`, manual(parts))
}

function manual({ stage, home, version, epoch }: Documents): string {
  const help = (...words: readonly string[]): string =>
    output(process.execPath, [join(stage, home, 'dist/main.js'), ...words, '--help'], stage)
  const of: Record<string, string> = { '': help() }
  for (const command of commandsIn(of['']!)) {
    of[command] = help(command)
    for (const below of commandsIn(of[command]!)) of[`${command} ${below}`] = help(command, below)
  }
  const { description } = JSON.parse(read(join(stage, home), 'package.json'))
  return manualPage({ version, summary: summaryOf(description), of, epoch })
}

/** As Debian wants it: in lower case, since the name stands before it. */
export const summaryOf = (description: string): string => description[0]!.toLowerCase() + description.slice(1)
