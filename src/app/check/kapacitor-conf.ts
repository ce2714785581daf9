// Layer 7: kapacitor.conf, as far as it is about us: our functions with our sockets, and what topics remember. Read as
// TOML; what the environment or Kapacitor's API overrides in it is not seen.
import { resolve } from 'node:path'
import { type Document, readDocument } from '../../config/document.ts'
import { readText } from '../../config/read-text.ts'
import type { KapacitorSettings, UdfSettings } from '../../config/settings.ts'
import { errorCode, whyUnreadable } from '../../config/unreadable.ts'
import type { Edge } from '../../kapacitor/pipeline.ts'
import { edgeByName } from '../scripts.ts'
import { type Finding, findingsOf } from './finding.ts'
import { timeoutFinding } from './udf-timeout.ts'

const { passed, warned, failed, skipped } = findingsOf('kapacitor-conf')

const PASTE = 'paste kapacitor.conf.example into it, below its [udf], and restart Kapacitor'

export interface ReadKapacitorConf {
  readonly findings: readonly Finding[]
  /** What our functions want, by their sockets. */
  readonly edges: ReadonlyMap<string, Edge>
}

/** What is right of ours; undefined: it is not known, since the configuration is not. */
export interface OurSide {
  readonly functions: KapacitorSettings['functions']
  readonly sockets: Pick<UdfSettings, 'streamSocket' | 'batchSocket'> | undefined
}

export function kapacitorConfLayer(file: string | undefined, ours: OurSide): ReadKapacitorConf {
  if (file === undefined)
    return nothing(
      skipped('kapacitor-conf', 'no file was named', '--kapacitor-conf /etc/kapacitor/kapacitor.conf'),
    )
  let text: string
  try {
    text = readText(file)
  } catch (error) {
    const says = `${file} ${whyUnreadable(error)}`
    const isHidden = errorCode(error) === 'EACCES'
    return nothing(
      isHidden
        ? skipped('kapacitor-conf', says, 'run this as root: sudo kapacitor-squadcast check')
        : failed('kapacitor-conf', says, 'name the file that Kapacitor reads'),
    )
  }
  const read = readDocument(text)
  if ('document' in read) return ofDocument(file, read.document, ours)
  const { message, line } = read.problem
  const isTwice = /multiple times|duplicate/i.test(message)
  const fix = isTwice
    ? 'TOML allows each header once: keep one [udf] and one [udf.functions], and put our tables below them'
    : 'mend that line: Kapacitor does not start with it'
  return nothing(failed('kapacitor-conf', `${file}:${line}: ${message}`, fix))
}

const nothing = (finding: Finding): ReadKapacitorConf => ({ findings: [finding], edges: new Map() })

function ofDocument(file: string, document: Document, ours: OurSide): ReadKapacitorConf {
  const functions = document.at(['udf', 'functions'])
  const names = typeof functions === 'object' && functions !== null ? Object.keys(functions) : []
  if (names.length === 0)
    return nothing(
      failed('kapacitor-conf-functions', `${file}: there is no [udf.functions.NAME] in it`, PASTE),
    )
  const known = names.map(name => registered(name, document))
  const edges = new Map(
    known.flatMap(({ name, socket }) => edgeOf(socket, ours).map(edge => [name, edge] as const)),
  )
  return {
    edges,
    findings: [
      ...ours.functions.flatMap(name => functionFindings(name, known, { file, ours, edges })),
      ...strangers(known, ours, edges),
      topics(file, document),
    ],
  }
}

interface Registered {
  readonly name: string
  readonly line: number | undefined
  readonly socket: string | undefined
  readonly prog: string | undefined
  readonly timeout: unknown
}

