// `check`: is everything in place, before an alert finds out? Layer by layer, each line with what to do about it.
import pc from 'picocolors'
import { check } from '../app/check/check.ts'
import type { Finding, Layer, Outcome } from '../app/check/finding.ts'
import { systemClock } from '../app/system-clock.ts'
import { joined, painted, type TerminalText, terminal, widthOf } from '../terminal/text.ts'
import { visibleWithQuote } from '../terminal/visible.ts'
import { ExitCode } from './exit-code.ts'
import { json, type StoreOptions } from './store-command.ts'
import { type CommandSurroundings, wantsColour } from './surroundings.ts'
import { hanging } from './terminal-lines.ts'

export interface CheckOptions extends StoreOptions {
  readonly kapacitorConf?: string
  readonly tickscripts?: string
  readonly kapacitorUser: string
  readonly serviceUser: string
}

const TITLES: Readonly<Record<Layer, string>> = {
  configuration: 'configuration',
  sockets: 'sockets',
  store: 'store',
  secrets: 'files with secrets',
  endpoints: 'endpoints',
  kapacitor: "Kapacitor's API",
  'kapacitor-conf': 'kapacitor.conf',
  tickscripts: 'TICKscripts',
}

export async function checkCommand(options: CheckOptions, around: CommandSurroundings): Promise<ExitCode> {
  const { config, kapacitorConf, tickscripts, kapacitorUser, serviceUser } = options
  const { env, stdout } = around
  const show = options.json ? (finding: Finding) => json(around, finding) : inLines(around)
  const counts: Record<Outcome, number> = { passed: 0, warned: 0, failed: 0, skipped: 0 }
  let isConfigurationBad = false
  const layers = check(
    { config, kapacitorConf, tickscripts },
    { env, clock: systemClock, isRoot: process.geteuid?.() === 0, kapacitorUser, serviceUser },
  )
  for await (const findings of layers)
    for (const finding of findings) {
      counts[finding.outcome]++
      isConfigurationBad ||= finding.layer === 'configuration' && finding.outcome === 'failed'
      show(finding)
    }
  if (!options.json) stdout.write(terminal`\n${summary(counts)}\n`)
  if (isConfigurationBad) return ExitCode.badConfiguration
  return counts.failed > 0 ? ExitCode.failed : ExitCode.fine
}

const summary = ({ passed, warned, failed, skipped }: Record<Outcome, number>): string =>
  `${passed} passed, ${warned} with a warning, ${failed} failed, ${skipped} skipped`

/** Grouped by layer, the fix below. */
function inLines({ stdout, env }: CommandSurroundings): (finding: Finding) => void {
  const { green, yellow, red, dim } = pc.createColors(wantsColour(stdout, env))
  const signs: Readonly<Record<Outcome, TerminalText>> = {
    passed: painted(green, '✓'),
    warned: painted(yellow, '!'),
    failed: painted(red, '✗'),
    skipped: painted(dim, '–'),
  }
  let told: Layer | undefined
  return ({ layer, outcome, says, fix }) => {
    if (layer !== told)
      stdout.write(told === undefined ? terminal`${TITLES[layer]}\n` : terminal`\n${TITLES[layer]}\n`)
    told = layer
    stdout.write(paragraph(terminal`  ${signs[outcome]} `, says))
    if (fix !== undefined) stdout.write(paragraph(terminal`      → `, fix))
  }
}

/** A sentence may show a line of a script below it, with a mark under a place: that stays as it is. */
function paragraph(head: TerminalText, text: string): TerminalText {
  const [first = '', ...quote] = visibleWithQuote(text).split('\n')
  const indent = ' '.repeat(widthOf(head))
  return joined([hanging(head, first), ...quote.map(line => terminal`${indent}${line}\n`)])
}
