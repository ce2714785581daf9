// Real Kapacitor traffic, as recorded: every byte of one connection.
import { readFileSync } from 'node:fs'
import { FrameReader } from '../../src/wire/frame.ts'

export const TASKS = [
  'alert_fields',
  'alert_noposts',
  'alert_tags',
  'all_types',
  'eval_level',
  'thresholds',
  'window_alert',
  'window_thresholds',
] as const
export type Task = (typeof TASKS)[number]

export const BATCH_TASKS: ReadonlySet<string> = new Set(['window_alert', 'window_thresholds'])

/** What Kapacitor sent on a task's first or second connection. */
export const recording = (name: string): Buffer =>
  readFileSync(new URL(`../../src/demo/recordings/${name}.req`, import.meta.url))

export const connections = (task: Task): Buffer[] => [recording(`${task}.1`), recording(`${task}.2`)]

/** Bodies of the frames in some bytes. */
export function bodies(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  new FrameReader(1 << 24).read(bytes, (all, start, end) => found.push(Buffer.from(all.subarray(start, end))))
  return found
}

/** The frames themselves, prefix included. */
export function frames(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  new FrameReader(1 << 24).read(bytes, (all, _start, end, from) =>
    found.push(Buffer.from(all.subarray(from, end))),
  )
  return found
}