function registered(name: string, document: Document): Registered {
  const path = ['udf', 'functions', name]
  const textAt = (key: string): string | undefined => {
    const value = document.at([...path, key])
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const line = document.placeOf(path)?.line
  return {
    name,
    line,
    socket: textAt('socket'),
    prog: textAt('prog'),
    timeout: document.at([...path, 'timeout']),
  }
}

/** Of one socket or none. */
function edgeOf(socket: string | undefined, { sockets }: OurSide): Edge[] {
  if (socket === undefined || !sockets) return []
  if (resolve(socket) === sockets.streamSocket) return ['stream']
  return resolve(socket) === sockets.batchSocket ? ['batch'] : []
}

interface Around {
  readonly file: string
  readonly ours: OurSide
  readonly edges: ReadonlyMap<string, Edge>
}

function functionFindings(name: string, known: readonly Registered[], around: Around): Finding[] {
  const { file } = around
  const check = 'kapacitor-conf-function'
  const found = known.find(one => one.name === name)
  if (!found)
    return [
      failed(
        check,
        `${file}: no [udf.functions.${name}], and [kapacitor] functions names it`,
        `${PASTE}; or take the name out of [kapacitor] functions`,
      ),
    ]
  return [socketFinding(found, known, around), timeoutFinding(placeOf(found, file), found.timeout)]
}

const placeOf = ({ name, line }: Registered, file: string): string => `${file}:${line}: ${name}`

function socketFinding(
  found: Registered,
  known: readonly Registered[],
  { file, ours, edges }: Around,
): Finding {
  const { name, socket, prog } = found
  const check = 'kapacitor-conf-socket'
  const place = placeOf(found, file)
  if (socket !== undefined && prog !== undefined)
    return failed(
      check,
      `${place}: has socket and prog: Kapacitor does not start with both`,
      'remove prog, args and env',
    )
  if (prog !== undefined)
    return failed(
      check,
      `${place}: runs a program (prog); the sidecar is reached by a socket`,
      `remove prog, args and env, and write socket = "${wanted(name, ours)}"`,
    )
  if (socket === undefined)
    return failed(
      check,
      `${place}: has no socket: Kapacitor does not start`,
      `socket = "${wanted(name, ours)}"`,
    )
  const twin = known.find(
    one => one !== found && one.socket !== undefined && resolve(one.socket) === resolve(socket),
  )
  if (twin)
    return failed(
      check,
      `${place}: has the same socket as ${twin.name}: each would take the other's points`,
      'give the one for streams stream-socket, and the one for batches batch-socket',
    )
  if (!ours.sockets)
    return skipped(check, `${place}: its socket has nothing to be compared with: see configuration`)
  const edge = edges.get(name)
  if (edge === undefined)
    return failed(
      check,
      `${place}: its socket ${socket} is none of [udf] stream-socket, batch-socket`,
      `socket = "${wanted(name, ours)}"`,
    )
  if (edge !== edgeByName(name))
    return warned(
      check,
      `${place}: its socket is the one for ${edge === 'batch' ? 'batches' : 'streams'}: mixed up, by its name`,
      `socket = "${wanted(name, ours)}", if it is for ${edgeByName(name) === 'batch' ? 'batches' : 'streams'}`,
    )
  return passed(check, `${place}: has our ${edge} socket`)
}

const wanted = (name: string, { sockets }: OurSide): string =>
  (edgeByName(name) === 'batch' ? sockets?.batchSocket : sockets?.streamSocket) ?? '...'

/** Registered with our sockets, and unknown to us: tasks that use them are never revived. */
const strangers = (
  known: readonly Registered[],
  { functions }: OurSide,
  edges: ReadonlyMap<string, Edge>,
): Finding[] =>
  known
    .filter(({ name }) => edges.has(name) && !functions.includes(name))
    .map(({ name }) =>
      failed(
        'kapacitor-conf-names',
        `${name} has our socket, and [kapacitor] functions does not name it: its tasks are not revived`,
        `[kapacitor] functions = [${[...functions.filter(one => edges.has(one)), name].map(one => `"${one}"`).join(', ')}]`,
      ),
    )

function topics(file: string, document: Document): Finding {
  const check = 'kapacitor-conf-topics'
  if (document.at(['alert', 'persist-topics']) !== false)
    return passed(check, `${file}: alerts remember their levels (persist-topics)`)
  const line = document.placeOf(['alert', 'persist-topics'])?.line
  return warned(
    check,
    `${file}:${line}: persist-topics = false: after a restart alerts forget what was bad, and it stays open`,
    'remove the line, or write true',
  )
}
