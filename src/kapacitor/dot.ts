// The graph of a task, as Kapacitor draws it for Graphviz: which alert a node of ours stands behind.

export interface Upstream {
  /** Name of the alert's node, as `alert2`. */
  readonly alert: string
  /** Which of the script's alerts it is, from 0. */
  readonly index: number
  /** Nothing stands between the two. */
  readonly isDirect: boolean
}

const EDGE = /^\s*(\w+) -> (\w+)\b/gm
const ALERT = /^alert(\d+)$/

/** The one alert whose points reach the node; undefined when there is none, or more than one. */
export function upstreamAlert(dot: string, node: string): Upstream | undefined {
  const parents = new Map<string, string[]>()
  const alerts = new Set<string>()
  for (const [, from, to] of dot.matchAll(EDGE)) {
    parents.set(to!, [...(parents.get(to!) ?? []), from!])
    for (const name of [from!, to!]) if (ALERT.test(name)) alerts.add(name)
  }
  const found = nearestAlerts(parents, node)
  const [alert] = found
  if (alert === undefined || found.size > 1) return undefined
  // Nodes are numbered in the order of the script.
  const inOrder = [...alerts].sort((a, b) => numberOf(a) - numberOf(b))
  const isDirect = parents.get(node)?.join() === alert
  return { alert, index: inOrder.indexOf(alert), isDirect }
}

function nearestAlerts(parents: ReadonlyMap<string, readonly string[]>, node: string): Set<string> {
  const found = new Set<string>()
  const visited = new Set<string>()
  const left = [node]
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    for (const parent of parents.get(at) ?? []) {
      if (ALERT.test(parent)) found.add(parent)
      else if (!visited.has(parent)) left.push(parent)
      visited.add(parent)
    }
  }
  return found
}

const numberOf = (alert: string): number => Number(ALERT.exec(alert)?.[1])
