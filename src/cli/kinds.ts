// The kinds of happenings as a person names them on a command line.
import { InvalidArgumentError } from 'commander'
import { nearestTo } from '../config/nearest.ts'
import { FEED_KINDS } from '../telemetry/feed-kinds.ts'
import { wrapped } from './terminal-lines.ts'

/** May repeat. */
export function readKind(text: string, before: readonly string[] = []): string[] {
  if ((FEED_KINDS as readonly string[]).includes(text)) return [...before, text]
  const nearest = nearestTo(text, FEED_KINDS)
  throw new InvalidArgumentError(`There is no such kind: did you mean ${nearest}? --help lists them all.`)
}

/** All of them, as a paragraph of the help. */
export const kindsText = (): string => String(wrapped(`${FEED_KINDS.join(', ')}.`, 2))
