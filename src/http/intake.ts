// One post of Kapacitor: body, alert, answer. What becomes of the alert is decided by the function that it is
// given; nothing is taken before the whole body was there and right. However many come at once, few of their bodies are in
// memory, and the process does other things between one and the next.
import type { IncomingMessage } from 'node:http'
import { levelName } from '../incident/level.ts'
import type { PostedAlert } from '../incident/posts.ts'
import { alertFromJson, type PartProblem, type ReadAlert } from './alert-json.ts'
import { json } from './answers.ts'
import { bodyOf, isLargeBody } from './body.ts'
import { Refusal } from './refusal.ts'
import type { Answer, Call, Handler } from './routes.ts'
import { Turns } from './turns.ts'

/** What became of an alert. `durable`: false where the disk takes nothing. */
export type Taken =
  | { readonly event: 'trigger' | 'resolve'; readonly durable: boolean }
  | { readonly event: null; readonly why: string; readonly durable: boolean }

export interface IntakeParts {
  /** Resolves once all that came of it is committed. `endpoint` is empty where the path names none. */
  readonly take: (alert: PostedAlert, endpoint: string) => Promise<Taken>
  /** An alert was taken, though these parts of it could not be read. */
  readonly unreadable: (incident: string, problems: readonly PartProblem[]) => void
  /** Nanoseconds since the epoch. */
  readonly now: () => bigint
}

/** Of bodies that are large. */
const MAX_BODIES_AT_ONCE = 64

export function intake({ take, unreadable, now }: IntakeParts): Handler {
  const bodies = new Turns(MAX_BODIES_AT_ONCE)
  const readings = new Turns(1)
  const read = async (request: IncomingMessage): Promise<ReadAlert> => {
    const text = await bodyOf(request)
    const done = await readings.take()
    // The one before has had its share of the process.
    await new Promise(setImmediate)
    try {
      return alertFromJson(text, now())
    } finally {
      done()
    }
  }
  return async ({ request, name }: Call): Promise<Answer> => {
    checkContent(request.headers)
    const leave = isLargeBody(request) ? await bodies.take() : undefined
    const { alert, problems } = await read(request).finally(leave)
    if (problems.length > 0) unreadable(alert.id, problems)
    const warnings = problems.length > 0 && { warnings: problems.map(({ text }) => text) }
    const taken = await take(alert, name)
    if (taken.event === null) {
      const { event, why, durable } = taken
      return json(200, { event, why, ...(!durable && { durable }), ...warnings })
    }
    const { event, durable } = taken
    return json(202, { event, incident: alert.id, level: levelName(alert.level), durable, ...warnings })
  }
}

function checkContent(headers: NodeJS.Dict<string | string[]>): void {
  const type = headers['content-type']
  if (type !== undefined && !/^application\/json\s*(;|$)/i.test(String(type)))
    throw new Refusal(415, 'the content type must be application/json: set no other in the headers')
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    throw new Refusal(415, 'the body must not be compressed')
}
