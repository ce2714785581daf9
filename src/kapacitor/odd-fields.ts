// Which fields of the points that a node gets are of a type that Kapacitor cannot hand to a function: it knows texts,
// floats, int64 and booleans, and panics at anything else (udf/server.go), with all of its tasks. Followed from node to
// node by what each does to fields; what is not certain is not said. Pure.
import { evaluated, filtered, needing } from './eval-fields.ts'
import { fluxColumns } from './flux-columns.ts'
import { namesOf, type PipelineNode, textsOf } from './pipeline.ts'
import {
  deleted,
  given,
  merged,
  moved,
  NOTHING,
  NOTHING_YET,
  type OddField,
  type Points,
  united,
} from './points.ts'
import { queryColumns } from './query-columns.ts'
import type { SilentSide } from './silent-sides.ts'
import * as silent from './silent-sides.ts'
import type { Expression } from './tickscript.ts'

export type { OddField } from './points.ts'

export interface OddPoints {
  readonly fields: readonly OddField[]
  readonly silent: readonly SilentSide[]
  /** Sides whose null ends Kapacitor in front of a function of InfluxQL already. */
  readonly reduced: readonly {
    readonly by: PipelineNode
    readonly side: SilentSide
    readonly field: string
  }[]
}

/** By their name: nodes that hand on one field of their own making. */
const REDUCERS = new Set(
  (
    'count distinct mean median mode spread sum top bottom stddev elapsed difference movingAverage holtWinters ' +
    'holtWintersWithFit cumulativeSum'
  ).split(' '),
)
/** These hand on a whole point, with that field renamed. */
const SELECTORS = new Set(['first', 'last', 'min', 'max', 'percentile'])
const SOURCES = new Set(['stats', 'deadman', 'k8sAutoscale', 'swarmAutoscale', 'ec2Autoscale'])
/** Properties that name a field which a node adds. */
const ADDING = ['levelField', 'messageField', 'idField', 'durationField', 'codeField']
const COUNTERS: Readonly<Record<string, string>> = {
  stateCount: 'state_count',
  stateDuration: 'state_duration',
}

export function oddPoints(node: PipelineNode): OddPoints {
  const walk = new Walk()
  const { odd, silent } = walk.before(node)
  return { fields: [...odd.values()], silent, reduced: walk.reduced }
}

class Walk {
  readonly reduced: { by: PipelineNode; side: SilentSide; field: string }[] = []
  readonly #known = new Map<PipelineNode, Points>()

  before(node: PipelineNode): Points {
    if (node.name === 'join' || node.name === 'combine') return this.#prefixed(node)
    const [first, ...others] = node.parents.map(parent => this.#after(parent))
    return others.reduce(united, first ?? NOTHING)
  }

  #after(node: PipelineNode): Points {
    const found = this.#known.get(node)
    if (found) return found
    const points = this.#through(node)
    this.#known.set(node, points)
    return points
  }

