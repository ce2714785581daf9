// Layer 2: could Kapacitor connect, and would it be answered? For each of the two sockets: the path, the folder, who may
// connect, who listens, and what it says.
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { UdfSettings } from '../../config/settings.ts'
import { type CheckAround, type Finding, findingsOf } from './finding.ts'
import { identityOf, type SystemdSocket, systemdSocket, tryAs } from './machine.ts'
import { type Identity, obstacle, octal, type Step, stepsTo, WRITE } from './permissions.ts'
import { answerOf, type Kind } from './socket-answer.ts'

const { passed, failed, skipped } = findingsOf('sockets')

/** What Linux takes as the path of a unix socket. */
const MAX_PATH_BYTES = 107

interface Setting {
  readonly around: CheckAround
  readonly kapacitor: Identity | undefined
  /** Whether a sidecar has the store; undefined: unknown. */
  readonly sidecarRuns: boolean | undefined
  readonly udf: UdfSettings
}

export async function socketsLayer(
  udf: UdfSettings,
  sidecarRuns: boolean | undefined,
  around: CheckAround,
): Promise<Finding[]> {
  const kapacitor = await identityOf(around.kapacitorUser, around.env)
  const setting = { around, kapacitor, sidecarRuns, udf }
  const both = await Promise.all([
    oneSocket('stream', udf.streamSocket, setting),
    oneSocket('batch', udf.batchSocket, setting),
  ])
  // Both stand in one folder, as a rule: what is wrong with that is told once.
  return [...new Map(both.flat().map(finding => [`${finding.check} ${finding.says}`, finding])).values()]
}

async function oneSocket(kind: Kind, path: string, setting: Setting): Promise<Finding[]> {
  const missing = place(kind, path, setting)
  if (missing) return [missing]
  const unit = await systemdSocket(path, setting.around.env)
  const [access, answer] = await Promise.all([
    accessBy(kind, path, unit, setting),
    answerOf(kind, path, unit, setting.around),
  ])
  return [access, answer]
}

/** What keeps there from being a socket at all. */
function place(kind: Kind, path: string, { sidecarRuns, around }: Setting): Finding | undefined {
  const check = `${kind}-socket`
  const bytes = Buffer.byteLength(path)
  if (bytes > MAX_PATH_BYTES)
    return failed(
      check,
      `the path of the ${kind} socket has ${bytes} bytes, and a socket's path ${MAX_PATH_BYTES} at most`,
      `choose a shorter one: [udf] ${kind}-socket`,
    )
  const folder = dirname(path)
  const what = kindOf(folder)
  if (what === 'absent')
    return failed(
      'socket-folder',
      `there is no folder ${folder}`,
      `install -d -m 0750 -o ${around.serviceUser} -g ${around.kapacitorUser} ${folder}`,
    )
  if (what === 'other')
    return failed('socket-folder', `${folder} is no folder`, `choose another: [udf] ${kind}-socket`)
  const there = kindOf(path)
  if (there === 'hidden')
    return skipped(
      check,
      `this user may not look into ${folder}`,
      'run this as root: sudo kapacitor-squadcast check',
    )
  if (there === 'absent')
    return sidecarRuns
      ? failed(check, `the sidecar runs, and ${path} is not there`, 'restart it: somebody removed the file')
      : skipped(check, `there is no ${path}: no sidecar runs, and nothing listens`, 'start the sidecar first')
  if (there !== 'socket')
    return failed(
      check,
      `${path} is there, and is no socket`,
      `remove it, or choose another: [udf] ${kind}-socket`,
    )
  return undefined
}

function kindOf(path: string): 'absent' | 'hidden' | 'folder' | 'socket' | 'other' {
  try {
    const stats = statSync(path)
    return stats.isDirectory() ? 'folder' : stats.isSocket() ? 'socket' : 'other'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES' ? 'hidden' : 'absent'
  }
}

async function accessBy(
  kind: Kind,
  path: string,
  unit: SystemdSocket | undefined,
  { around, kapacitor, udf }: Setting,
): Promise<Finding> {
  const check = `${kind}-socket-access`
  const { kapacitorUser: name, env } = around
  if (!kapacitor)
    return skipped(
      check,
      `there is no user ${name} here, so nobody to try it as`,
      '--kapacitor-user names another',
    )
  // A connection would start the service.
  const tried =
    around.isRoot && !unit?.startsService ? await tryAs(kapacitor, 'connect', path, env) : undefined
  const inTheWay = obstacle(stepsTo(path), kapacitor, WRITE)
  const isAllowed = tried === undefined ? !inTheWay : tried !== 'EACCES' && tried !== 'EPERM'
  const how = tried === undefined ? 'worked out from owners and modes' : 'tried as that user'
  if (isAllowed) return passed(check, `${name} may connect to ${path} (${how})`)
  const where = inTheWay ? `: ${described(inTheWay)} keeps it out` : ''
  const says = `${name} may not connect to ${path} (${how})${where}`
  return failed(check, says, opening(inTheWay, unit, { name, mode: octal(udf.socketMode) }))
}

const described = ({ path, mode, uid, gid }: Step): string =>
  `${path} (mode ${octal(mode)}, owner ${uid}, group ${gid})`

function opening(
  step: Step | undefined,
  unit: SystemdSocket | undefined,
  { name, mode }: { readonly name: string; readonly mode: string },
): string {
  if (step && kindOf(step.path) === 'folder') return `chgrp ${name} ${step.path} && chmod g+x ${step.path}`
  if (unit) return `SocketGroup=${name} and SocketMode=0660 in ${unit.unit}, then restart it`
  return `[udf] socket-group = "${name}", socket-mode = "0660" (now ${mode}), then restart the sidecar`
}
