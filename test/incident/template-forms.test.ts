// Pipelines, variables, methods and the rest of Go's templates, against what a real Kapacitor rendered.
import test from 'ava'
import { LanguageError } from '../../src/incident/language-error.ts'
import { compileTemplate } from '../../src/incident/template/template.ts'
import { asPrintedHere, type RecordedTemplate, recordedTemplates, rowValues } from './recorded-templates.ts'

const rows = recordedTemplates('template-forms.json')

const render = (row: RecordedTemplate): string =>
  compileTemplate(row.template, { local: () => row.local! }).render(rowValues(row))

for (const row of rows.filter(({ rendered }) => rendered !== undefined))
  test(`${row.option} ${row.template} of ${row.values.Time} in ${row.local!.zone} ${JSON.stringify(row.values.Fields)} ${row.values.Duration}`, t => {
    t.is(asPrintedHere(row, render(row)), asPrintedHere(row, row.rendered!))
  })

test('there is enough to compare', t => {
  t.true(rows.length > 150)
})

test('where Kapacitor loses the alert, the template is refused or prints a note', t => {
  const outcomes = rows
    .filter(({ error }) => error !== undefined)
    .map(row => {
      try {
        return `${row.template} → ${render(row)}`
      } catch (error) {
        if (!(error instanceof LanguageError)) throw error
        return `${row.template} refused`
      }
    })
  t.deepEqual(
    outcomes.filter(outcome => !outcome.endsWith('refused')),
    [
      '{{ len .Fields.count }} → %!(len: a number has no length)',
      '{{ .Time.Format 5 }} → %!(.Format: a number is no layout; write one in quotes, like "15:04")',
      '{{ .Time.Local }} → 2026-05-28T22:26:40.123456789+02:00',
    ],
  )
})
