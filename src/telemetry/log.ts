// The log: one JSON object a line, or the same for people's eyes on a terminal. To standard error; results of
// commands go to standard output.
import { createRequire } from 'node:module'
import { pino } from 'pino'
import type { Feed, Severity } from './feed.ts'

type Line = (fields: Readonly<Record<string, unknown>>, text: string) => void

export interface Log extends Readonly<Record<Severity | 'debug', Line>> {
  /** The least urgent lines that are written. */
  level: string
}

export interface LogSettings {
  readonly level: string
  readonly format: 'json' | 'pretty'
  /** Colour in the pretty format. */
  readonly colour: boolean
}

const STANDARD_ERROR = 2

export function openLog({ level, format, colour }: LogSettings): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  if (format === 'json') return pino(options, pino.destination({ dest: STANDARD_ERROR, sync: true }))
  // Only people need it, and to read it takes a while.
  const pretty = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty')
  const stream = pretty({
    destination: STANDARD_ERROR,
    sync: true,
    colorize: colour,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'event',
    messageFormat: '{msg}',
  })
  return pino(options, stream)
}

/** The same log; the feed hears every line of it, but for those that only help to look for a mistake. */
export function heardBy(feed: Feed, log: Log): Log {
  const heard =
    (severity: Severity): Line =>
    (fields, text) => {
      log[severity](fields, text)
      feed.add(severity, fields, text)
    }
  return {
    get level() {
      return log.level
    },
    set level(level) {
      log.level = level
    },
    debug: (fields, text) => log.debug(fields, text),
    info: heard('info'),
    warn: heard('warn'),
    error: heard('error'),
    fatal: heard('fatal'),
  }
}
