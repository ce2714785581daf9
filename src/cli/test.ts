// `test [--endpoint NAME]`: does a page arrive, and if not, what is to be done?
import { hostname } from 'node:os'
import { type TestPart, type TestReport, testEndpoint } from '../app/endpoint-test-report.ts'
import { systemClock } from '../app/system-clock.ts'
import { joined, type TerminalText, terminal } from '../terminal/text.ts'
import { ExitCode } from './exit-code.ts'
import { json, type StoreOptions, withSettings, wrongUsage } from './store-command.ts'
import type { CommandSurroundings } from './surroundings.ts'
import { wrapped } from './terminal-lines.ts'

export interface TestOptions extends StoreOptions {
  readonly endpoint: string
}

export function testCommand(options: TestOptions, around: CommandSurroundings): Promise<ExitCode> {
  return withSettings(options, around, async settings => {
    const { endpoints } = settings
    const { endpoint } = options
    const names = endpoints.map(({ name }) => name)
    // Without `default` not all of them could be read: a sidecar that runs may know it.
    if (!names.includes(endpoint) && names.includes('default'))
      return wrongUsage(around, `no endpoint '${endpoint}' is configured; there are ${names.join(', ')}`)
    const { env } = around
    const report = await testEndpoint(settings, endpoint, { clock: systemClock, env, host: hostname() })
    if (options.json) json(around, report)
    else around.stdout.write(text(report))
    const isFine = report.parts.length === 2 && report.parts.every(({ state }) => state === 'accepted')
    return isFine ? ExitCode.fine : ExitCode.failed
  })
}

function text({ endpoint, incident, through, parts }: TestReport): TerminalText {
  const way =
    through === 'sidecar'
      ? 'through the sidecar that runs'
      : 'straight to the receiver, since no sidecar runs; counted nowhere, not even for the rate'
  const goesOn = through === 'sidecar' && parts[0]?.state === 'failed' && parts[1]?.state !== 'gone'
  return joined([
    wrapped(`endpoint ${endpoint}, ${way}`),
    wrapped(`incident ${incident}`),
    ...parts.map(partText),
    ...(goesOn ? [wrapped('it may have been received: both are tried until they are accepted', 2)] : []),
  ])
}

function partText({ kind, state, answer, latencyMs, advice, waits }: TestPart): TerminalText {
  const took = latencyMs === undefined ? '' : `, ${Math.round(latencyMs)} ms`
  const said = {
    accepted: `accepted: ${answer}${took}`,
    failed: `failed: ${answer}${took}`,
    waiting: `not sent yet: ${waits ?? ''}`,
    gone: 'not sent, since its trigger was not received',
  }[state]
  const cure = advice === undefined ? '' : wrapped(`to do: ${advice}`, 4)
  return terminal`${wrapped(`${kind} ${said}`, 2)}${cure}`
}
