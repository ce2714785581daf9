// Plays what Kapacitor once sent on a task's connections to a socket, and counts what comes back.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { FrameReader } from '../wire/frame.ts'
import { openEnvelope, RequestKind } from '../wire/messages.ts'

/** A task that was running when the traffic was recorded. */
export interface RecordedTask {
  readonly name: string
  readonly isBatch: boolean
  /** What the task shows, for a person. */
  readonly about: string
}

export const RECORDED_TASKS: readonly RecordedTask[] = [
  { name: 'alert_fields', isBatch: false, about: '|alert() with fields: INFO, WARNING and CRITICAL' },
  { name: 'alert_tags', isBatch: false, about: '|alert() with tags, without .stateChangesOnly()' },
  { name: 'thresholds', isBatch: false, about: 'thresholds and a reset in @squadcast() itself' },
  { name: 'eval_level', isBatch: false, about: 'a level made by |eval(), one incident for all hosts' },
  { name: 'window_alert', isBatch: true, about: 'windows of 10 s through |alert()' },
  { name: 'window_thresholds', isBatch: true, about: 'windows of 3 points, thresholds with .all()' },
  { name: 'all_types', isBatch: false, about: 'every type of field, passed through' },
  { name: 'alert_noposts', isBatch: false, about: '|alert() without .levelField()' },
]

const CONNECTIONS = [1, 2]
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024

export interface Counted {
  points: number
  batches: number
}

export interface Played {
  readonly sent: Counted
  readonly returned: Counted
}

/** Both connections of the task, one after the other; each ends as Kapacitor ends it. */
export async function playTask(task: RecordedTask, socket: string): Promise<Played> {
  const played: Played = { sent: { points: 0, batches: 0 }, returned: { points: 0, batches: 0 } }
  for (const connection of CONNECTIONS) {
    const file = new URL(`./recordings/${task.name}.${connection}.req`, import.meta.url)
    const bytes = readFileSync(file)
    counter(played.sent)(bytes)
    await converse(socket, bytes, counter(played.returned))
  }
  return played
}

function counter(counted: Counted): (chunk: Buffer) => void {
  const reader = new FrameReader(MAX_MESSAGE_BYTES)
  return chunk =>
    reader.read(chunk, (bytes, start, end) => {
      const kind = messageNumber(bytes, start, end)
      if (kind === RequestKind.point) counted.points++
      else if (kind === RequestKind.begin) counted.batches++
    })
}

/** Answers have a number more than requests: errors, which hold no data. */
function messageNumber(bytes: Buffer, start: number, end: number): number | undefined {
  try {
    return openEnvelope(bytes, start, end).kind
  } catch {
    return undefined
  }
}

function converse(path: string, bytes: Buffer, received: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true })
    socket.on('data', chunk => received(chunk as Buffer))
    socket.once('error', reject)
    socket.once('close', () => resolve())
    socket.end(bytes)
  })
}
