import test from 'ava'
import { LanguageError } from '../../src/incident/language-error.ts'
import { compileTemplate, type TemplateValues } from '../../src/incident/template/template.ts'
import { scopeOf } from '../fakes/scope.ts'
import { asPrintedHere, type RecordedTemplate, recordedTemplates, rowValues } from './recorded-templates.ts'

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

const rows = recordedTemplates('templates.json')

const inLanguage = (row: RecordedTemplate): boolean => row.beyond === undefined

test('a template prints what a real Kapacitor printed, times apart', t => {
  const printed = rows.filter(row => row.rendered !== undefined && inLanguage(row))
  t.true(printed.length > 150)
  for (const row of printed) {
    const text = compileTemplate(row.template).render(rowValues(row))
    t.is(asPrintedHere(row, text), asPrintedHere(row, row.rendered!), row.template)
  }
})

test('what is beyond this language is refused, or printed as by Kapacitor', t => {
  const beyond = rows.filter(row => !inLanguage(row))
  const refused: string[] = []
  for (const row of beyond) {
    try {
      const text = compileTemplate(row.template).render(rowValues(row))
      t.is(text, asPrintedHere(row, row.rendered!), row.template)
    } catch (error) {
      t.true(error instanceof LanguageError, row.template)
      refused.push(row.template)
    }
  }
  t.deepEqual(refused.toSorted(), [
    '{{ .ServerInfo.Hostname }}',
    '{{ define "x" }}{{ end }}',
    '{{ printf "%!" }}',
    '{{ printf "%z" 1 }}',
    '{{ printf "50%" }}',
  ])
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

// ---- bounds

const BIG = { message: 'm'.repeat(64 * 1024), scope: scopeOf({}, { a: '1', b: '2', c: '3', d: '4' }) }

const GREEDY: readonly (readonly [what: string, template: string])[] = [
  ['thousands of operands of a printf', `{{ printf "%s${' .Message'.repeat(2300)} }}`.replace('%s', '%s"')],
  ['thousands of verbs', `{{ printf "${'%[1]s'.repeat(10_000)}" .Message }}`],
  ['thousands of operands of a print', `{{ print${' .Message'.repeat(7000)} }}`],
  ['wide columns', `{{ printf "${'%1000v'.repeat(8000)}"${' 1'.repeat(8000)} }}`],
  ['a column as wide as the point says', `{{ printf "%*d" 1000000000 1 }}`],
  ['texts that are compared', `{{ eq (html .Message)${' (print .Message 1)'.repeat(3000)} }}`],
  ['texts in variables', '{{ $x := print .Message 1 }}'.repeat(900)],
  ['loops within loops', `${'{{ range $.Tags }}'.repeat(40)}${'{{ end }}'.repeat(40)}`],
  ['quotes of quotes', `{{ .Message${' | printf "%q"'.repeat(190)} | len }}`],
]

for (const [what, template] of GREEDY)
  test(`${what}: a text stays small, and little is made on the way to it`, t => {
    const before = process.memoryUsage().heapUsed
    const text = render(template, BIG)
    t.true(Buffer.byteLength(text) <= 64 * 1024)
    t.true(process.memoryUsage().heapUsed - before < 256 * 1024 * 1024)
  })

test('a text that is too much to do ends with a note', t => {
  const loops = `a${'{{ range $.Tags }}'.repeat(40)}${'{{ end }}'.repeat(40)}b`
  t.is(render(loops, BIG), 'a%!(the rest takes too long for one point)')
})

// ---- the language

test('what changes while an incident is open is refused in an id, wherever it is read', t => {
  for (const [source, position] of [
    ['{{ .Time.Local.Format "15" }}', 3],
    ['{{ $.Level }}', 3],
    ['{{ printf "%v" 1 | print .Duration }}', 25],
    ['{{ $x := .Level }}{{ $x }}', 9],
    ['{{ with .Time }}{{ . }}{{ end }}', 8],
    ['{{ range .Tags }}{{ $.Time }}{{ end }}', 20],
    ['{{ if (eq .Level "OK") }}{{ end }}', 10],
  ] as const) {
    const error = mistakeIn(source, ['Level', 'Time', 'Duration'])
    t.is(error.code, 'refused-here', source)
    t.is(error.position, position, source)
  }
})

test('the dot of a {{ with }} ends with it', t => {
  t.is(render('{{ with .Tags.host }}{{ . }}{{ end }} {{ .Level }}'), 'web1 CRITICAL')
  t.is(render('{{ with .Tags.nope }}a{{ else with .Tags.host }}{{ . }}{{ else }}b{{ end }}'), 'web1')
  t.is(render('{{ with .Tags.nope }}{{ else }}{{ .Level }}{{ end }}'), 'CRITICAL')
})

test('a variable that was given in a branch keeps its value, and one that never was has none', t => {
  t.is(render('{{ $x := "a" }}{{ if .Tags.host }}{{ $x = "b" }}{{ end }}{{ $x }}'), 'b')
  t.is(render('{{ $x := gt .Level 1 }}|{{ $x }}'), '%!(gt: a string and a number have no order)|<no value>')
})

test('a method of a value that has none prints a note', t => {
  t.is(render('{{ $x := or .Time .Level }}{{ $x.Format "2006" }}'), '2026')
  t.is(render('{{ $x := and .Time .Level }}{{ $x.Format "2006" }}'), '%!(.Format: a string has no such part)')
  t.is(render('{{ $x := or .Time 1 }}{{ $x.Format }}'), '%!(.Format: it takes 1 argument, not 0)')
})

test('a text that is shorter than its slice is shown to its end', t => {
  t.is(render('{{ slice .Level 0 100 }}{{ slice .Level 5 100 }}{{ slice .Level 50 100 }}'), 'CRITICALCAL')
})

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
    ['{{ .Tags "cpu" }}', 'unexpected', 3, /index \.Tags "cpu"/],
    ['{{ .Tags.host-name }}', 'unexpected', 13, /index \.Tags "host-name"/],
    ['{{ .Tags.host.x }}', 'not-supported', 3, /leave it off/],
    ['{{ .Level.x }}', 'not-supported', 3, /leave it off/],
    ['{{ .Host }}', 'unknown-name', 3, /\.Tags\.Host/],
    ['{{ .Time.Formt "15:04" }}', 'not-supported', 3, /"\.Format"/],
    ['{{ .Time.Location }}', 'not-supported', 3, /\.Local/],
    ['{{ .Time.Format }}', 'unexpected', 3, /\.Format "15:04"/],
    ['{{ printf "%s" .Time.Format "15:04" }}', 'unexpected', 15, /\(\.Time\.Local\.Format "15:04"\)/],
    ['{{ .Duration.Secs }}', 'not-supported', 3, /\.Seconds/],
    ['{{ .ServerInfo.Hostname }}', 'not-supported', 3, /as a tag/],
    ['{{ range .Level }}{{ end }}', 'unexpected', 9, /range \$name, \$value := \.Tags/],
    ['{{ with .Tags.host }}{{ .Level }}{{ end }}', 'unknown-name', 24, /\$\.Level/],
    ['{{ with .Tags.host }}{{ else if true }}{{ end }}', 'unexpected', 21, /\{\{ end \}\}/],
    ['{{ define "x" }}{{ end }}', 'not-supported', 3, /text/],
    ['{{ json . }}', 'not-supported', 3, /details/],
    ['{{ break }}', 'not-supported', 3, /if/],
    ['{{ nil }}', 'not-supported', 3, /eq \(index/],
    ['{{ .Level | 5 }}', 'unexpected', 12, /only a function/],
    ['{{ .Level | .ID }}', 'unexpected', 12, /only a function/],
    ['{{ .Level | }}', 'unfinished', 12, /\.ID/],
    ['{{ | .Level }}', 'unfinished', 3, /\.ID/],
    ['{{ $x }}', 'unknown-name', 3, /\$x := /],
    ['{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}', 'unknown-name', 38, /\$x := /],
    ['{{ $host := .Tags.host }}{{ $hosts }}', 'unknown-name', 28, /"\$host"/],
    ['{{ $x = 1 }}', 'unknown-name', 3, /\$x := /],
    ['{{ . }}', 'not-supported', 3, /\.ID/],
    ['{{ $ }}', 'not-supported', 3, /\.ID/],
    ['{{ printf "%z" 1 }}', 'not-supported', 10, /%d/],
    ['{{ printf "%1001d" 1 }}', 'not-supported', 10, /%d/],
    ['{{ printf 5 .ID }}', 'unexpected', 10, /printf "%\.2f"/],
    ['{{ printf }}', 'unexpected', 3, /printf "%\.2f"/],
    ['{{ .Level && true }}', 'unexpected', 10, /^write and/],
    ['{{ .Level + 1 }}', 'unexpected', 10, /\|eval/],
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
    `{{ 1${' | not'.repeat(300)} }}`,
    `{{ .Time${'.UTC'.repeat(300)} }}`,
    '{{ $x := 1 }}'.repeat(1100),
    ' '.repeat(70_000),
  ]) {
    t.is(mistakeIn(source).code, 'too-large', source.slice(0, 20))
  }
})

test('a template says which of its text its author wrote', t => {
  const message = '**x**'
  const { text, own } = compileTemplate(
    'a {{ .Message }}{{ .Message }} b{{ if .Message }}c{{ end }}{{ "d" }} {{ printf "%s!" .Message }}',
  ).renderMarked({ ...VALUES, message })
  t.is(text, 'a **x****x** bcd **x**!')
  t.deepEqual(own, [0, 2, 12, 17])
  t.deepEqual(compileTemplate('').renderMarked(VALUES), { text: '', own: [] })
})
