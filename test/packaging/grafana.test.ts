// The dashboard: that it can be imported anywhere, and that each of its questions is PromQL.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { dashboardExpressions, type Panel, readDashboard } from './dashboard.ts'
import { objection, withPromtool } from './promtool.ts'

const dashboard = readDashboard()
const shown = dashboard.panels.filter(({ type }) => type !== 'row')

withPromtool('each expression is PromQL', t => {
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const expressions = dashboardExpressions(dashboard)
  t.true(expressions.length > 40)
  const rules = expressions.map(
    (expr, index) => `      - record: panel:${index}\n        expr: ${JSON.stringify(expr)}`,
  )
  const file = join(folder, 'panels.rules.yml')
  writeFileSync(file, `groups:\n  - name: panels\n    rules:\n${rules.join('\n')}\n`)
  t.is(objection(['check', 'rules', file]), undefined)
})

test('it goes with any data source, and for one instance or all of them', t => {
  const [datasource, instance] = dashboard.templating.list
  t.like(datasource, { name: 'datasource', type: 'datasource', query: 'prometheus' })
  t.like(instance, { name: 'instance', type: 'query', includeAll: true, allValue: '.*' })
  t.is(dashboard.id, null)
  const text = JSON.stringify(dashboard)
  const sources = [...text.matchAll(/"datasource":\{"type":"prometheus","uid":"\$\{datasource\}"\}/g)]
  t.is(sources.length, text.split('"datasource":{').length - 1)
  for (const panel of shown)
    for (const { expr } of panel.targets ?? []) t.regex(expr, /instance=~"\$instance"/, panel.title)
})

test('its panels have names and say what they show, and none lies upon another', t => {
  t.is(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length)
  for (const { title, description } of shown) t.true(title !== '' && (description ?? '') !== '', title)
  const cells = dashboard.panels.flatMap(cellsOf)
  t.is(new Set(cells).size, cells.length)
})

function cellsOf({ gridPos: { x, y, w, h } }: Panel): string[] {
  return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`)
}
