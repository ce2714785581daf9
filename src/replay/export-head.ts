// What an export of InfluxDB has besides points: statements that make its databases, and comments that say which
// database and retention policy the points behind them are of (influx_inspect export, and what influx -import reads). Pure.

export interface Context {
  readonly database: string | undefined
  readonly retentionPolicy: string | undefined
}

export const NO_CONTEXT: Context = { database: undefined, retentionPolicy: undefined }

const CONTEXT = /^#\s*CONTEXT-(DATABASE|RETENTION-POLICY)\s*:\s*(.*?)\s*$/i
const HEAD = /^#\s*(INFLUXDB EXPORT\b|DDL\s*$)/i
const STATEMENT =
  /^\s*(CREATE|ALTER|DROP)\s+(DATABASE|RETENTION\s+POLICY|CONTINUOUS\s+QUERY|SUBSCRIPTION|USER)\s/i

/** @param comment a line that begins with `#`. */
export function contextAfter(comment: string, before: Context): Context {
  // One export behind another.
  if (HEAD.test(comment)) return NO_CONTEXT
  const [, kind, name] = CONTEXT.exec(comment) ?? []
  if (kind === undefined || name === undefined || name === '') return before
  return kind.toUpperCase() === 'DATABASE'
    ? { database: name, retentionPolicy: undefined }
    : { ...before, retentionPolicy: name }
}

/** Whether a line that is no point is a statement of an export's head. */
export const isStatement = (line: string): boolean => STATEMENT.test(line)
