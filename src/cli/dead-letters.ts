// `dead-letters list | show | export`: what was refused for good, or could not be read.
import {
  type DeadLetterView,
  deadLetterPage,
  everyDeadLetter,
  exportLine,
  messageOf,
} from '../app/dead-letters.ts'
import { joined, jsonTextLine, type TerminalText, terminal } from '../terminal/text.ts'
import type { LetterChoice } from './dead-letter-choice.ts'
import { ExitCode } from './exit-code.ts'
import { failed, json, type StoreOptions, withStore } from './store-command.ts'
import type { CommandSurroundings } from './surroundings.ts'
import { shortTime, wrapped } from './terminal-lines.ts'

export interface ListOptions extends StoreOptions {
  readonly selection: LetterChoice
  readonly limit: number
  readonly before?: number
}

export function listDeadLetters(options: ListOptions, around: CommandSurroundings): Promise<ExitCode> {
  const { selection, limit, before } = options
  return withStore(options, around, store => {
    const page = deadLetterPage(store, selection, { limit, before })
    for (const letter of page.items) {
      if (options.json) json(around, letter)
      else around.stdout.write(lines(letter))
    }
    const { stderr } = around
    if (page.items.length === 0) stderr.write(terminal`no dead letters\n`)
    if (page.next !== undefined) stderr.write(terminal`more: --before ${page.next}\n`)
    return ExitCode.fine
  })
}

export function showDeadLetter(
  seq: number,
  options: StoreOptions,
  around: CommandSurroundings,
): Promise<ExitCode> {
  return withStore(options, around, store => {
    const [letter] = deadLetterPage(store, { seqs: [seq] }, { limit: 1 }).items
    if (!letter) return failed(around, `event ${seq} is no dead letter: see \`dead-letters list\``)
    if (options.json) around.stdout.write(jsonTextLine(exportLine(store, letter)))
    else around.stdout.write(joined([lines(letter), ...details(letter, messageOf(store, seq))]))
    return ExitCode.fine
  })
}

/** One JSON object a line, with the event as it is stored and its attempts. */
export function exportDeadLetters(
  options: StoreOptions & { readonly selection: LetterChoice },
  around: CommandSurroundings,
): Promise<ExitCode> {
  return withStore(options, around, store => {
    for (const letter of everyDeadLetter(store, options.selection))
      around.stdout.write(jsonTextLine(exportLine(store, letter)))
    return ExitCode.fine
  })
}

const FAULTS = { receiver: 'refused', own: 'our fault' } as const

/** The number first, since the other commands ask for it. */
export function lines(letter: DeadLetterView): TerminalText {
  const { seq, kind, level, incident, endpoint, createdAt, fault, attempts } = letter
  const answer = attempts.at(-1)?.answer ?? 'it was never sent'
  const body = wrapped(`at ${endpoint}; ${FAULTS[fault]}: ${answer}`, 10)
  return terminal`${String(seq).padEnd(8)}  ${shortTime(createdAt)}  ${kind} ${level}  ${incident}\n${body}`
}

function details(letter: DeadLetterView, told: ReturnType<typeof messageOf>): TerminalText[] {
  const text = told === undefined ? 'the stored event cannot be read' : told.message
  return [
    wrapped(`${letter.task ? `task ${letter.task}` : 'posted'}; dead since ${shortTime(letter.diedAt)}`, 10),
    wrapped(text, 10),
    ...(told?.details === undefined ? [] : told.details.split(/\r?\n/).map(line => wrapped(line, 10))),
    ...letter.attempts.map(({ at, outcome, answer = '' }) =>
      wrapped(`${shortTime(at)}  ${outcome}: ${answer}`, 10),
    ),
    ...(letter.objection === undefined
      ? []
      : [wrapped(`not retried without --force: ${letter.objection}`, 10)]),
  ]
}
