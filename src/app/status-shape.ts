// Whether what somebody answers has the shape of a status, as far as commands read it: whoever has the port may answer
// anything. Further fields, and words of other versions, are welcome.
import { z } from 'zod'
import type { StatusView } from './status-view.ts'

const count = z.number()
const text = z.string()

const Node = z.looseObject({
  ...{ node: text, connectedAt: text, lastPointAt: text.optional() },
  ...{ points: count, pointsPerSecond: count, withoutLevels: z.boolean() },
  stuck: z.looseObject({ incidents: count, incident: text, why: text, fix: text }).optional(),
})

const Task = z.looseObject({
  ...{ task: text, state: text, why: text.optional(), revived: count },
  nodes: z.array(Node),
})

const Endpoint = z.looseObject({
  ...{ name: text, state: text, pending: count, inFlight: count, nextTryAt: text.optional() },
  lastAnswer: z.looseObject({ at: text, text }).optional(),
})

const Status = z.looseObject({
  ...{ version: text, at: text, startedAt: text, sentence: text, durable: z.boolean() },
  state: z.enum(['fine', 'warning', 'critical']),
  problems: z.array(z.looseObject({ text, cure: text })),
  incidents: z.looseObject({ open: count, byLevel: z.record(text, count) }),
  ...{ pending: count, oldestPendingAt: text.optional(), limitedUntil: text.optional() },
  budget: z.looseObject({ rate: count, used: count }),
  ...{ endpoints: z.array(Endpoint), connections: count, tasks: z.array(Task) },
  kapacitor: z.looseObject({ reachable: z.boolean().nullable(), problem: text.optional() }).optional(),
})

export const isStatus = (value: unknown): value is StatusView => Status.safeParse(value).success
