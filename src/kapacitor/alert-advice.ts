// The alert nodes in front of one of ours: whether their level reaches it, what they keep to themselves, and what they
// forget. By Kapacitor's own rules for |alert() and |deadman(). Pure.
import type { Advice } from './advice.ts'
import { nodeOptions } from './option-advice.ts'
import { lastOf, type PipelineNode, textOf } from './pipeline.ts'

const ALERTS = new Set(['alert', 'deadman'])

/** The nearest ones, whatever stands between. */
export function alertsBefore(node: PipelineNode): PipelineNode[] {
  const found = new Set<PipelineNode>()
  const visited = new Set<PipelineNode>()
  const left = [...node.parents]
  for (let next = left.shift(); next; next = left.shift()) {
    if (visited.has(next)) continue
    visited.add(next)
    if (ALERTS.has(next.name)) found.add(next)
    else left.push(...next.parents)
  }
  return [...found]
}

export function alertAdvice(node: PipelineNode): Advice[] {
  const alerts = alertsBefore(node)
  const levels = nodeOptions.hasThresholds(node)
    ? []
    : alerts.length === 0
      ? withoutAlert(node)
      : alerts.flatMap(alert => levelAdvice(node, alert))
  return [...levels, ...alerts.flatMap(withheld), ...alerts.flatMap(alert => forgotten(node, alert))]
}

/** Points may bring a level along; nobody can know. */
function withoutAlert(node: PipelineNode): Advice[] {
  if (nodeOptions.namesLevel(node) || makesLevel(node)) return []
  const says = `@${node.name}() has no threshold, and no |alert() stands in front: only points with a field or tag level (OK, INFO, WARNING, CRITICAL) tell anything`
  const fix = `give it a threshold, such as .crit('"usage" > 90'), or name the field: .levelField('status')`
  return [{ code: 'level-unknown', severity: 'warning', line: node.line, says, fix }]
}

function makesLevel(node: PipelineNode): boolean {
  const visited = new Set<PipelineNode>()
  const left = [...node.parents]
  for (let next = left.pop(); next; next = left.pop()) {
    if (visited.has(next)) continue
    visited.add(next)
    const isMade = next.properties.some(
      ({ name, args }) =>
        ['as', 'field', 'tag'].includes(name) &&
        args.some(arg => arg.kind === 'text' && arg.text === 'level'),
    )
    // The fields of a query and of a |log() are not looked at.
    if (isMade && ['eval', 'default', 'sideload'].includes(next.name)) return true
    left.push(...next.parents)
  }
  return false
}

function levelAdvice(node: PipelineNode, alert: PipelineNode): Advice[] {
  const field = textOf(alert, 'levelField')
  const tag = textOf(alert, 'levelTag')
  if (field === null || tag === null) return []
  const wantedField = textOf(node, 'levelField')
  const wantedTag = textOf(node, 'levelTag')
  if (wantedField === null || wantedTag === null) return []
  const isNamed = nodeOptions.namesLevel(node)
  const fieldName = wantedField ?? (isNamed ? undefined : 'level')
  const tagName = wantedTag ?? (isNamed ? undefined : 'level')
  if (field === undefined && tag === undefined) {
    const add = fieldName === undefined ? `.levelTag('${tagName}')` : `.levelField('${fieldName}')`
    const says = `|${alert.name}() gives its points no level, so @${node.name}() tells nobody of them`
    return [{ code: 'no-level', severity: 'problem', line: alert.line, says, fix: `add ${add} to it` }]
  }
  if ((field && field === fieldName) || (tag && tag === tagName)) return []
  const [kind, name] = field ? (['Field', field] as const) : (['Tag', tag] as const)
  const says = `the level is in the ${kind.toLowerCase()} '${name}', and @${node.name}() looks for ${looksFor(fieldName, tagName)}`
  const fix = `give @${node.name}() .level${kind}('${name}')`
  return [{ code: 'level-not-read', severity: 'problem', line: node.line, says, fix }]
}

const looksFor = (field: string | undefined, tag: string | undefined): string =>
  [field && `the field '${field}'`, tag && `the tag '${tag}'`].filter(Boolean).join(' and ')

const WITHHOLDING = {
  noRecoveries: {
    code: 'no-recoveries',
    says: '.noRecoveries() keeps every OK to itself: incidents stay open',
    fix: 'remove it; .noRecoveries() on the node itself closes them without a word',
  },
  flapping: {
    code: 'flapping',
    says: '.flapping() can swallow an OK for good: the incident stays open',
    fix: 'remove it; .recoveryDelay() on the node itself is for what comes and goes',
  },
  inhibit: {
    code: 'inhibit',
    says: '.inhibit() silences handlers of other alerts, and not @nodes: behind those everybody is told all the same',
    fix: 'for less noise see .minLevel() and .recoveryDelay()',
  },
} as const

const withheld = (alert: PipelineNode): Advice[] =>
  Object.entries(WITHHOLDING).flatMap(([name, { code, says, fix }]) => {
    const property = lastOf(alert, name)
    return property ? [{ code, severity: 'warning' as const, line: property.line, says, fix }] : []
  })

/** Each of them makes the alert remember its levels in a topic of its own. */
const HANDLERS = new Set(
  (
    'post tcp email exec log victorOps pagerDuty pagerDuty2 hipChat alerta mqtt sensu pushover slack discord bigPanda ' +
    'telegram opsGenie opsGenie2 talk snmpTrap kafka teams serviceNow zenoss'
  ).split(' '),
)

function forgotten(node: PipelineNode, alert: PipelineNode): Advice[] {
  const { name, line, properties } = alert
  const remembers = lastOf(alert, 'topic') !== undefined || properties.some(one => HANDLERS.has(one.name))
  if (!remembers) {
    const says = `|${name}() has no topic: it forgets its levels when the task or Kapacitor starts anew, and what was bad before is never told as recovered`
    return [
      {
        code: 'no-topic',
        severity: 'warning',
        line,
        says,
        fix: "add .topic('...') to it, with a name of its own",
      },
    ]
  }
  return [...unreadable(node, alert), ...idKept(node, alert)]
}

/** Of /kapacitor/v1/alerts/topics/TOPIC/events Kapacitor takes the first part for the topic, quoted or not. */
function unreadable(node: PipelineNode, alert: PipelineNode): Advice[] {
  const topic = textOf(alert, 'topic')
  if (typeof topic !== 'string' || !topic.includes('/') || nodeOptions.hasThresholds(node)) return []
  const { line } = lastOf(alert, 'topic')!
  return [
    {
      ...{ code: 'topic-unreadable', severity: 'warning', line },
      says: `the topic '${topic}' has a slash in its name, and Kapacitor's API gives no events of such a topic: what is missed while a connection is down has to be read from a backup of its whole database, up to 64 MiB`,
      fix: `name it without a slash: .topic('${topic.replaceAll('/', '-')}')`,
    },
  ]
}

function idKept(node: PipelineNode, alert: PipelineNode): Advice[] {
  const { name, line } = alert
  // A node with thresholds makes its own.
  const isEnough = nodeOptions.hasThresholds(node) || lastOf(alert, 'idField') || lastOf(alert, 'idTag')
  if (isEnough) return []
  const says = `|${name}() does not hand on its id, so incidents have another one, and what was missed cannot be read from its topic`
  const wanted = textOf(node, 'idField') ?? 'id'
  const fix = `add .idField('${wanted}') to it`
  return [{ code: 'id-not-handed-on', severity: 'warning', line, says, fix }]
}
