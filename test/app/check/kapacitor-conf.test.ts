// kapacitor.conf as people write it, and what would keep Kapacitor from starting or tasks from living.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { kapacitorConfLayer } from '../../../src/app/check/kapacitor-conf.ts'
import { short } from './around.ts'

const FOLDER = '/run/kapacitor-squadcast'
const ours = {
  functions: ['squadcast', 'squadcastBatch'],
  sockets: { streamSocket: `${FOLDER}/stream.sock`, batchSocket: `${FOLDER}/batch.sock` },
}

function look(t: ExecutionContext, text: string, side: Parameters<typeof kapacitorConfLayer>[1] = ours) {
  const folder = mkdtempSync(join(tmpdir(), 'kapacitor-conf-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'kapacitor.conf')
  writeFileSync(file, text)
  return kapacitorConfLayer(file, side)
}

const table = (name: string, lines: string): string => `[udf.functions.${name}]\n${lines}\n`
const right = (name: string, kind: string): string =>
  table(name, `socket = "${FOLDER}/${kind}.sock"\ntimeout = "60s"`)
const STREAM = right('squadcast', 'stream')
const BATCH = right('squadcastBatch', 'batch')
const HEAD = 'data_dir = "/var/lib/kapacitor"\n[udf]\n[udf.functions]\n'

test('the example that we give is right, below a file as Kapacitor brings it', t => {
  const example = readFileSync(new URL('../../../kapacitor.conf.example', import.meta.url), 'utf8')
  const { findings, edges } = look(t, `${HEAD}${example}`)
  t.deepEqual(short(findings), [
    'passed kapacitor-conf-socket',
    'passed kapacitor-conf-timeout',
    'passed kapacitor-conf-socket',
    'passed kapacitor-conf-timeout',
    'passed kapacitor-conf-topics',
  ])
  t.deepEqual(
    [...edges],
    [
      ['squadcast', 'stream'],
      ['squadcastBatch', 'batch'],
    ],
  )
})

for (const [what, text, finding, wording] of [
  [
    'no function at all',
    '[http]\nbind-address = ":9092"',
    'failed kapacitor-conf-functions',
    /paste kapacitor\.conf\.example/,
  ],
  ['one function missing', HEAD + STREAM, 'failed kapacitor-conf-function', /udf\.functions\.squadcastBatch/],
  ['a table twice', `${HEAD}${STREAM}${BATCH}[udf]\n`, 'failed kapacitor-conf', /each header once/],
  ['what is no TOML', `${HEAD}${STREAM}\nsocket = `, 'failed kapacitor-conf', /mend that line/],
  [
    'a program',
    HEAD + BATCH + table('squadcast', 'prog = "node"\ntimeout = "60s"'),
    'failed kapacitor-conf-socket',
    /runs a program.*stream\.sock/s,
  ],
  [
    'a program beside the socket',
    HEAD + BATCH + table('squadcast', `socket = "${FOLDER}/stream.sock"\nprog = "node"\ntimeout = "60s"`),
    'failed kapacitor-conf-socket',
    /does not start with both/,
  ],
  [
    'neither',
    HEAD + BATCH + table('squadcast', 'timeout = "60s"'),
    'failed kapacitor-conf-socket',
    /has no socket/,
  ],
  [
    'another path',
    HEAD + BATCH + table('squadcast', 'socket = "/tmp/x.sock"\ntimeout = "60s"'),
    'failed kapacitor-conf-socket',
    /\/tmp\/x\.sock.*socket = "\/run\/kapacitor-squadcast\/stream\.sock"/s,
  ],
  [
    'one socket for both',
    HEAD + STREAM + right('squadcastBatch', 'stream'),
    'failed kapacitor-conf-socket',
    /same socket as squadcastBatch/,
  ],
  [
    'the sockets mixed up',
    HEAD + right('squadcast', 'batch') + right('squadcastBatch', 'stream'),
    'warned kapacitor-conf-socket',
    /mixed up/,
  ],
  [
    'no timeout',
    HEAD + BATCH + table('squadcast', `socket = "${FOLDER}/stream.sock"`),
    'failed kapacitor-conf-timeout',
    /does not start/,
  ],
  [
    'a timeout that is none',
    HEAD + BATCH + table('squadcast', `socket = "${FOLDER}/stream.sock"\ntimeout = 60`),
    'failed kapacitor-conf-timeout',
    /no duration/,
  ],
  [
    'a timeout of nothing',
    HEAD + BATCH + STREAM.replace('60s', '1ms'),
    'failed kapacitor-conf-timeout',
    /too short/,
  ],
  [
    'a short timeout',
    HEAD + BATCH + STREAM.replace('60s', '1.5s'),
    'warned kapacitor-conf-timeout',
    /is short/,
  ],
  [
    'a long timeout',
    HEAD + BATCH + STREAM.replace('60s', '1h0m1s'),
    'warned kapacitor-conf-timeout',
    /is long/,
  ],
  [
    'a name that we do not know',
    HEAD + STREAM + BATCH + right('pages', 'stream'),
    'failed kapacitor-conf-names',
    /functions = \["squadcast", "squadcastBatch", "pages"\]/,
  ],
  [
    'topics that are forgotten',
    `${HEAD + STREAM + BATCH}[alert]\npersist-topics = false`,
    'warned kapacitor-conf-topics',
    /persist-topics/,
  ],
] as const)
  test(`in kapacitor.conf: ${what}`, t => {
    const { findings } = look(t, text)
    const found = findings.filter(one => short([one])[0] === finding)
    t.true(found.length > 0, short(findings).join(', '))
    t.true(
      found.some(({ says, fix }) => wording.test(`${says}\n${fix}`)),
      JSON.stringify(found),
    )
  })

test('lines are named', t => {
  const { findings } = look(t, HEAD + STREAM.replace('60s', '2s') + BATCH)
  t.regex(findings[1]?.says ?? '', /kapacitor\.conf:4: squadcast: timeout "2s"/)
})

test('a file that is not there fails, and without one the layer is skipped', t => {
  t.deepEqual(short(kapacitorConfLayer('/nonexistent/kapacitor.conf', ours).findings), [
    'failed kapacitor-conf',
  ])
  t.deepEqual(short(kapacitorConfLayer(undefined, ours).findings), ['skipped kapacitor-conf'])
})

test('without a configuration to compare with, what Kapacitor itself would refuse is told all the same', t => {
  const { findings } = look(t, HEAD + STREAM + table('squadcastBatch', 'prog = "x"'), {
    functions: ours.functions,
    sockets: undefined,
  })
  t.deepEqual(short(findings), [
    'skipped kapacitor-conf-socket',
    'passed kapacitor-conf-timeout',
    'failed kapacitor-conf-socket',
    'failed kapacitor-conf-timeout',
    'passed kapacitor-conf-topics',
  ])
})
