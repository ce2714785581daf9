// Files of a folder that becomes a package: read, copied, written, compressed. Folders are made on the way.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

export const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8')

export function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to)
}

export function write(stage: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(stage, path)), { recursive: true })
  writeFileSync(join(stage, path), content)
}

export const gzip = (stage: string, path: string, content: string | Buffer): void =>
  write(stage, `${path}.gz`, gzipSync(content, { level: 9 }))
