// Layer 1: the configuration, with all its problems. And who of the other layers may go by what is right in it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { formatProblem, type Problem } from '../../config/problems.ts'
import type { Settings } from '../../config/settings.ts'
import { type Configuration, readConfiguration } from '../configuration.ts'
import { type CheckAround, type Finding, findingsOf } from './finding.ts'

const { passed, warned, failed, skipped } = findingsOf('configuration')

/** Where our units tell systemd to take them from; and where it hands them to the service alone, while that runs. */
const CREDENTIALS = ['/etc/kapacitor-squadcast', '/run/credentials/kapacitor-squadcast.service']
const UNIT_SETS_IT = '$CREDENTIALS_DIRECTORY is not set'

export interface CheckedConfiguration {
  readonly read: Configuration
  /** As the configuration was read: with the credentials of the service, where they could be had. */
  readonly env: CheckAround['env']
  readonly settings: Settings | undefined
  /** Keys with a problem, as `endpoint[0].url`. */
  readonly broken: readonly string[]
}

export function readForCheck(flag: string | undefined, env: CheckAround['env']): CheckedConfiguration {
  const own = withCredentials(flag, env)
  const { read } = own
  if ('settings' in read) return { ...own, settings: read.settings, broken: [] }
  const broken = read.problems.map(({ key }) => key).filter(key => key !== '')
  return { ...own, settings: read.partial, broken }
}

/** A person's shell has none of the service's credentials; root can read them where they are. */
function withCredentials(
  flag: string | undefined,
  env: CheckAround['env'],
): { read: Configuration; env: CheckAround['env'] } {
  const first = readConfiguration(flag, env)
  if ('settings' in first || !first.problems.some(isOfService)) return { read: first, env }
  for (const folder of CREDENTIALS.filter(each => existsSync(join(each, '.')))) {
    const there = { ...env, CREDENTIALS_DIRECTORY: folder }
    const read = readConfiguration(flag, there)
    if ('settings' in read) return { read, env: there }
  }
  return { read: first, env }
}

const isOfService = ({ code, message }: Problem): boolean => code === 'unreadable' && message === UNIT_SETS_IT

export function configurationLayer({ read }: CheckedConfiguration): Finding[] {
  const { path } = read
  const told = read.notes.map(problem => finding(warned, problem, path))
  if ('settings' in read) {
    const names = read.settings.endpoints.map(({ name }) => name).join(', ')
    return [passed('configuration', `${path} is right; endpoints: ${names}`), ...told]
  }
  const problems = read.problems.map(problem =>
    isOfService(problem)
      ? skipped(
          'configuration',
          `${path}: ${problem.key}: a credential that systemd gives to the service alone`,
          'run this as root, while the service runs: sudo kapacitor-squadcast check',
        )
      : finding(failed, problem, path),
  )
  return [...problems, ...told]
}

function finding(as: typeof failed, { hint, ...problem }: Problem, path: string): Finding {
  const more = problem.code === 'file-missing' ? [SMALLEST] : []
  const fix = [...(hint === undefined ? [] : [hint]), ...more].join('; ')
  return as('configuration', formatProblem(problem, path), fix === '' ? undefined : fix)
}

const SMALLEST = '`kapacitor-squadcast run` prints the smallest that works'
