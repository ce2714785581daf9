// `demo`: what the sidecar does, on real traffic, with nothing to set up.
import { demoTasks, runDemo } from '../demo/demo.ts'
import { terminal } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import { type CommandSurroundings, wantsColour } from './surroundings.ts'

export async function demoCommand(
  options: { json?: boolean; task?: string },
  around: CommandSurroundings,
): Promise<ExitCode> {
  const { stdout, stderr, env } = around
  if (options.task !== undefined && !demoTasks().includes(options.task)) {
    stderr.write(
      terminal`error: no task '${options.task}' in the demo; there are ${demoTasks().join(', ')}\n`,
    )
    return ExitCode.wrongUsage
  }
  const stopped = new AbortController()
  around.onSignal(['SIGTERM', 'SIGINT'], () => {
    if (stopped.signal.aborted) around.exit(ExitCode.failed)
    stderr.write(terminal`stopping after this task; once more to leave at once\n`)
    stopped.abort()
  })
  const fine = await runDemo(
    {
      task: options.task,
      json: options.json === true,
      colour: wantsColour(stdout, env),
      env,
      write: text => void stdout.write(text),
      note: text => void stderr.write(text),
    },
    stopped.signal,
  )
  return fine ? ExitCode.fine : ExitCode.failed
}
