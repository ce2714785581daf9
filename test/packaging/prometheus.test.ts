// The alert rules: what promtool says of them, and that whoever is woken by one finds out what to do.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { alerts, objection, packaging, withPromtool } from './promtool.ts'

const unitTests = readFileSync(`${packaging}prometheus/kapacitor-squadcast.test.yml`, 'utf8')
const operations = readFileSync(`${packaging}../docs/operations.md`, 'utf8')

withPromtool('promtool takes the rules, and their unit tests pass', t => {
  t.is(objection(['check', 'rules', 'kapacitor-squadcast.rules.yml']), undefined)
  t.is(objection(['test', 'rules', 'kapacitor-squadcast.test.yml']), undefined)
})

withPromtool('promtool takes the scrape example, with either of its jobs', t => {
  t.is(objection(['check', 'config', 'scrape.example.yml']), undefined)
  const folder = mkdtempSync(join(tmpdir(), 'scrape-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const [head, remote] = readFileSync(`${packaging}prometheus/scrape.example.yml`, 'utf8').split(
    /^(?= {2}#- job_name)/m,
  )
  const other = head!.replace(/^ {2}- job_name[\s\S]*?\n\n/m, '') + remote!.replaceAll(/^ {2}#/gm, '  ')
  t.regex(other, /^ {4}authorization:$/m)
  t.notRegex(other, /instance: kapacitor-1/)
  writeFileSync(join(folder, 'other.yml'), other)
  t.is(objection(['check', 'config', '--syntax-only', join(folder, 'other.yml')]), undefined)
})

test('each alert says how bad it is, what is wrong and where it is, in sentences', t => {
  t.true(alerts.length >= 20)
  for (const { name, severity, annotations } of alerts) {
    t.regex(name, /^KapacitorSquadcast[A-Z]\w+$/)
    t.regex(severity ?? '', /^(critical|warning)$/, name)
    t.true((annotations.summary ?? '').length > 20, name)
    t.regex(annotations.description ?? '', /^[A-Z].*\.$/, name)
    if (name !== 'KapacitorSquadcastAbsent') t.regex(annotations.summary!, /\$labels\.instance/, name)
  }
})

test('each alert has a unit test in which it fires, and one in which it does not', t => {
  const unproven = alerts.filter(({ name }) => {
    const asked = unitTests.split(/^ {2}- name: /m).filter(text => text.includes(`alertname="${name}"`))
    return (
      !asked.some(text => /exp_samples: \[\{/.test(text)) ||
      !asked.some(text => /exp_samples: \[\]/.test(text))
    )
  })
  t.deepEqual(unproven, [])
})

test('each alert leads to its entry in docs/operations.md, and each entry has its alert', t => {
  const [, section = ''] = /^## Alerts\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(operations) ?? []
  const entries = [...section.matchAll(/^### (\w+)\n([\s\S]*?)(?=^### |$(?![\s\S]))/gm)]
  t.deepEqual(
    entries.map(([, name]) => name),
    alerts.map(({ name }) => name),
  )
  for (const { name, annotations } of alerts)
    t.is(annotations.runbook_url, `docs/operations.md#${name.toLowerCase()}`)
  for (const [, name, text] of entries) {
    t.regex(text!, /^\*\*See\*\*: /m, name)
    t.regex(text!, /^\*\*Do\*\*: /m, name)
  }
})
