// The log: one JSON object a line, or the same for people's eyes on a terminal. To standard error; results of
// commands go to standard output. Fields and messages come from outside: here is the one place where they are made
// harmless for a terminal.
import { createRequire } from 'node:module'
import { pino } from 'pino'
import { visible, visibleJson, visibleStack, visibleWithQuote } from '../terminal/visible.ts'
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
  if (format === 'json') {
    const standardError = pino.destination({ dest: STANDARD_ERROR, sync: true })
    const stream = {
      write: (line: string) => void standardError.write(jsonLine(line)),
      // pino asks for it after a fatal line.
      flushSync: () => standardError.flushSync(),
    }
    return pino(options, stream)
  }
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
  return pino(options, { write: line => void stream.write(prettyLine(line)) })
}

/** The same values, with escapes where a terminal would act. @param line with its line break. */
export const jsonLine = (line: string): string => `${visibleJson(line.trimEnd())}\n`

/** For pino-pretty, which shows texts as they are. */
export const prettyLine = (line: string): string => `${JSON.stringify(shown('', JSON.parse(line)))}\n`

function shown(key: string, value: unknown): unknown {
  if (typeof value === 'string')
    return key === 'stack' ? visibleStack(value) : key === 'msg' ? visibleWithQuote(value) : visible(value)
  if (Array.isArray(value)) return value.map(item => shown('', item))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [visible(name), shown(name, item)]))
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
