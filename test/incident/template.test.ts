import { readFileSync } from 'node:fs'
import test from 'ava'
import { LanguageError } from '../../src/incident/language-error.ts'
import { compileTemplate, type TemplateValues } from '../../src/incident/template/template.ts'
import { type RecordedValue, recordedScope, scopeOf } from '../fakes/scope.ts'

const VALUES: TemplateValues = {
  id: 'cpu/web1',
  name: 'cpu',
  taskName: 'cpu_alert',
  group: 'host=web1',
  level: 'CRITICAL',
  time: 1_780_000_000_000_000_000n,
  duration: 90_000_000_000n,
  message: 'cpu/web1 is CRITICAL',
  scope: scopeOf({ usage: 95.25, count: 7n, ok: true, text: 'hello' }, { host: 'web1' }),
}

const render = (source: string, values: Partial<TemplateValues> = {}): string =>
  compileTemplate(source).render({ ...VALUES, ...values })

function mistakeIn(source: string, refuse: readonly string[] = []): LanguageError {
  try {
    compileTemplate(source, { refuse })
  } catch (error) {
    if (error instanceof LanguageError) return error
    throw error
  }
  throw new Error(`not refused: ${source}`)
}

// ---- what a real Kapacitor printed

interface KapacitorRow {
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
  readonly rendered?: string
  /** Kapacitor gave up on the whole alert. */
  readonly error?: string
  /** More than this language promises. */
  readonly beyond?: string
}

