// The timeout of a function in kapacitor.conf: Kapacitor gives a node up for good when it hears nothing for so long.
import { type Finding, findingsOf } from './finding.ts'

const { passed, warned, failed } = findingsOf('kapacitor-conf')

const USUAL = 'timeout = "60s", as in kapacitor.conf.example'
/** A collection of garbage, a stopped machine, a slow disk of the host: a task given up stays dead until it is revived. */
const SHORT_SECONDS = 10
const LONG_SECONDS = 600

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
}

export function timeoutFinding(place: string, timeout: unknown): Finding {
  const check = 'kapacitor-conf-timeout'
  if (timeout === undefined) return failed(check, `${place}: has no timeout: Kapacitor does not start`, USUAL)
  const seconds = typeof timeout === 'string' ? secondsOf(timeout) : undefined
  if (seconds === undefined)
    return failed(check, `${place}: timeout is no duration: Kapacitor does not start`, USUAL)
  if (seconds <= 0.001)
    return failed(check, `${place}: timeout "${timeout}" is too short: Kapacitor does not start`, USUAL)
  if (seconds < SHORT_SECONDS)
    return warned(
      check,
      `${place}: timeout "${timeout}" is short: whatever stops the machine for so long ends all tasks`,
      USUAL,
    )
  if (seconds > LONG_SECONDS)
    return warned(
      check,
      `${place}: timeout "${timeout}" is long: a sidecar that hangs is noticed only after it`,
      USUAL,
    )
  return passed(check, `${place}: timeout "${timeout}"`)
}

/** As Go spells it: `1m30s`. Undefined: it is none. */
function secondsOf(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_SECONDS[unit!]!, 0)
}
