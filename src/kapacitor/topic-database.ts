// The topics of which Kapacitor's HTTP API tells no events: its database has them, and a list of all topics tells whether
// what was read is what Kapacitor knows now. Pure.
import { higher, Level } from '../incident/level.ts'
import { type Topic, type TopicHead, topicHeadsFrom } from './answers.ts'
import { storedTopic } from './stored-topic.ts'

/**
 * Whether the HTTP API can be asked for the topic. It takes the part up to the first slash for the name. A name that
 * begins with one keeps a thread of Kapacitor busy for ever.
 */
export const isAskable = (topic: string): boolean =>
  topic !== '' && topic !== '.' && topic !== '..' && !topic.includes('/')

export interface Backup {
  /** Lists of topics, before and after the database was read. */
  readonly before: unknown
  readonly database: Buffer
  readonly after: unknown
}

/** Undefined: it has no such topic, or not as Kapacitor knows it now: with `persist-topics` off it is of long ago. */
export function topicIn({ before, database, after }: Backup, topic: string): Topic | undefined {
  const [first, last] = [before, after].map(list => topicHeadsFrom(list).get(topic))
  const events = storedTopic(database, topic)
  if (!first || !last || !events || !isSame(first, last)) return undefined
  const highest = events.reduce<Level>((level, event) => higher(level, event.level), Level.ok)
  return highest === last.level ? { events, collected: last.collected, isStored: true } : undefined
}

const isSame = (one: TopicHead, other: TopicHead): boolean =>
  one.collected === other.collected && one.level === other.level
