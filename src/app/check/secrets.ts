// Layer 4: files with secrets. Only the sidecar's user should read them, and that user has to. Their content is never
// looked at here.
import { statSync } from 'node:fs'
import { readDocument } from '../../config/document.ts'
import { Inquiry } from '../../config/inquiry.ts'
import type { KeyPath } from '../../config/locate.ts'
import { keyText } from '../../config/problems.ts'
import { withoutSecrets } from '../../config/withhold.ts'
import type { CheckedConfiguration } from './configuration.ts'
import { type CheckAround, type Finding, findingsOf } from './finding.ts'
import { identityOf, tryAs } from './machine.ts'
import { type Identity, obstacle, octal, READ, type Step, stepsTo } from './permissions.ts'

const { passed, warned, failed, skipped } = findingsOf('secrets')

const FILE_KEYS = ['url-file', 'token-file', 'password-file']

interface SecretFile {
  readonly key: string
  readonly path: string
  /** systemd reads it as root, and hands on a copy. */
  readonly isCredential: boolean
}

export async function secretsLayer(checked: CheckedConfiguration, around: CheckAround): Promise<Finding[]> {
  const files = secretFiles(checked)
  if (files.length === 0)
    return [skipped('secrets', 'the configuration names no file with a secret, and holds none itself')]
  const service = await identityOf(around.serviceUser, around.env)
  const found = await Promise.all(files.map(file => oneFile(file, service, around)))
  return service ? found.flat() : [...found.flat(), nobodyToReadAs(around)]
}

function secretFiles({ read, env }: CheckedConfiguration): SecretFile[] {
  const document = read.text === undefined ? undefined : readDocument(read.text)
  if (!document || !('document' in document)) return []
  const outside = { env, readFile: () => '', groupExists: () => true }
  const inquiry = new Inquiry(document.document, read, outside)
  const { root } = document.document
  const files = Object.entries(root).flatMap(([section, table]) =>
    named(table, [section]).map(([path, file]) => ({
      key: keyText(path),
      path: inquiry.fullPath(file),
      isCredential: file.startsWith('$CREDENTIALS_DIRECTORY/'),
    })),
  )
  return holdsSecrets(read.text!) ? [{ key: '', path: read.path, isCredential: false }, ...files] : files
}

function named(table: unknown, path: KeyPath): [KeyPath, string][] {
  if (Array.isArray(table)) return table.flatMap((each, index) => named(each, [...path, index]))
  if (typeof table !== 'object' || table === null) return []
  return Object.entries(table).flatMap(([key, file]): [KeyPath, string][] =>
    FILE_KEYS.includes(key) && typeof file === 'string' ? [[[...path, key], file]] : [],
  )
}

/** A URL or a header that stands in the file itself makes a secret of the whole. */
const holdsSecrets = (text: string): boolean => {
  const comments = /^\s*#.*$/gm
  return /withheld/.test(withoutSecrets(text.replaceAll(comments, '')))
}

const nobodyToReadAs = ({ serviceUser }: CheckAround): Finding =>
  skipped(
    'secret-readable',
    `there is no user ${serviceUser} here, so nobody to read them as`,
    '--service-user names another',
  )

async function oneFile(
  file: SecretFile,
  service: Identity | undefined,
  around: CheckAround,
): Promise<Finding[]> {
  const { key, path } = file
  const what = key === '' ? path : `${path} (${key})`
  let steps: Step[]
  try {
    steps = stepsTo(path)
    statSync(path)
  } catch (error) {
    const isHidden = (error as NodeJS.ErrnoException).code === 'EACCES'
    return isHidden
      ? [skipped('secret-file', `this user may not look at ${what}`, 'run this as root')]
      : [skipped('secret-file', `${what} is not there: see configuration`)]
  }
  return [
    modeFinding(file, what, steps, service),
    ...(await readableFinding(file, what, steps, service, around)),
  ]
}

function modeFinding(
  { key }: SecretFile,
  what: string,
  steps: readonly Step[],
  service: Identity | undefined,
): Finding {
  const { path, mode, uid, gid } = steps.at(-1)!
  const others = mode & 0o007
  // A group that is the service's own is nobody else's.
  const isOwnGroup = service !== undefined && gid === service.gids[0] && uid !== service.uid
  const group = mode & (isOwnGroup ? 0o030 : 0o070)
  if (others === 0 && group === 0)
    return passed('secret-mode', `${what} is for nobody else (mode ${octal(mode)})`)
  const who = others === 0 ? 'its group' : 'anybody'
  const verb = (others | (group >> 3)) & 4 ? 'be read' : 'be changed'
  const owner = service && uid !== service.uid ? `chown ${service.name} ${path} && ` : ''
  return warned(
    'secret-mode',
    `${what} can ${verb} by ${who} (mode ${octal(mode)})`,
    `${owner}chmod ${key === '' ? '0600' : '0400'} ${path}`,
  )
}

async function readableFinding(
  { path, isCredential }: SecretFile,
  what: string,
  steps: readonly Step[],
  service: Identity | undefined,
  { isRoot, env }: CheckAround,
): Promise<Finding[]> {
  const check = 'secret-readable'
  if (isCredential || !service) return []
  const tried = isRoot ? await tryAs(service, 'read', path, env) : undefined
  const inTheWay = obstacle(steps, service, READ)
  const isReadable = tried === undefined ? !inTheWay : tried === 'done'
  const how = tried === undefined ? 'worked out from owners and modes' : 'tried as that user'
  if (isReadable) return [passed(check, `${service.name} may read ${what} (${how})`)]
  const where = inTheWay && inTheWay.path !== steps.at(-1)!.path ? `: ${inTheWay.path} keeps it out` : ''
  const fix = where
    ? `let ${service.name} into ${inTheWay!.path}, or move the file`
    : `chown ${service.name} ${path} && chmod 0400 ${path}`
  return [failed(check, `${service.name} may not read ${what} (${how})${where}`, fix)]
}
