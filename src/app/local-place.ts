// The clock of this machine, for `.Time.Local`: the zone of the variable TZ, else of /etc/localtime, as for Kapacitor.
import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Place } from '../incident/go-zone.ts'
import { zoneNames } from './zone-names.ts'

const FOLDERS = ['/usr/share/zoneinfo', '/usr/share/lib/zoneinfo', '/usr/lib/locale/TZ', '/etc/zoneinfo']

/** Read at the first use, and then kept: Node too looks at the zone once. */
let names: ((offset: number) => string) | undefined

export const localPlace: Place = seconds => {
  // `+ 0`: a zero of Greenwich is no -0.
  const offset = -new Date(seconds * 1000).getTimezoneOffset() * 60 + 0
  names ??= namesFrom(process.env.TZ)
  return { offset, name: names(offset) || (offset === 0 ? 'UTC' : '') }
}

/** Without a file there are no letters, and layouts show the offset in their place. */
export function namesFrom(tz: string | undefined): (offset: number) => string {
  for (const path of filesOf(tz))
    try {
      return zoneNames(readFileSync(path))
    } catch {
      // The next one, or none.
    }
  return () => ''
}

function filesOf(tz: string | undefined): string[] {
  if (tz === undefined) return ['/etc/localtime']
  const name = tz.replace(/^:/, '')
  if (name === '') return []
  return isAbsolute(name) ? [name] : FOLDERS.map(folder => join(folder, name))
}
