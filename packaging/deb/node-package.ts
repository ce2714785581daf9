// Where the Node that the package carries comes from: the package node-linux-ARCH, which npm ci brings with `node`.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

export interface NodePackage {
  readonly binary: string
  readonly licence: string
}

/** Throws where it is not there. */
export function findNode(root: string, folder: string | undefined): NodePackage {
  const found = folder === undefined ? installed(root) : resolve(folder)
  const node = { binary: join(found, 'bin/node'), licence: join(found, 'LICENSE') }
  for (const file of Object.values(node)) if (!existsSync(file)) throw new Error(`there is no ${file}`)
  return node
}

function installed(root: string): string {
  const name = `node-linux-${process.arch}`
  try {
    return dirname(
      createRequire(join(root, 'node_modules/node/package.json')).resolve(`${name}/package.json`),
    )
  } catch (cause) {
    throw new Error(`there is no ${name} in node_modules: run npm ci, on Linux`, { cause })
  }
}
