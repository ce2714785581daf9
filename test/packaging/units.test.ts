// The units of packaging/systemd: what systemd itself says of them, and what has to fit between them and the program.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { passedSockets } from '../../src/app/passed-sockets.ts'
import { settingsOf } from '../config/machine.ts'

const folder = fileURLToPath(new URL('../../packaging/systemd/', import.meta.url))
const unit = (name: string): string => readFileSync(`${folder}${name}`, 'utf8')
const value = (text: string, key: string): string | undefined =>
  new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]

const SERVICE = 'kapacitor-squadcast.service'
const MOST_EXPOSURE = 1.5

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0
const withSystemd = hasAnalyze ? test : test.skip
if (!hasAnalyze)
  console.warn('SKIPPED: no systemd-analyze here, so the exposure of the unit is not looked at')

withSystemd('the exposure of the service is at most 1.5', t => {
  const { stdout, stderr } = spawnSync(
    'systemd-analyze',
    ['security', '--offline=true', '--no-pager', `${folder}${SERVICE}`],
    { encoding: 'utf8' },
  )
  const exposure = /Overall exposure level for [^:]*: ([\d.]+)/.exec(stdout)?.[1]
  t.truthy(exposure, stderr)
  t.true(Number(exposure) <= MOST_EXPOSURE, stdout)
})

withSystemd('systemd knows every key of the units, and misses nothing but the program', t => {
  const names = [SERVICE, 'kapacitor-squadcast-stream.socket', 'kapacitor-squadcast-batch.socket']
  const { stderr } = spawnSync('systemd-analyze', ['verify', ...names.map(name => `${folder}${name}`)], {
    encoding: 'utf8',
  })
  const complaints = stderr
    .split('\n')
    .filter(line => line.includes('kapacitor-squadcast') && !line.includes('is not executable'))
  t.deepEqual(complaints, [])
})

test('the sockets lie where the program and kapacitor.conf.example look for them, by the names it knows', t => {
  const { udf } = settingsOf('[[endpoint]]\nurl = "https://hooks.squadcast.test/x"')
  const example = readFileSync(`${folder}../../kapacitor.conf.example`, 'utf8')
  for (const kind of ['stream', 'batch'] as const) {
    const text = unit(`kapacitor-squadcast-${kind}.socket`)
    const path = value(text, 'ListenStream')!
    t.is(path, kind === 'stream' ? udf.streamSocket : udf.batchSocket)
    t.true(example.includes(`socket = "${path}"`))
    const names = value(text, 'FileDescriptorName')
    t.deepEqual(passedSockets({ LISTEN_PID: '7', LISTEN_FDS: '1', LISTEN_FDNAMES: names }, 7), { [kind]: 3 })
    t.is(value(text, 'SocketGroup'), 'kapacitor')
    t.is(value(text, 'SocketMode'), '0660')
  }
})

test('systemd does not restart over what a restart cannot repair, and gives up over nothing else', t => {
  const service = unit(SERVICE)
  t.is(value(service, 'RestartPreventExitStatus'), '78 2')
  t.is(value(service, 'Restart'), 'always')
  t.is(value(service, 'StartLimitIntervalSec'), '0')
  t.is(value(service, 'NotifyAccess'), 'all')
})

test('the service leaves no dump of its memory behind, and takes no more than its part of the machine', t => {
  const service = unit(SERVICE)
  t.is(value(service, 'LimitCORE'), '0')
  for (const key of ['LimitNOFILE', 'TasksMax', 'MemoryMax'])
    t.regex(value(service, key) ?? '', /^\d+G?$/, key)
})

test('Kapacitor waits for the sockets alone', t => {
  const sockets = 'kapacitor-squadcast-stream.socket kapacitor-squadcast-batch.socket'
  const dropIn = unit('kapacitor.service.d/kapacitor-squadcast.conf')
  t.is(value(dropIn, 'After'), sockets)
  t.is(value(dropIn, 'Wants'), `${sockets} kapacitor-squadcast.service`)
})
