// Kapacitor's end of one node of the workload, over a real socket. It says levels of groups, and tells which of its
// points came back; a batch has come back when its end has.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { FrameReader } from '../../src/wire/frame.ts'
import { option, point } from '../fakes/peer.ts'
import { batchPoint, begin, bytesOf, end, type Message } from '../fakes/requests.ts'
import { plainResponse } from '../fakes/udf-types.ts'
import type { CourseLevel } from './course.ts'

export interface TaskNode {
  readonly task: string
  readonly edge: 'stream' | 'batch'
  readonly endpoint: string
}

export interface TaskLink {
  readonly closed: Promise<unknown>
  readonly isClosed: boolean
  say(group: string, level: CourseLevel, number: number): void
  end(): void
}

const USAGE: Readonly<Record<CourseLevel, number>> = { OK: 5, WARNING: 75, CRITICAL: 95 }

/** Rejects when nobody listens, or the other end leaves before it has answered. */
export async function connectTask(
  path: string,
  node: TaskNode,
  returned: (number: number) => void,
): Promise<TaskLink> {
  const socket = connect({ path, allowHalfOpen: true })
  await once(socket, 'connect')
  const closed = new Promise(resolve => socket.once('close', resolve))
  socket.on('error', () => {})
  socket.once('end', () => socket.end())
  const started = new Promise<void>((resolve, reject) => {
    listen(socket, { started: resolve, returned })
    void closed.then(() => reject(new Error(`${node.task}: closed before it began`)))
  })
  socket.write(bytesOf(initOf(node)))
  await started
  return {
    closed,
    get isClosed() {
      return socket.closed
    },
    say: (group, level, number) => void socket.write(bytesOf(...said(node, group, { level, number }))),
    end: () => void socket.end(),
  }
}

const initOf = ({ task, endpoint }: TaskNode): Message => ({
  init: {
    taskID: task,
    nodeID: 'squadcast2',
    options: [
      option('warn', '"usage" > 70'),
      option('crit', '"usage" > 90'),
      option('message', '{{ index .Fields "number" }}'),
      option('endpoint', endpoint),
    ],
  },
})

function said(
  { edge }: TaskNode,
  group: string,
  { level, number }: { level: CourseLevel; number: number },
): Message[] {
  const fields = { fieldsDouble: { usage: USAGE[level] }, fieldsInt: { number: String(number) } }
  if (edge === 'stream') return [point(group, fields, number)]
  return [begin(group), batchPoint(group, fields, number), end(group)]
}

function listen(
  socket: Socket,
  { started, returned }: { started: () => void; returned: (number: number) => void },
): void {
  const reader = new FrameReader(1 << 24)
  let inBatch: number | undefined
  const take = (answer: ReturnType<typeof plainResponse>): void => {
    if (answer.message === 'init') started()
    else if (answer.message === 'begin') inBatch = -1
    else if (answer.message === 'point') {
      const { fieldsInt } = answer.point as { fieldsInt: Record<string, string> }
      if (inBatch === undefined) returned(Number(fieldsInt.number))
      else inBatch = Number(fieldsInt.number)
    } else if (answer.message === 'end') {
      returned(inBatch!)
      inBatch = undefined
    }
  }
  socket.on('data', chunk =>
    reader.read(chunk as Buffer, (bytes, start, to) => take(plainResponse(bytes.subarray(start, to)))),
  )
}
