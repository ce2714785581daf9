// What Kapacitor's own database says of an alert's topic: for topics of which its HTTP API tells no events, since their
// names have a slash. Pure.
import { type TopicEvent, topicEventFrom } from './answers.ts'
import { openBolt } from './bolt.ts'

/** Kapacitor to 1.6: a value for each topic. */
const OLD_STORE = 'alert_store'
const OLD_KEY = '/topics/data/'
/** From 1.7 on: a bucket for each topic, and in it a value for each event. */
const NEW_STORE = 'topic_states_store'

/**
 * Undefined: the database knows no such topic.
 * Throws BoltError for what is no database, and TypeError or SyntaxError for one that Kapacitor would not write.
 */
export function storedTopic(database: Buffer, topic: string): TopicEvent[] | undefined {
  const root = openBolt(database)
  const bucket = root.bucket(NEW_STORE)?.bucket(topic)
  if (bucket) return [...bucket.entries()].map(([id, state]) => eventOf(id, JSON.parse(state.toString())))
  const stored = root.bucket(OLD_STORE)?.get(OLD_KEY + topic)
  if (stored === undefined) return undefined
  const { value } = JSON.parse(stored.toString()) as { value?: { 'event-states'?: object | null } }
  return Object.entries(value?.['event-states'] ?? {}).map(([id, state]) => eventOf(id, state))
}

const eventOf = (id: string, state: unknown): TopicEvent => topicEventFrom({ id, state })
