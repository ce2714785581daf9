// `tasks`: every task that uses our functions, how it stands, and what to do about it.
import { type Away, askTasks } from '../app/asking-tasks.ts'
import { systemClock } from '../app/system-clock.ts'
import type { TaskReport } from '../app/task-report.ts'
import { nearestTo } from '../config/nearest.ts'
import { type TerminalText, terminal } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import { failed, json, type StoreOptions, withSettings } from './store-command.ts'
import { type CommandSurroundings, wantsColour } from './surroundings.ts'
import { summary, taskLines } from './task-lines.ts'
import { columnsOf, wrapped } from './terminal-lines.ts'

export interface TasksOptions extends StoreOptions {
  readonly all?: boolean
  readonly task?: string
}

export function tasksCommand(options: TasksOptions, around: CommandSurroundings): Promise<ExitCode> {
  return withSettings(options, around, async settings => {
    const { reports, away } = await askTasks(settings, systemClock)
    for (const one of away) tellAway(one, around)
    if (away.length === 2) return ExitCode.failed
    const { task } = options
    const chosen = reports.filter(report =>
      task === undefined ? options.all || report.state !== 'unused' : report.task === task,
    )
    if (task !== undefined && chosen.length === 0) return failed(around, unknownTask(task, reports))
    show(chosen, options, around)
    if (chosen.length === 0) around.stderr.write(nothing(options, away))
    // What the configuration says is not to be asked is no trouble.
    const isWhole = away.every(({ who }) => who === 'kapacitor' && settings.kapacitor.url === undefined)
    return isWhole && chosen.every(({ needsSomebody }) => !needsSomebody) ? ExitCode.fine : ExitCode.failed
  })
}

function show(
  reports: readonly TaskReport[],
  { json: asJson }: TasksOptions,
  around: CommandSurroundings,
): void {
  const { stdout, env } = around
  const screen = { columns: columnsOf(stdout), colour: wantsColour(stdout, env) }
  const now = new Date(systemClock.wallMs()).toISOString()
  for (const report of reports) {
    if (asJson) json(around, report)
    else stdout.write(taskLines(report, now, screen))
  }
  if (reports.length > 0 && !asJson) stdout.write(terminal`\n${wrapped(summary(reports), 0, screen.columns)}`)
}

function nothing({ all }: TasksOptions, away: readonly Away[]): TerminalText {
  if (away.some(({ who }) => who === 'kapacitor')) return terminal`no task is connected\n`
  return all
    ? terminal`Kapacitor has no tasks\n`
    : terminal`no task uses our functions; --all shows the others\n`
}

function tellAway({ text, cure }: Away, { stderr }: CommandSurroundings): void {
  const columns = columnsOf(stderr)
  stderr.write(terminal`${wrapped(`-- ${text}`, 0, columns)}${wrapped(`to do: ${cure}`, 3, columns)}`)
}

function unknownTask(task: string, reports: readonly TaskReport[]): string {
  const names = reports.map(({ task: name }) => name)
  const hint = names.length > 0 ? `; did you mean '${nearestTo(task, names)}'? --all shows them all` : ''
  return `there is no task '${task}'${hint}`
}
