// What is said of a script, as the tests of advice look at it.
import { adviceSetting } from '../../src/app/scripts.ts'
import type { AdviceCode } from '../../src/kapacitor/advice.ts'
import { adviseOn } from '../../src/kapacitor/script-advice.ts'

const setting = adviceSetting({ functions: ['squadcast', 'squadcastBatch'], endpoints: ['default'] })

export const adviceOf = (script: string) => adviseOn(script, setting).findings

/** Findings of these codes, with severity and line. */
export const saidOf = (script: string, codes: readonly AdviceCode[]): string[] =>
  adviceOf(script)
    .filter(({ code }) => codes.includes(code))
    .map(({ code, severity, line }) => `${severity} ${code} ${line}`)

/** The only one of that code. */
export const findingOf = (script: string, code: AdviceCode) => {
  const found = adviceOf(script).filter(finding => finding.code === code)
  return found.length === 1 ? found[0] : undefined
}

/** Codes of what ends Kapacitor. */
export const ENDS_KAPACITOR: readonly AdviceCode[] = [
  'null-field',
  'duration-field',
  'sideload-int',
  'unsigned-field',
  'time-field',
  'missing-field',
]
