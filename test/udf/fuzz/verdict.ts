// What is wrong with the answers to one conversation: nothing, or a sentence.
import type { Plan } from './conversations.ts'
import { type Answer, lastVarint, strictAnswers } from './strict-answers.ts'

const isData = ({ kind }: { readonly kind: string }): boolean =>
  kind === 'begin' || kind === 'point' || kind === 'end'
const CONTROL = new Set(['info', 'init', 'keepalive', 'snapshot', 'restore'])

export interface Verdict {
  readonly wrong: string | undefined
  readonly answers: readonly Answer[]
}

export function verdictOf(plan: Plan, bytes: Buffer): Verdict {
  const cut = plan.ending !== 'end'
  let answers: Answer[]
  try {
    answers = strictAnswers(bytes, cut)
  } catch (error) {
    return { wrong: (error as Error).message, answers: [] }
  }
  return { wrong: wrongOrder(plan, answers, cut) ?? wrongData(plan, answers, cut), answers }
}

/** Each request gets its answer, in order; then an error if there was reason for one. */
function wrongOrder(plan: Plan, answers: readonly Answer[], cut: boolean): string | undefined {
  if (plan.accepted === undefined) return
  const given = answers.filter(answer => !isData(answer)).map(named)
  const asked = plan.sent.filter(({ kind }) => CONTROL.has(kind) || kind === 'malformed').map(named)
  const end = asked.indexOf('error')
  const wanted = end < 0 ? asked : asked.slice(0, end + 1)
  const same = given.every((answer, i) => answer === wanted[i]) && (cut || given.length === wanted.length)
  return same ? undefined : `asked for ${wanted.join(' ')}, got ${given.join(' ')}`
}

/** With the time of a keepalive, which must come back as it is. */
function named({ kind, frame }: { readonly kind: string; readonly frame: Buffer }): string {
  if (kind === 'malformed') return 'error'
  return kind === 'keepalive' ? `keepalive(${lastVarint(frame.subarray(3), 1) ?? 0n})` : kind
}

/** Passed through: the same bytes. Else each returned point is one that was sent, with things added at most. */
function wrongData(plan: Plan, answers: readonly Answer[], cut: boolean): string | undefined {
  if (plan.accepted === undefined) return
  const sent = plan.sent.filter(isData).map(({ frame }) => frame)
  const returned = answers.filter(isData)
  if (!plan.passThrough) return plan.edge === 'STREAM' ? wrongPoints(sent, returned) : undefined
  const end = plan.sent.findIndex(({ kind }) => kind === 'malformed')
  const wanted =
    end < 0
      ? sent
      : plan.sent
          .slice(0, end)
          .filter(isData)
          .map(({ frame }) => frame)
  const all = Buffer.concat(returned.map(({ frame }) => frame))
  const expected = Buffer.concat(wanted)
  const isWhole = cut || end >= 0 || all.length === expected.length
  if (isWhole && all.equals(expected.subarray(0, all.length))) return
  return `passed through ${all.length} bytes of ${expected.length}, or others`
}

function wrongPoints(sent: readonly Buffer[], returned: readonly Answer[]): string | undefined {
  let next = 0
  for (const { message } of returned) {
    while (
      next < sent.length &&
      !message.subarray(0, messageOf(sent[next]!).length).equals(messageOf(sent[next]!))
    )
      next++
    if (next++ === sent.length) return 'a point came back that was not sent, or out of order'
  }
  return
}

/** The message in a frame, without what may stand beside it. */
const messageOf = (frame: Buffer): Buffer => strictAnswers(frame)[0]!.message
