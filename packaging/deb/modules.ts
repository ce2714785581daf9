// Which modules the program needs when it runs, by package-lock.json, and what it owes their authors. Pure.

export interface Module {
  /** `node_modules/NAME`, below another where there are several versions. */
  readonly path: string
  readonly version: string
  readonly licence: string
}

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly optional?: boolean
}

/** In the order of their paths. */
export function productionModules(lock: { readonly packages: Readonly<Record<string, Locked>> }): Module[] {
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional)
    .map(([path, { version, license }]) => {
      if (version === undefined || license === undefined)
        throw new Error(`package-lock.json names no version or no licence of ${path}`)
      return { path, version, licence: license }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** `text` gives the licence of a module, as it ships it. */
export function copyrightText(
  own: string,
  modules: readonly Module[],
  text: (module: Module) => string | undefined,
): string {
  return [
    `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: kapacitor-squadcast
`,
    `Files: *
Copyright: ${holders(own)}
License: MIT
${indented(own)}
`,
    `Files: usr/lib/kapacitor-squadcast/bin/node
Copyright: Node.js contributors, and the authors of the libraries in it
License: Node.js
 The licences of Node and of each library in it are in
 /usr/share/doc/kapacitor-squadcast/node-licence.txt.gz
`,
    ...modules.map(module => stanza(module, text(module))),
  ].join('\n')
}

const stanza = ({ path, version, licence }: Module, text = ''): string =>
  `Files: usr/lib/kapacitor-squadcast/${path}/*
Copyright: ${holders(text)}
License: ${licence.replaceAll(' ', '-')}
Comment: version ${version}; the text of the licence is in that folder.
`

/** The lines that name somebody; those that only speak of copyright do not begin so. */
const HOLDER = /^[\s*#]*copyright\s+(?:(?:\(c\)|©)\s*)?(?=\S*\d{4}|(?<=[)©]\s*))(.*)$/gim

const holders = (licence: string): string => {
  const names = [...licence.matchAll(HOLDER)].map(([, name]) => name!.trim())
  return names.length > 0 ? names.join('\n  ') : 'the authors that its package.json names'
}

const indented = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map(line => ` ${line.trim() === '' ? '.' : line}`)
    .join('\n')
