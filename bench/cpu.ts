// CPU time of a process, from Linux's scheduler: nanoseconds of all its threads, user and system. The ticks of
// /proc/PID/stat are 10 ms each, too coarse for a run that takes a fifth of a second.
import { readdirSync, readFileSync } from 'node:fs'

/** Seconds so far. A thread that has ended counts no more: not for processes that start and end many. */
export function cpuSecondsOf(pid: number): number {
  const tasks = `/proc/${pid}/task`
  return readdirSync(tasks).reduce((sum, task) => sum + nanoseconds(`${tasks}/${task}/schedstat`), 0) / 1e9
}

const nanoseconds = (path: string): number => Number(readFileSync(path, 'utf8').split(' ')[0])