const rowValues = ({ values }: KapacitorRow): TemplateValues => ({
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

const rows: readonly KapacitorRow[] = JSON.parse(
  readFileSync(new URL('../fixtures/templates.json', import.meta.url), 'utf8'),
)

const inLanguage = (row: KapacitorRow): boolean => row.beyond === undefined

/** Kapacitor escapes details for HTML; a responder reads plain text. */
const unescapeHtml = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#34;', '"').replaceAll('&amp;', '&')

/** Times are printed as RFC 3339 here, everywhere; Kapacitor prints them as Go does. */
const asRfc3339 = (text: string): string =>
  text.replace(/(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) \+0000 UTC/g, '$1T$2Z')

test('a template prints what a real Kapacitor printed, times apart', t => {
  const printed = rows.filter(row => row.rendered !== undefined && inLanguage(row))
  t.true(printed.length > 150)
  for (const row of printed) {
    const wanted = asRfc3339(row.option === 'details' ? unescapeHtml(row.rendered!) : row.rendered!)
    const text = compileTemplate(row.template).render(rowValues(row))
    t.is(row.option === 'details' ? unescapeHtml(text) : text, wanted, row.template)
  }
})

test('what is beyond this language is refused, or printed as by Kapacitor', t => {
  const beyond = rows.filter(row => !inLanguage(row))
  let refused = 0
  for (const row of beyond) {
    try {
      t.is(compileTemplate(row.template).render(rowValues(row)), row.rendered!, row.template)
    } catch (error) {
      t.true(error instanceof LanguageError, row.template)
      refused += 1
    }
  }
  t.true(refused > 15)
})

test('where Kapacitor loses the alert over a template, a text is printed or the task is refused', t => {
  const failed = rows.filter(row => row.error !== undefined)
  t.true(failed.length > 30)
  for (const row of failed) {
    t.notThrows(() => {
      try {
        compileTemplate(row.template).render(rowValues(row))
      } catch (error) {
        if (!(error instanceof LanguageError)) throw error
      }
    }, row.template)
  }
})

// ---- values that do not fit

test('numbers compare by value, an INT with a DOUBLE too', t => {
  t.is(render('{{ if gt (index .Fields "usage") 95 }}hot{{ end }}'), 'hot')
  t.is(render('{{ eq (index .Fields "count") 7.0 }}'), 'true')
  t.is(render('{{ if ge .Duration 90000000000 }}long{{ end }}'), 'long')
})

test('an action that can not be evaluated prints a note, and the rest of the text stays', t => {
  t.is(
    render('{{ .ID }}: {{ eq .Level 5 }}, {{ .Level }}'),
    `cpu/web1: %!(eq: a string and a number don't compare), CRITICAL`,
  )
  t.is(
    render('{{ if gt (index .Fields "nope") 90 }}hot{{ else }}cold{{ end }}!'),
    '%!(gt: a missing field and a number have no order)!',
  )
  t.is(render('{{ index .Tags (index .Fields "count") }}'), '%!(index .Tags: the name is not a string)')
})

test('a field that is missing prints as in Kapacitor, and a missing tag prints nothing', t => {
  t.is(render('{{ index .Fields "nope" }}|{{ index .Tags "nope" }}'), '<no value>|')
  t.is(render('{{ or (index .Tags "nope") "unknown" }}'), 'unknown')
})

test('names that every object has are no fields', t => {
  t.is(render('{{ index .Fields "constructor" }}{{ index .Tags "toString" }}'), '<no value>')
})

test('a text is cut at 64 KiB, between two characters', t => {
  const text = render('{{ .Message }}', { message: `x${'😀'.repeat(20_000)}` })
  t.is(Buffer.byteLength(text), 64 * 1024 - 3)
  t.true(text.isWellFormed())
  t.is(Buffer.byteLength(render('{{ .Message }}', { message: 'a'.repeat(70_000) })), 64 * 1024)
  t.is(Buffer.byteLength(render(`{{ printf "%1000v" 1 }}`.repeat(2000))), 64 * 1024)
})

// ---- the language

test('the names that a template reads are known', t => {
  const { names } = compileTemplate('{{ .ID }}{{ if eq .Level "OK" }}{{ index .Tags "host" }}{{ end }}')
  t.deepEqual([...names].toSorted(), ['ID', 'Level', 'Tags'])
  t.is(compileTemplate('plain').names.size, 0)
})

test('a name that would change while an incident is open is refused in an id', t => {
  const error = mistakeIn('{{ .Name }}:{{ .Level }}', ['Level'])
  t.is(error.code, 'refused-here')
  t.is(error.position, 15)
  t.regex(error.explain('{{ .Name }}:{{ .Level }}'), /\.Level is refused here.*must stay the same/)
  t.is(mistakeIn('{{ index .Fields "x" }}', ['Fields']).code, 'refused-here')
})

test('a mistake is named with its place and what to write instead', t => {
  for (const [source, code, position, hint] of [
    ['{{ .Nme }}', 'unknown-name', 3, /"\.Name"/],
    ['{{ level }}', 'unknown-name', 3, /"\.Level"/],
    ['{{ printg "%d" 1 }}', 'unknown-name', 3, /"printf"/],
    ['{{ index .Tags host }}', 'unknown-name', 15, /"host"/],
    ['{{ .Tags }}', 'not-supported', 3, /index \.Tags "host"/],
    ['{{ .Tags.cpu }}', 'not-supported', 3, /index \.Tags "cpu"/],
    ['{{ .Fields.usage }}', 'not-supported', 3, /index \.Fields "usage"/],
    ['{{ .Time.Unix }}', 'not-supported', 3, /\.Time/],
    ['{{ .ServerInfo.Hostname }}', 'not-supported', 3, /\.TaskName/],
    ['{{ range .Tags }}{{ end }}', 'not-supported', 3, /index/],
    ['{{ with .Level }}{{ end }}', 'not-supported', 3, /if/],
    ['{{ define "x" }}{{ end }}', 'not-supported', 3, /text/],
    ['{{ json . }}', 'not-supported', 3, /details/],
    ['{{ .Level | printf "%s" }}', 'not-supported', 10, /printf "%\.2f"/],
    ['{{ $x := 1 }}', 'not-supported', 3, /value/],
    ['{{ . }}', 'not-supported', 3, /\.ID/],
    ['{{ printf "%x" 1 }}', 'not-supported', 10, /%d/],
    ['{{ printf .ID }}', 'unexpected', 10, /printf "%\.2f"/],
    ['{{ eq .Level }}', 'unexpected', 3, /eq \.Level/],
    ['{{ eq eq 1 }}', 'unexpected', 6, /\(eq \.\.\.\)/],
    ['{{ .Level == "OK" }}', 'unexpected', 10, /eq \.Level/],
    ["{{ eq .Level 'OK' }}", 'unexpected', 13, /double quotes/],
    ['{{ eq .Level “OK” }}', 'unexpected', 13, /straight/],
    ['{{ /* note */ }}', 'unexpected', 3, /without a space/],
    ['{{ index .Tags "a" "b" }}', 'unexpected', 3, /index \.Tags/],
    ['{{ .Level', 'unfinished', 0, /}}/],
    ['{{ "x }}', 'unfinished', 3, /"/],
    ['{{ (eq 1 1 }}', 'unfinished', 3, /\)/],
    ['a {{ if true }} b', 'unfinished', 2, /end/],
    ['{{/* note }}', 'unfinished', 0, /\*\//],
    ['{{ }}', 'unfinished', 3, /\.ID/],
    ['{{ "\\q" }}', 'bad-literal', 4, /\\\\/],
    ['{{ 9223372036854775808 }}', 'bad-literal', 3, /90/],
  ] as const) {
    const error = mistakeIn(source)
    t.is(error.code, code, source)
    t.is(error.position, position, source)
    t.regex(error.hint ?? '', hint, source)
  }
})

test('a branch that is not opened or not alone is refused', t => {
  for (const source of [
    '{{ end }}',
    '{{ else }}',
    '{{ if true }}{{ else }}{{ else }}{{ end }}',
    '{{ if true }}{{ else }}{{ else if true }}{{ end }}',
    '{{ if true }}{{ end true }}',
    '{{ if }}{{ end }}',
    '{{ .ID .Name }}',
    '{{ eq (1)(2) }}',
    '{{ index .Tags"host" }}',
    '{{ .ID ) }}',
  ]) {
    t.true(['unexpected', 'unfinished'].includes(mistakeIn(source).code), source)
  }
})

test('a template is refused where it is nested too deep or too long', t => {
  t.is(render(`${'{{ if true }}'.repeat(100)}x${'{{ end }}'.repeat(100)}`), 'x')
  t.is(render(`{{ if false }}${'{{ else if false }}'.repeat(2000)}{{ else }}x{{ end }}`), 'x')
  for (const source of [
    `${'{{ if true }}'.repeat(200)}${'{{ end }}'.repeat(200)}`,
    `{{ ${'('.repeat(200)}1${')'.repeat(200)} }}`,
    ' '.repeat(70_000),
  ]) {
    t.is(mistakeIn(source).code, 'too-large', source.slice(0, 20))
  }
})
