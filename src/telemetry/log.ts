// The log: one JSON object a line, or the same for people's eyes on a terminal. To standard error; results of
// commands go to standard output.
import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

export type Log = Logger

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
