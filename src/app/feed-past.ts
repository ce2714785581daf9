// What happened since a moment: what the feed still knows, and before that the events of the store's history with what
// became of them. Says where either begins.
import type { Settings } from '../config/settings.ts'
import { feedFilter } from '../http/feed-filter.ts'
import type { Happening } from '../telemetry/feed.ts'
import type { FeedPlace } from './feed-following.ts'
import { historyOf, type PastHappening, type Question } from './feed-history.ts'
import { type FeedAround, feedMessages } from './feed-messages.ts'
import { instant, openStore } from './store-view.ts'

export interface Past {
  readonly history: readonly PastHappening[]
  readonly happenings: readonly Happening[]
  /** Where to follow on. */
  readonly place: FeedPlace
  /** Absent: the feed goes back so far. */
  readonly older?: Older
}

/** What came before the feed begins. Times in RFC 3339. */
export interface Older {
  readonly until: string
  /** Events of the store from here on; absent: it cannot be read. */
  readonly from?: string
  /** There is more in the store. */
  readonly isCut?: true
  /** Why the store cannot be read. */
  readonly why?: string
}

/** What the feed keeps comes at once: whoever hears nothing for so long has heard what can be had now. */
const SILENT_MS = 1000

/** Throws AskingError. @param since wall clock, ms. */
export async function feedPast(
  settings: Settings,
  { since, filters }: { readonly since: number; readonly filters: URLSearchParams },
  around: FeedAround,
): Promise<Past> {
  const { kept, place } = await readFeed(settings, around)
  if (around.signal.aborted) return { history: [], happenings: [], place }
  const wants = feedFilter(filters)
  const happenings = kept.filter(happening => Date.parse(happening.at) >= since && wants(happening))
  const begins = kept[0] ? Date.parse(kept[0].at) : Date.parse(place.startedAt)
  if (begins <= since) return { history: [], happenings, place }
  return { happenings, place, ...fromHistory(settings, { span: { from: since, until: begins }, wants }) }
}

/** All that the feed knows now, whatever the filters: where it begins tells where the history ends. */
async function readFeed(
  { http }: Settings,
  { clock, signal }: FeedAround,
): Promise<{ readonly kept: readonly Happening[]; readonly place: FeedPlace }> {
  const enough = new AbortController()
  let cancel = (): void => {}
  const around = { clock, signal: AbortSignal.any([signal, enough.signal]) }
  const kept: Happening[] = []
  let place: FeedPlace = { startedAt: '', number: 0 }
  let last = 0
  try {
    for await (const message of feedMessages(http, new URLSearchParams({ after: '0' }), around)) {
      cancel()
      cancel = clock.after(SILENT_MS, () => enough.abort())
      if (message.type === 'hello') {
        place = { startedAt: message.startedAt, number: 0 }
        last = message.last
      } else if (message.type === 'happening') {
        kept.push(message.happening)
        place = { ...place, number: message.happening.number }
      }
      // A gap further on, or what does not come, is asked for by who follows from here.
      const isGap = message.type === 'missed' && kept.length > 0
      if (isGap || place.number >= last) break
    }
  } finally {
    cancel()
  }
  return { kept, place }
}

function fromHistory(
  settings: Settings,
  question: Question,
): { readonly history: PastHappening[]; readonly older: Older } {
  const until = instant(question.span.until)
  try {
    const store = openStore(settings.store.path)
    try {
      const { found, isCut } = historyOf(store, question)
      const from = isCut ? (found[0]?.at ?? until) : instant(question.span.from)
      return { history: found, older: { until, from, ...(isCut && { isCut }) } }
    } finally {
      store.close()
    }
  } catch (error) {
    return { history: [], older: { until, why: (error as Error).message } }
  }
}
