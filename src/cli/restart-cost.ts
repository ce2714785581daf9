// `restart-cost`: what a restart of the sidecar that runs would cost now. The Debian package asks it at an upgrade,
// since it never restarts by itself.
import { askRestartCost, type RestartCost } from '../app/restart-cost.ts'
import { joined, type TerminalText } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import { json, type StoreOptions, withSettings } from './store-command.ts'
import type { CommandSurroundings } from './surroundings.ts'
import { plural, wrapped } from './terminal-lines.ts'

export function restartCostCommand(options: StoreOptions, around: CommandSurroundings): Promise<ExitCode> {
  return withSettings(options, around, async ({ http }) => {
    const cost = await askRestartCost(http)
    const isKnown = !('why' in cost)
    if (options.json) json(around, { known: isKnown, ...cost })
    else around.stdout.write(isKnown ? text(cost) : unknown(cost.why))
    return isKnown ? ExitCode.fine : ExitCode.failed
  })
}

const ANEW = 'windows, deadmen and the levels of alerts without a topic start anew'

function text({ tasks, connections, openIncidents, pendingEvents, durable }: RestartCost): TerminalText {
  const ends =
    connections === 0
      ? 'No task is connected: a restart now interrupts none.'
      : `A restart now ends ${plural(connections, 'connection')} of ${plural(tasks, 'task')}, which are revived: ${ANEW}.`
  const kept = `Open: ${plural(openIncidents, 'incident')}. Not delivered yet: ${plural(pendingEvents, 'event')}.`
  const danger =
    'But the disk takes no writes now, so what is new lives in memory only and may be lost: mend that first.'
  return joined([
    wrapped(ends),
    wrapped(`${kept} ${durable ? 'Both are kept, and go on after it.' : danger}`),
  ])
}

const unknown = (why: string): TerminalText =>
  joined([
    wrapped(`What a restart would cost now is not known: ${why}.`),
    wrapped(`If a sidecar runs, a restart ends its connections. Their tasks are revived: ${ANEW}.`),
    wrapped('Open incidents and events not delivered yet are kept, and go on after it.'),
  ])
