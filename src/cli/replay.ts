// `replay FILE...`: plays line protocol or a recording of Kapacitor's to the sidecar as a task; with --dry-run to one in
// this process that tells nobody.
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Settings } from '../config/settings.ts'
import { whyUnreadable } from '../config/unreadable.ts'
import { openSource, type Source } from '../replay/open-source.ts'
import { type Plan, planFor } from '../replay/plan.ts'
import { PlanError } from '../replay/plan-error.ts'
import { isOfTask } from '../replay/selection.ts'
import { sortedSource } from '../replay/sorted-source.ts'
import { SourceError } from '../replay/source-error.ts'
import { ExitCode } from './exit-code.ts'
import type { ReplayOptions } from './replay-choices.ts'
import { Performance } from './replay-performance.ts'
import { knownForRehearsal, rehearsalStage, sidecarStage } from './replay-stage.ts'
import { failed, withSettings, wrongUsage } from './store-command.ts'
import type { CommandSurroundings } from './surroundings.ts'

export async function replayCommand(
  files: readonly string[],
  options: ReplayOptions,
  around: CommandSurroundings,
): Promise<ExitCode> {
  const problem = usageProblem(files, options, around)
  if (problem !== undefined) return wrongUsage(around, problem)
  return options.dryRun ? rehearse(files, options, around) : send(files, options, around)
}

/** What is sent may page somebody, so nobody sends by mistake. */
function usageProblem(
  files: readonly string[],
  { dryRun, task, yes }: ReplayOptions,
  around: CommandSurroundings,
): string | undefined {
  if (files.filter(file => file === '-').length > 1) return 'the standard input can be played once'
  if (dryRun) return undefined
  if (task === undefined)
    return 'say --dry-run to see what would be told, or --task NAME as which it is to be sent; sent, it may page somebody'
  if (yes || (!files.includes('-') && around.stderr.isTTY && around.stdin?.isTTY)) return undefined
  return 'this would be sent, and may page somebody, and there is no terminal to ask on: add --yes if that is meant, or --dry-run'
}

async function rehearse(
  files: readonly string[],
  options: ReplayOptions,
  around: CommandSurroundings,
): Promise<ExitCode> {
  const known = knownForRehearsal(options.config, around)
  if (!known) return ExitCode.badConfiguration
  return withSources(files, options, around, async sources => {
    const plan = planOf(options, sources, known.functions)
    const performance = new Performance(plan, options, around)
    return performance.run(inOrder(sources, plan, options), () =>
      rehearsalStage(plan, known.rules, told => performance.told(told)),
    )
  })
}

function send(
  files: readonly string[],
  options: ReplayOptions,
  around: CommandSurroundings,
): Promise<ExitCode> {
  return withSettings(options, around, (settings: Settings) =>
    withSources(files, options, around, async sources => {
      const plan = planOf(options, sources, settings.kapacitor.functions)
      const performance = new Performance(plan, options, around)
      return performance.run(inOrder(sources, plan, options), () =>
        sidecarStage(plan, settings, told => performance.told(told)),
      )
    }),
  )
}

/**
 * All files of line protocol as one, in the place of the first: points come by their time. A recording has the points in
 * the order in which Kapacitor got them, and keeps it.
 */
function inOrder(
  sources: readonly Source[],
  { selection }: Plan,
  { sort, keepGoing = false }: ReplayOptions,
): readonly Source[] {
  const unsorted = sources.filter(({ isRecording }) => !isRecording)
  if (!sort || unsorted.length === 0) return sources
  const sorted = sortedSource(unsorted, {
    ...{ folder: tmpdir(), keepGoing },
    isWanted: point => isOfTask(selection, point),
  })
  return sources.flatMap(source => (source === unsorted[0] ? [sorted] : source.isRecording ? [source] : []))
}

/** Resolves with the exit code; what goes wrong is told. */
async function withSources(
  files: readonly string[],
  options: ReplayOptions,
  around: CommandSurroundings,
  work: (sources: readonly Source[]) => Promise<ExitCode>,
): Promise<ExitCode> {
  const sources: Source[] = []
  try {
    for (const file of files) sources.push(await openFile(file, options, around))
    return await work(sources)
  } catch (error) {
    if (error instanceof PlanError) return wrongUsage(around, error.message)
    const { message, hint } = error as { message?: string; hint?: string }
    return failed(around, hint === undefined ? `${message}` : `${message}. ${hint}`)
  } finally {
    for (const source of sources) source.close()
  }
}

/** The standard input is not touched unless it is asked for. */
const openFile = (
  file: string,
  { precision, query }: ReplayOptions,
  around: CommandSurroundings,
): Promise<Source> => openSource(file, { precision, query, stdin: file === '-' ? around.stdin : undefined })

function planOf(
  { task, tickscript, node, option = [], measurement, groupBy, groupByMeasurement }: ReplayOptions,
  sources: readonly Source[],
  functions: readonly string[] | undefined,
): Plan {
  const holds = sources[0]!.holds
  const other = sources.find(source => source.holds !== holds)
  if (other)
    throw new PlanError(
      `${sources[0]!.file} holds ${holds}, ${other.file} holds ${other.holds}: play one kind at a time`,
    )
  return planFor(
    {
      task: task ?? 'replay',
      script: tickscript === undefined ? undefined : readScript(tickscript),
      ...{ functions, node },
      ...{ options: option, measurement, groupBy, byMeasurement: groupByMeasurement === true },
    },
    holds,
  )
}

function readScript(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new SourceError(`the script ${path} ${whyUnreadable(cause)}`, { cause })
  }
}
