// Whatever a stranger says (a task, a point, a post, Kapacitor, Squadcast, who sits on the port, a file), no command and
// no log lets it act on a terminal; and JSON is exact all the same.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { type WebSocket, WebSocketServer } from 'ws'
import { Daemon } from '../fakes/daemon.ts'
import { option, Peer, point } from '../fakes/peer.ts'
import { room } from '../fakes/room.ts'
import { ask } from '../http/listening.ts'
import { deadPort, httpServer } from '../squadcast/servers.ts'
import { forbiddenIn, HOSTILE } from '../terminal/hostile.ts'
import { type Said, said } from './said.ts'

const ID = `id${HOSTILE}`
const TASK = `task${HOSTILE}`
/** Where one comes by JSON, half a character may come, too. */
const HALF = `${HOSTILE}\ud800`
const NAME = HOSTILE.replaceAll('\0', '').replaceAll('/', '')

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(join(tmpdir(), 'kapacitor-squadcast-'))
  t.teardown(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** On a terminal and in a pipe; what it said must show some of the stranger's text. */
async function isHarmless(
  t: ExecutionContext,
  words: readonly string[],
  { until, shows = true }: { readonly until?: RegExp; readonly shows?: boolean } = {},
): Promise<Said> {
  let last: Said | undefined
  for (const isTTY of [true, false]) {
    last = await said(words, { isTTY, ...(until && { until }) })
    for (const name of ['stdout', 'stderr'] as const)
      t.deepEqual(forbiddenIn(last[name], { colour: isTTY }), [], `${words[0]} ${name}: ${last[name]}`)
    if (shows) t.regex(last.stdout + last.stderr, /\\[xu][0-9a-f]/, words.join(' '))
  }
  return last!
}

const objects = ({ stdout }: Said): Record<string, unknown>[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

const kapacitor: RequestListener = ({ url, method }, response) => {
  response.setHeader('X-Kapacitor-Version', HALF.replace(/[^ -~]/g, ''))
  const task = {
    ...{ id: `seen${HALF}`, status: 'enabled', executing: false, error: HALF, type: 'stream' },
    script: `stream|from()@squadcast().crit('"${HOSTILE}" >').${HOSTILE}(1)`,
    ...{ modified: HALF, 'last-enabled': HALF, dot: HALF, vars: {} },
  }
  if (method !== 'GET') response.writeHead(500).end(JSON.stringify({ error: HALF }))
  else if (url!.includes('/ping')) response.writeHead(204).end()
  else if (url!.includes('/tasks?')) response.end(JSON.stringify({ tasks: [task] }))
  else response.writeHead(404).end(JSON.stringify({ error: HALF }))
}

/** Refuses for good what is about the poisoned incident. */
const squadcast: RequestListener = async (request, response) => {
  const isPoisoned = (await text(request)).includes('poison')
  response.writeHead(isPoisoned ? 400 : 202).end(`answer${HOSTILE}`)
}

async function scene(t: ExecutionContext) {
  const receiver = await httpServer(t, squadcast)
  const api = await httpServer(t, kapacitor)
  const port = await deadPort()
  const made = room(t, `http://127.0.0.1:${receiver.port}/v2/incidents/kapacitor/SECRET`, {
    http: `bind-address = "127.0.0.1:${port}"`,
    kapacitor: `url = "http://127.0.0.1:${api.port}"`,
    more: '[self]\nendpoint = ""',
  })
  const daemon = await Daemon.ready(made.config)
  t.teardown(() => daemon.kill())
  await daemon.logged('http-listening')
  return { ...made, daemon, port }
}

test('what comes by points, posts and answers acts on no terminal, by no command', async t => {
  const { config, stream, daemon, port } = await scene(t)
  const command = (...words: readonly string[]) => [...words, '--config', config]
  for (const [id, level] of [
    [ID, 'CRITICAL'],
    [`poison${HOSTILE}`, 'WARNING'],
  ])
    await ask(port, { body: JSON.stringify({ id, level, message: `m${HOSTILE}`, details: `d${HOSTILE}` }) })
  await ask(port, {
    path: `/v1/alerts/${encodeURIComponent(HOSTILE)}`,
    body: JSON.stringify({ id: ID, level: HALF }),
  })
  const peer = await Peer.task(stream, TASK, [option('message', `{{ .ID }}${HOSTILE}`)])
  peer.send(point(HOSTILE, { fieldsString: { level: 'CRITICAL' } }))
  const refused = await Peer.connect(stream)
  refused.send({ init: { taskID: TASK, nodeID: 'squadcast2', options: [option('crit', `"${HOSTILE}" >`)] } })
  await refused.answered('init')
  await daemon.logged('dead-letter')
  await daemon.logged('delivered', {}, 2)

  await isHarmless(t, command('incidents'))
  const [open] = objects(await isHarmless(t, command('incidents', '--level', 'CRITICAL', '--json')))
  t.true(String(open!.id).includes(HOSTILE))
  await isHarmless(t, command('explain', ID))
  const [story] = objects(await isHarmless(t, command('explain', ID, '--json')))
  t.is(story!.id, ID)
  await isHarmless(t, command('explain', `none${HOSTILE}`))
  const [letter] = objects(await isHarmless(t, command('dead-letters', 'list', '--json')))
  t.is(letter!.incident, `poison${HOSTILE}`)
  const seq = String(letter!.seq)
  await isHarmless(t, command('dead-letters', 'list'))
  await isHarmless(t, command('dead-letters', 'show', seq))
  const [exported] = objects(await isHarmless(t, command('dead-letters', 'export')))
  t.is((exported!.event as { message: string }).message, `m${HOSTILE}`)
  await isHarmless(t, command('dead-letters', 'retry', seq, '--dry-run'))
  await isHarmless(t, command('status'))
  const plugin = await isHarmless(t, command('status', '--plugin'))
  t.is(plugin.stdout.trimEnd().split('\n').length, 1)
  await isHarmless(t, command('status', '--json'))
  await isHarmless(t, command('tasks', '--all'))
  await isHarmless(t, command('tasks', '--json'))
  await isHarmless(t, command('tasks', '--task', HOSTILE))
  await isHarmless(t, command('restart-cost'), { shows: false })
  await isHarmless(t, command('test', '--endpoint', HOSTILE))
  await isHarmless(t, command('test'))
  await isHarmless(t, command('tail', '--since', '1h'), { until: /dead-letter/ })
  await isHarmless(t, command('tail', '--since', '1h', '--json'), { until: /"dead-letter"/ })
  await isHarmless(t, command('incidents', 'resolve', ID))
  await isHarmless(t, command('dead-letters', 'discard', '--all'), { shows: false })
  await daemon.stop()
  t.deepEqual(forbiddenIn(daemon.output), [])
  t.deepEqual(daemon.complaints, [])
  t.true(daemon.log.some(({ incident }) => incident === ID))
})

test('who sits on the port of the sidecar acts on no terminal', async t => {
  const at = '2026-05-28T12:00:00.000Z'
  const status = {
    ...{ version: HALF, at, startedAt: HALF, state: 'critical', sentence: `${HALF} | open=1 `.repeat(50) },
    ...{ standing: HALF, problems: [{ severity: HALF, code: HALF, text: HALF, cure: HALF }] },
    ...{ delivering: true, durable: true, incidents: { open: 1, byLevel: { [HALF]: 1 } } },
    ...{ pending: 1, oldestPendingAt: HALF, deadLetters: 0, limitedUntil: HALF },
    ...{ budget: { rate: 1, used: 1, reserved: 0 }, connections: 1, self: { open: 0, troubles: [] } },
    endpoints: [
      {
        name: HALF,
        state: HALF,
        pending: 1,
        inFlight: 0,
        nextTryAt: HALF,
        lastAnswer: { at: HALF, verdict: HALF, text: HALF },
      },
    ],
    kapacitor: { reachable: false, problem: HALF },
    tasks: [{ task: HALF, state: HALF, why: HALF, revived: 5, nodes: [] }],
  }
  let answer: RequestListener = (_, response) => void response.end(JSON.stringify(status))
  const server = await httpServer(t, (request, response) => answer(request, response))
  const { config } = room(t, 'https://squadcast.invalid/hook/SECRET', {
    http: `bind-address = "127.0.0.1:${server.port}"`,
  })
  const commands = [['status'], ['status', '--json'], ['tasks'], ['tasks', '--json'], ['restart-cost']]
  for (const words of commands)
    await isHarmless(t, [...words, '--config', config], { shows: words[0] !== 'restart-cost' })
  const plugin = await isHarmless(t, ['status', '--plugin', '--config', config])
  t.is(plugin.stdout.trimEnd().split('\n').length, 1)
  t.true(plugin.stdout.length < 1000)
  t.is(plugin.stdout.split('|').length, 2)

  // A status that is none tells nothing, and least of all that all is fine.
  for (const body of [
    { ...status, state: HALF },
    { ...status, problems: [null] },
    { ...status, incidents: { open: HALF, byLevel: {} } },
    { ...status, tasks: [{ task: 1 }] },
    null,
  ]) {
    answer = (_, response) => void response.end(JSON.stringify(body))
    for (const words of [['status'], ['status', '--plugin'], ['restart-cost']])
      t.not((await isHarmless(t, [...words, '--config', config], { shows: false })).code, 0)
  }
  answer = (_, response) => void response.writeHead(403).end(HOSTILE)
  for (const words of [...commands, ['tail']]) await isHarmless(t, [...words, '--config', config])
})

test('a feed of whoever sits on the port acts on no terminal, and what is no feed ends it', async t => {
  const feed = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  t.teardown(() => feed.close())
  await new Promise(resolve => feed.once('listening', resolve))
  let happening: unknown = {
    ...{
      number: 1,
      at: '2026-05-28T12:00:00Z',
      severity: HALF,
      event: 'trigger',
      incidentLevel: HALF,
      text: HALF,
    },
    ...{ incident: HALF, message: HALF, endpoint: HALF },
  }
  feed.on('connection', (socket: WebSocket) => {
    for (const message of [
      { type: 'hello', version: HALF, startedAt: HALF, last: 0 },
      { type: 'happening', happening: { ...(happening as object), event: HALF } },
      { type: 'happening', happening: { ...(happening as object), at: HALF } },
      { type: 'happening', happening },
      { type: 'missed', count: 7 },
    ])
      socket.send(JSON.stringify(message))
  })
  const { port } = feed.address() as { port: number }
  const { config } = room(t, 'https://squadcast.invalid/hook/SECRET', {
    http: `bind-address = "127.0.0.1:${port}"`,
  })
  const tail = ['tail', '--config', config]
  await isHarmless(t, tail, { until: /7 happenings missed/ })
  await isHarmless(t, [...tail, '--json'], { until: /7 happenings missed/ })
  happening = { number: HALF }
  await isHarmless(t, tail, { until: /waiting for the sidecar/, shows: false })
})

test('names and contents of files act on no terminal', async t => {
  const { config } = room(t, 'https://squadcast.invalid/hook/SECRET')
  const files = folder(t)
  const ticks = join(files, `ticks${NAME}`)
  mkdirSync(ticks)
  const scripts = [
    `stream|from()@squadcast().crit('"${NAME}" >')`,
    `stream|from().measurement('${NAME}')@squadcast().id('${NAME}').crot('x')`,
    `stream|from()|groupBy('${NAME}')@squadcast().crit('"a" > 1').endpoint('${NAME}')`,
    `stream|from()|eval(lambda: "${NAME}" +).as('x')@squadcast()`,
    NAME,
  ]
  for (const [at, script] of scripts.entries()) writeFileSync(join(ticks, `${at}${NAME}.tick`), script)
  const conf = join(files, `kapacitor${NAME}.conf`)
  writeFileSync(conf, `[udf.functions.squadcast]\nsocket = ${JSON.stringify(NAME)}\ntimeout = "x"\n`)
  const check = ['check', '--config', config, '--tickscripts', ticks, '--kapacitor-conf', conf]
  await isHarmless(t, [...check, '--kapacitor-user', NAME])
  await isHarmless(t, [...check, '--json'])
  await isHarmless(t, ['check', '--config', join(files, NAME), '--tickscripts', join(files, `none${NAME}`)])

  const points = join(files, `points${NAME}.lp`)
  const cpu = `cpu,host=${NAME.replace(/[\n\r\s,=]/g, '')}`
  writeFileSync(points, `${cpu} usage=95 1780000000000000000\n${cpu}${NAME.replaceAll('\n', '')} usage=x\n`)
  const replay = ['replay', points, '--dry-run', '--group-by', 'host', '--option', 'crit="usage" > 90']
  await isHarmless(t, [...replay, '--keep-going'])
  await isHarmless(t, [...replay, '--keep-going', '--json'])
  await isHarmless(t, replay)
  await isHarmless(t, ['replay', join(files, `none${NAME}`), '--dry-run'])
  await isHarmless(t, ['replay', points, '--dry-run', '--option', `crit="${NAME}" >`])
  await isHarmless(t, ['replay', points, '--dry-run', '--tickscript', join(ticks, `0${NAME}.tick`)])

  const broken = join(files, `config${NAME}.toml`)
  writeFileSync(
    broken,
    `[udf]\n${JSON.stringify(NAME)} = 1\nsocket-mode = ${JSON.stringify(HOSTILE)}\n[[endpoint]]\nname = ${JSON.stringify(HOSTILE)}\nurl = 1\n`,
  )
  for (const words of [['run'], ['incidents'], ['status'], ['status', '--plugin'], ['check'], ['tasks']])
    await isHarmless(t, [...words, '--config', broken])
  await isHarmless(t, ['incidents', '--config', join(files, NAME)])
  await isHarmless(t, [`frob${HOSTILE}`])
  await isHarmless(t, ['incidents', `--frob${HOSTILE}`])
  await isHarmless(t, ['incidents', '--level', HOSTILE])
  await isHarmless(t, ['demo', '--task', HOSTILE])
})