  #through(node: PipelineNode): Points {
    const { name, args } = node
    if (SOURCES.has(name)) return NOTHING
    const points = this.before(node)
    // Another function hands on whatever it likes, but no field that it was not given right.
    if (node.sign === '@') return { ...points, names: undefined, present: new Set() }
    if (REDUCERS.has(name)) return this.#reduced(node, points)
    if (SELECTORS.has(name)) return this.#selected(node, points)
    switch (name) {
      case 'from':
      case 'where':
        return lambdasOf(node).reduce(filtered, grouped(node, points))
      case 'eval':
        return evaluated(node, points)
      case 'default':
        return given(points, defaultsOf(node))
      case 'sideload':
        return sideloaded(node, points)
      case 'delete':
        return deleted(points, namesOf(node, 'field'))
      case 'stateCount':
      case 'stateDuration':
        return counted(node, points)
      case 'flatten':
        return flattened(points)
      case 'query':
        return { ...NOTHING, names: columnsOf(args[0]), present: new Set(groups(node)) }
      case 'queryFlux':
        return { ...NOTHING, odd: fluxOdd(node) }
      default: {
        const added = name === 'derivative' ? [...ADDING, 'as'] : ADDING
        return grouped(
          node,
          given(
            points,
            added.flatMap(property => namesOf(node, property)),
          ),
        )
      }
    }
  }

  #prefixed(join: PipelineNode): Points {
    const sides = join.parents.map(parent => this.#after(parent))
    if (join.name === 'combine') {
      const [only] = sides
      const all = namesOf(join, 'as').map((_, side) => moved(only ?? NOTHING, silent.prefixOf(join, side)))
      return all.length === 0 ? (only ?? NOTHING) : all.reduce(merged)
    }
    const joined = sides.map((side, at) => moved(side, silent.prefixOf(join, at))).reduce(merged, NOTHING_YET)
    const own = silent.silentSides(
      join,
      sides.map(({ names }) => names),
    )
    const all = own.length === 0 ? joined : { ...joined, present: new Set<string>() }
    return { ...all, silent: [...joined.silent, ...own] }
  }

  #reduced(node: PipelineNode, { silent }: Points): Points {
    const [field] = node.args[0] ? textsOf(node.args[0]) : []
    for (const side of silent)
      if (field !== undefined && side.nulls.has(field)) this.reduced.push({ by: node, side, field })
    const names = new Set([namesOf(node, 'as')[0] ?? node.name])
    return { ...NOTHING, names, present: names }
  }

  #selected(node: PipelineNode, points: Points): Points {
    const [field] = node.args[0] ? textsOf(node.args[0]) : []
    if (field === undefined) return points
    this.#reduced(node, points)
    const as = namesOf(node, 'as')[0] ?? node.name
    const left = points.silent.filter(side => silent.reads(side, field))
    const rest = given({ ...deleted(points, [field]), silent: left }, [as])
    return rest.names
      ? { ...rest, names: new Set([...rest.names].filter(one => one === as || one !== field)) }
      : rest
  }
}

/** A default may be a text too. */
const defaultsOf = (node: PipelineNode): string[] =>
  node.properties.flatMap(({ name, args: [field] }) => (name === 'field' && field ? textsOf(field) : []))

const groups = (node: PipelineNode): string[] =>
  node.name === 'groupBy' ? node.args.flatMap(textsOf) : namesOf(node, 'groupBy')

const grouped = (node: PipelineNode, points: Points): Points => ({
  ...points,
  present: new Set([...points.present, ...groups(node)]),
})

function lambdasOf(node: PipelineNode): Expression[] {
  const values = [
    ...node.args,
    ...node.properties.filter(({ name }) => name === 'where').flatMap(({ args }) => args),
  ]
  return values.flatMap(value => (value.kind === 'lambda' ? [value.body] : []))
}

function counted(node: PipelineNode, points: Points): Points {
  const [body] = lambdasOf(node)
  const as = namesOf(node, 'as')[0] ?? COUNTERS[node.name]!
  const left = body ? needing(points, body) : points
  return given({ ...left, odd: deleted(left, [as]).odd }, [as])
}

function sideloaded(node: PipelineNode, points: Points): Points {
  const odd = new Map(points.odd)
  const names: string[] = []
  for (const { name: property, args, line } of node.properties) {
    const [name, value] = args
    if (property !== 'field' || name?.kind !== 'text') continue
    names.push(name.text)
    odd.delete(name.text)
    const type = value?.kind === 'unknown' ? value.type : value?.kind
    const isInt = type === 'int' || (value?.kind === 'number' && !value.text.includes('.'))
    const kind = type === 'duration' ? 'duration' : isInt ? 'int' : undefined
    if (kind) odd.set(name.text, { kind, name: name.text, line, by: '|sideload()' })
  }
  return given({ ...points, odd }, names)
}

/** Values of tags come in front of the names: a name that is asked for behind it is not known to be one of them. */
const flattened = (points: Points): Points => ({
  ...NOTHING,
  odd: points.odd,
  silent: points.silent.map(side => silent.renamed(side, name => `\0${name}`)),
})

function columnsOf(text: PipelineNode['args'][number] | undefined): Set<string> | undefined {
  const columns = text?.kind === 'text' ? queryColumns(text.text) : undefined
  return columns && new Set(columns.map(({ name }) => name))
}

function fluxOdd({ args, line }: PipelineNode): Map<string, OddField> {
  const [text] = args
  const columns = text?.kind === 'text' ? fluxColumns(text.text) : new Map<string, 'unsigned' | 'time'>()
  return new Map([...columns].map(([name, kind]) => [name, { kind, name, line, by: '|queryFlux()' }]))
}
