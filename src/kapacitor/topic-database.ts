// The topics of which Kapacitor's HTTP API tells no events: its database has them, and a list of all topics tells whether
// what was read is what Kapacitor knows now. Pure.
import { collectedByTopic, type Topic } from './answers.ts'
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

/**
 * Undefined: it has no such topic, or an event came while it was read. The level in the list is not looked at: Kapacitor
 * sorts events by a rule that is no order, and takes the first for the highest.
 */
export function topicIn({ before, database, after }: Backup, topic: string): Topic | undefined {
  const [first, last] = [before, after].map(list => collectedByTopic(list).get(topic))
  const events = first !== undefined && first === last ? storedTopic(database, topic) : undefined
  return events && { events, collected: first!, isStored: true }
}
