// The name, options and help of `replay`.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { PRECISIONS } from '../replay/line-protocol.ts'
import type { ExitCode } from './exit-code.ts'
import type { ReplayOptions } from './replay-choices.ts'
import { CONFIG_OPTION } from './store-commands.ts'
import type { CommandSurroundings } from './surroundings.ts'
import { readNumber } from './values.ts'

const TOP = 10
const FLAPPING = 3

export function addReplay(
  root: Command,
  around: CommandSurroundings,
  finish: (code: ExitCode) => void,
): void {
  root
    .command('replay')
    .argument('<file...>', 'line protocol, plain or gzip; .srpl or .brpl of Kapacitor; - for a pipe')
    .description('Play recorded points to the sidecar as a task, to try thresholds on them.')
    .option('--dry-run', 'show what would be told, and send nothing; needs no sidecar')
    .option('--task <name>', 'send it as this task')
    .option('--yes', 'send it without asking')
    .option('--tickscript <file>', 'take options, measurement and groups from its @squadcast()')
    .option('--node <number>', 'of a script with several, from 1', readNumber)
    .option('--option <name=value>', 'an option of the node, as \'crit="usage" > 90\'; may repeat', gathered)
    .option('--measurement <name>', 'play its points only')
    .option('--group-by <tags>', "tags, with commas between; '*' for all; may repeat", gatheredTags)
    .option('--group-by-measurement', 'by the measurement too')
    .addOption(
      new Option('--precision <unit>', 'what timestamps count')
        .choices(Object.keys(PRECISIONS))
        .default('ns'),
    )
    .option('--query <number>', 'of a batch task with several, from 0', readCount)
    .option('--speed <times>', 'so many times as fast as the data; else as fast as it goes', readSpeed)
    .option('--no-sort', 'play points as they come: for a pipe that has no end')
    .option('--keep-going', 'pass over lines that cannot be read')
    .option('--summary', 'show no single events')
    .option('--top <number>', 'show as many of the busiest and of what is open', readNumber, TOP)
    .option('--flapping <number>', 'an id flaps if it opened more often', readNumber, FLAPPING)
    .option(...CONFIG_OPTION)
    .option('--json', 'one JSON object a line, for machines')
    .addHelpText('after', REPLAY_HELP)
    .action(async (files: string[], options: ReplayOptions) =>
      finish(await (await import('./replay.ts')).replayCommand(files, options, around)),
    )
}

const gathered = (text: string, before: readonly string[] = []): string[] => [...before, text]

const gatheredTags = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text.split(',').map(tag => tag.trim()),
]

function readCount(text: string): number {
  const number = Number(text)
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number from 0.')
  return number
}

/** Not so slow that a timer could not wait for it. */
function readSpeed(text: string): number {
  const speed = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || speed < 0.001 || speed > 1e9)
    throw new InvalidArgumentError('It has to be a number such as 10, or 1 for the pace of the data.')
  return speed
}

const REPLAY_HELP = `
The points go through real sockets, as Kapacitor sends them. With --dry-run a
sidecar in this process judges them from an empty state and tells nobody; its
clock is the points' own, so recoveryDelay and the like hold. Without it they go
to the sidecar that runs, and what that makes of them is delivered: you are
asked first. Of a task that Kapacitor has nothing is told: its past is no news.

Line protocol may stand in any order: it is read to its end, merged by series
and time, and played by time. What does not fit into memory is sorted in a
temporary file in TMPDIR. With --no-sort points are played as they come, also
from a pipe that has no end, such as tail -f. So are those of a recording.

Flags win over the script. What only Kapacitor computes, such as an |eval() or
a |window() in front of the node, is refused: docs/replay.md says what to do.

Exit codes: 0 played, 1 failed or stopped, 2 wrong usage, 78 bad configuration.

Examples:
  kapacitor-squadcast replay week.lp.gz --dry-run --tickscript cpu.tick
  kapacitor-squadcast replay week.lp --dry-run --measurement cpu \\
    --group-by host --option 'crit="usage" > 90' --option 'recoveryDelay=5m'
  influx_inspect export -database telegraf -out - | \\
    kapacitor-squadcast replay - --dry-run --tickscript cpu.tick
  kapacitor-squadcast replay 7f.srpl --dry-run --tickscript cpu.tick --json
  kapacitor-squadcast replay day.lp --task staging --option \\
    'crit="usage" > 90' --group-by host --speed 60`
