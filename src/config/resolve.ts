// The text of a configuration to settings, or to everything that is wrong with it. Pure: files, environment and
// groups are asked for through `outside`, so that the same text and the same answers give the same settings.
import { readDocument } from './document.ts'
import { endpointSettings } from './endpoints.ts'
import { Inquiry, type Outside } from './inquiry.ts'
import { inFileOrder, type Problem } from './problems.ts'
import { readConfiguration } from './read.ts'
import { httpSettings, kapacitorSettings, udfSettings } from './sections.ts'
import type { Settings } from './settings.ts'
import { fallbackSettings, heartbeatSettings, selfSettings } from './watch.ts'

/** Settings to run by, or the problems that forbid it; both may come with warnings. All in the order of the file. */
export type Resolution =
  | { readonly settings: Settings; readonly warnings: readonly Problem[] }
  | {
      readonly problems: readonly Problem[]
      readonly warnings: readonly Problem[]
      /** What is right in it, and defaults for the rest: for who has to go on somehow. Absent: it is not even TOML. */
      readonly partial?: Settings
    }

/** `source.path` is where the text was read: relative paths in it start there. */
export function resolveSettings(
  text: string,
  source: { readonly path: string },
  outside: Outside,
): Resolution {
  const read = readDocument(text)
  if ('problem' in read) return { problems: [read.problem], warnings: [] }
  const inquiry = new Inquiry(read.document, source, outside)
  const settings = settle(inquiry)
  const warnings = inFileOrder(inquiry.warnings)
  if (inquiry.problems.length > 0)
    return { problems: inFileOrder(inquiry.problems), warnings, partial: settings }
  return { settings, warnings }
}

function settle(inquiry: Inquiry): Settings {
  const file = readConfiguration(inquiry)
  return {
    udf: udfSettings(file.udf, inquiry),
    squadcast: { ratePerMinute: file.squadcast.rate },
    endpoints: endpointSettings(file.endpoint, inquiry),
    store: {
      path: inquiry.fullPath(file.store.path),
      maxSizeBytes: file.store['max-size'],
      historyMs: file.store.history,
    },
    http: httpSettings(file.http, inquiry),
    kapacitor: kapacitorSettings(file.kapacitor, inquiry),
    heartbeat: heartbeatSettings(file.heartbeat, inquiry),
    self: selfSettings(file.self, file.endpoint, inquiry),
    fallback: fallbackSettings(file.fallback, inquiry),
    log: { level: file.log.level, format: file.log.format },
  }
}
