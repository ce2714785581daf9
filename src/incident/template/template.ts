// Templates: the text of `.id(...)`, `.message(...)` and `.details(...)`, in the part of Go's text/template
// that people use with Kapacitor; all of it prints as it prints there, but for {{ .Time }}. Anything else is
// refused by name and place, when the task starts. This file joins parser and renderer.
import { type Place, UTC } from '../go-zone.ts'
import { LanguageError } from '../language-error.ts'
import { parseTemplate } from './parser.ts'
import { type MarkedText, renderTemplate, type TemplateValues } from './render.ts'
import type { TemplateName } from './tree.ts'

export type { MarkedText, TemplateValues } from './render.ts'
export { TEMPLATE_NAMES, type TemplateName } from './tree.ts'

export interface Template {
  /** As the author wrote it. */
  readonly source: string
  /** What it reads, without the dot: `Level`, `Tags`. */
  readonly names: ReadonlySet<string>
  /** At most 64 KiB of UTF-8. Never throws. */
  render(values: TemplateValues): string
  /** The same text, and which of it the author wrote. */
  renderMarked(values: TemplateValues): MarkedText
}

export interface TemplateOptions {
  /** Names, without the dot, that must not be used here. */
  readonly refuse?: readonly string[]
  /** Why not, for the author; the default speaks of an id. */
  readonly because?: string
  /** Whose clock `.Time.Local` shows; UTC unless given. */
  readonly local?: Place
}

const ID_MUST_STAY = 'the id of an incident must stay the same while it is open, and this changes'

/** Throws LanguageError. */
export function compileTemplate(source: string, options: TemplateOptions = {}): Template {
  const { refuse = [], because = ID_MUST_STAY, local = UTC } = options
  const names = new Set<string>()
  const note = (name: TemplateName, at: number): void => {
    names.add(name)
    if (!refuse.includes(name)) return
    throw new LanguageError('refused-here', `.${name} is refused here`, { at, hint: because })
  }
  const pieces = parseTemplate(source, note)
  const renderMarked = (values: TemplateValues) => renderTemplate(pieces, values, local)
  return { source, names, render: values => renderMarked(values).text, renderMarked }
}
