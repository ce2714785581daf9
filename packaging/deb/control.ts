// What dpkg is told of the package, as texts. Pure.

export const NAME = 'kapacitor-squadcast'
/** The domain is nobody's: reports go to the project, wherever it was got from. */
export const MAINTAINER = 'The kapacitor-squadcast authors <authors@kapacitor-squadcast.invalid>'

/** The oldest C libraries that Node's binary runs with, and the packages that have them. A test reads the binary. */
export const OLDEST = { glibc: '2.28', cxxabi: '1.3.11' } as const
// libstdc++6 has CXXABI_1.3.11 since 7. passwd has useradd, for where systemd-sysusers is not.
const DEPENDS = `libc6 (>= ${OLDEST.glibc}), libgcc-s1 (>= 3.4), libstdc++6 (>= 7), init-system-helpers (>= 1.54~), passwd`

export interface Control {
  readonly version: string
  readonly architecture: string
  /** Kibibytes. */
  readonly installedSize: number
  /** One line. */
  readonly summary: string
}

export const controlText = ({ version, architecture, installedSize, summary }: Control): string =>
  `Package: ${NAME}
Version: ${version}
Architecture: ${architecture}
Maintainer: ${MAINTAINER}
Installed-Size: ${installedSize}
Depends: ${DEPENDS}
Enhances: kapacitor
Section: net
Priority: optional
Description: ${summary}
 A sidecar for InfluxData's Kapacitor. Points reach it inline from a TICKscript
 node, @squadcast(), or as the posts of .post() and Chronograf's rules. Each
 change of an incident's level is written to disk, delivered to Squadcast in
 order per incident, and retried until it is accepted.
 .
 It brings its own Node, which nothing else uses, and units for systemd. After
 an upgrade it goes on until it is restarted by hand.
`

/** A version of npm as Debian orders it: 1.0.0-rc.1 comes before 1.0.0. */
export function debianVersion(version: string): string {
  const [, release, early] = /^(\d+\.\d+\.\d+)(?:-([\w.-]+))?$/.exec(version) ?? []
  if (release === undefined) throw new Error(`'${version}' is no version such as 1.2.3 or 1.2.3-rc.1`)
  return early === undefined ? release : `${release}~${early.replaceAll('-', '.')}`
}

/** By the head of an ELF file: 2 bytes at 18 name the machine. */
export function architectureOf(elf: Buffer): 'amd64' | 'arm64' {
  const machine = elf.subarray(0, 4).toString('latin1') === '\x7fELF' ? elf.readUInt16LE(18) : undefined
  if (machine === 62) return 'amd64'
  if (machine === 183) return 'arm64'
  throw new Error('this Node is for neither amd64 nor arm64')
}
