// The newest section of CHANGELOG.md as Debian writes it. Pure.
import { wrapped } from '../../src/cli/terminal-lines.ts'
import { MAINTAINER, NAME } from './control.ts'

export interface Release {
  readonly version: string
  /** Seconds since 1970. */
  readonly epoch: number
}

/** The sections before are in CHANGELOG.md, which is installed beside it. */
export function debianChangelog(markdown: string, { version, epoch }: Release): string {
  const [, newest = ''] = markdown.split(/^## .*$/m)
  const entries = [...newest.matchAll(/^- (.*(?:\n {2}.*)*)/gm)].map(([, text]) => text!.replace(/\s+/g, ' '))
  if (entries.length === 0) throw new Error('CHANGELOG.md has no entries in its newest section')
  const lines = entries.map(text => `  * ${String(wrapped(text, 4)).slice(4)}`).join('')
  return `${NAME} (${version}) stable; urgency=medium\n\n${lines}\n -- ${MAINTAINER}  ${rfc5322(epoch)}\n`
}

const rfc5322 = (epoch: number): string => new Date(epoch * 1000).toUTCString().replace('GMT', '+0000')
