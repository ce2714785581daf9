// Who listens on a socket, by what it answers to Kapacitor's own question.
import { OPTION_TYPES } from '../../udf/option-table.ts'
import type { EdgeType } from '../../wire/messages.ts'
import { askSidecar, type SidecarAnswer } from './ask-sidecar.ts'
import { type CheckAround, type Finding, findingsOf, PATIENCE_MS } from './finding.ts'
import type { SystemdSocket } from './machine.ts'

const { passed, warned, failed, skipped } = findingsOf('sockets')

export type Kind = 'stream' | 'batch'

/** Is it a sidecar, for these edges, of this version? */
export async function answerOf(
  kind: Kind,
  path: string,
  unit: SystemdSocket | undefined,
  around: CheckAround,
): Promise<Finding> {
  const check = `${kind}-socket-answer`
  if (unit?.startsService)
    return skipped(
      check,
      `systemd listens on ${path} (${unit.unit}), and would start the sidecar: nothing was asked`,
      'systemctl start kapacitor-squadcast',
    )
  const answer = await askSidecar(path, around.clock, PATIENCE_MS)
  return judged(check, kind, path, answer)
}

function judged(check: string, kind: Kind, path: string, answer: SidecarAnswer): Finding {
  switch (answer.kind) {
    case 'nobody':
      return failed(
        check,
        `nobody listens on ${path}: the file is left from a process that ended. Kapacitor does not start like this`,
        'start the sidecar: it puts a new socket in its place',
      )
    case 'forbidden':
      return skipped(
        check,
        `this user may not connect to ${path}`,
        'run this as root, or as a member of its group',
      )
    case 'silent':
      return failed(
        check,
        `somebody listens on ${path}, and does not answer within ${PATIENCE_MS / 1000} s`,
        'restart the sidecar; its log says what it was busy with',
      )
    case 'stranger':
      return failed(
        check,
        `what listens on ${path} is no sidecar: it does not speak as Kapacitor's functions do`,
        `stop it, or choose another path: [udf] ${kind}-socket`,
      )
    case 'answered':
      return told(check, kind, path, answer.info)
  }
}

type Info = Extract<SidecarAnswer, { kind: 'answered' }>['info']

function told(check: string, kind: Kind, path: string, { wants, provides, options }: Info): Finding {
  const edge: EdgeType = kind === 'stream' ? 'STREAM' : 'BATCH'
  if (wants !== edge || provides !== edge)
    return failed(
      check,
      `${path} answers for ${wants.toLowerCase()} in, ${provides.toLowerCase()} out: that is not the ${kind} socket`,
      'stream-socket and batch-socket are mixed up: compare [udf] and the .socket units',
    )
  const differing = differences(options)
  if (differing.length > 0)
    return warned(
      check,
      `a sidecar answers on ${path}, of another version: options that differ: ${differing.join(', ')}`,
      'restart the sidecar, then Kapacitor, which keeps what it heard at its own start',
    )
  return passed(check, `a sidecar answers on ${path}, for ${kind === 'stream' ? 'streams' : 'batches'}`)
}

function differences(options: Info['options']): string[] {
  const ours: Readonly<Record<string, readonly string[]>> = OPTION_TYPES
  const names = new Set([...Object.keys(ours), ...Object.keys(options)])
  return [...names].filter(name => ours[name]?.join() !== options[name]?.join())
}
