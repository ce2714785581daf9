// The dashboard as it stands in its file, and the questions in it as Prometheus would get them.
import { readFileSync } from 'node:fs'
import { packaging } from './promtool.ts'

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string }[]
}

export interface Dashboard {
  readonly id: unknown
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] }
}

export const readDashboard = (): Dashboard =>
  JSON.parse(readFileSync(`${packaging}grafana/kapacitor-squadcast.json`, 'utf8')) as Dashboard

/** Of panels and of variables, with Grafana's variables filled in. */
export function dashboardExpressions({ panels, templating }: Dashboard): string[] {
  const asked = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  const listed = templating.list.flatMap(
    ({ definition }) => /^label_values\((\w+), \w+\)$/.exec(definition ?? '')?.[1] ?? [],
  )
  return [...asked, ...listed].map(expr =>
    expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'),
  )
}
