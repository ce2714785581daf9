// `dead-letters retry | discard`: what becomes of them is done by the daemon, now or at its next start.
import { isFailed } from '../app/instruction-forms.ts'
import { redeliver, rehearse, whyRefused } from '../app/redelivering.ts'
import { systemClock } from '../app/system-clock.ts'
import { terminal } from '../terminal/text.ts'
import { type LetterChoice, mistakeIn } from './dead-letter-choice.ts'
import { lines } from './dead-letters.ts'
import { ExitCode } from './exit-code.ts'
import { failed, json, type StoreOptions, withSettings, wrongUsage } from './store-command.ts'
import type { CommandSurroundings } from './surroundings.ts'
import { plural, wrapped } from './terminal-lines.ts'

export interface ChangeOptions extends StoreOptions {
  readonly action: 'retry' | 'discard'
  readonly selection: LetterChoice
  readonly all: boolean
  readonly force: boolean
  readonly dryRun: boolean
}

export function changeDeadLetters(options: ChangeOptions, around: CommandSurroundings): Promise<ExitCode> {
  const mistake = mistakeIn(options.selection, options.all)
  if (mistake !== undefined) return Promise.resolve(wrongUsage(around, mistake))
  return withSettings(options, around, ({ store: { path } }) =>
    options.dryRun ? rehearsal(path, options, around) : change(path, options, around),
  )
}

const PAST = { retry: 'sent again', discard: 'discarded' } as const

function rehearsal(path: string, options: ChangeOptions, around: CommandSurroundings): ExitCode {
  let done = 0
  let refused = 0
  for (const letter of rehearse(path, options)) {
    if (letter.objection === undefined) done++
    else refused++
    if (options.json) json(around, { ...letter, dryRun: true })
    else {
      around.stdout.write(lines(letter))
      if (letter.objection !== undefined) around.stdout.write(wrapped(`not retried: ${letter.objection}`, 10))
    }
  }
  const not = refused > 0 ? `, ${refused} not (--force insists)` : ''
  around.stderr.write(
    terminal`dry run: ${plural(done, 'dead letter')} would be ${PAST[options.action]}${not}\n`,
  )
  return ExitCode.fine
}

async function change(path: string, options: ChangeOptions, around: CommandSurroundings): Promise<ExitCode> {
  const { action } = options
  const reply = await redeliver(path, options, systemClock)
  if (reply.state === 'late') return failed(around, 'the sidecar is not done yet; it is stored, and will be')
  if (reply.state === 'later') {
    if (options.json) json(around, { result: 'later' })
    else around.stdout.write(terminal`no sidecar runs: they will be ${PAST[action]} at its next start\n`)
    return ExitCode.fine
  }
  const { answer } = reply
  if (isFailed(answer)) return failed(around, answer.error)
  const objections = answer.objections.map(one => ({ ...one, objection: whyRefused(one.objection) }))
  if (options.json) json(around, { done: answer.done, refused: answer.refused, objections })
  else around.stdout.write(terminal`${plural(answer.done, 'dead letter')} ${PAST[action]}\n`)
  for (const { seq, incident, objection } of objections)
    around.stderr.write(wrapped(`event ${seq} of ${incident} not sent again: ${objection}`))
  if (answer.refused > 0)
    around.stderr.write(terminal`${plural(answer.refused, 'dead letter')} left: --force insists\n`)
  if (answer.done + answer.refused === 0) return failed(around, 'no dead letter is meant by that')
  return answer.refused > 0 ? ExitCode.failed : ExitCode.fine
}
