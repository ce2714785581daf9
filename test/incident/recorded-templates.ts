// Templates that a real Kapacitor rendered, with the values that it had for them.
import { readFileSync } from 'node:fs'
import type { ZoneAt } from '../../src/incident/go-zone.ts'
import type { TemplateValues } from '../../src/incident/template/template.ts'
import { type RecordedValue, recordedScope } from '../fakes/scope.ts'

export interface RecordedTemplate {
  readonly template: string
  readonly option: 'id' | 'message' | 'details'
  readonly values: {
    readonly ID?: string
    readonly Name: string
    readonly TaskName: string
    readonly Group: string
    readonly Level?: string
    readonly Time?: string
    readonly Duration?: string
    readonly Message?: string
    readonly Tags?: Readonly<Record<string, string>>
    readonly Fields?: Readonly<Record<string, RecordedValue>>
  }
  /** What the clock of Kapacitor's machine showed at that time. */
  readonly local?: ZoneAt & { readonly zone: string }
  readonly rendered?: string
  /** Kapacitor gave up on the whole alert. */
  readonly error?: string
  /** More than this language promises. */
  readonly beyond?: string
}

export const recordedTemplates = (file: string): readonly RecordedTemplate[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8'))

export const rowValues = ({ values }: RecordedTemplate): TemplateValues => ({
  id: values.ID ?? '',
  name: values.Name,
  taskName: values.TaskName,
  group: values.Group,
  level: values.Level ?? '',
  time: BigInt(values.Time ?? 0),
  duration: BigInt(values.Duration ?? 0),
  message: values.Message ?? '',
  scope: recordedScope(values.Fields ?? {}, values.Tags ?? {}),
})

/** Kapacitor escapes details for HTML; a responder reads plain text. */
const unescapeHtml = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#34;', '"').replaceAll('&amp;', '&')

/** Times are printed as RFC 3339 here, everywhere; Kapacitor prints them as Go does. */
const asRfc3339 = (text: string): string =>
  text.replace(/(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) \+0000 UTC/g, '$1T$2Z')

export const asPrintedHere = ({ option }: RecordedTemplate, text: string): string =>
  asRfc3339(option === 'details' ? unescapeHtml(text) : text)
