// The Dockerfile of packaging/oci, which no test here can build: what it pins, copies and starts is looked at, and its
// health check is run beside a sidecar.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { matchesGlob } from 'node:path'
import test from 'ava'
import { Daemon } from '../fakes/daemon.ts'
import { Receiver } from '../fakes/receiver.ts'
import { room } from '../fakes/room.ts'
import { deadPort } from '../squadcast/servers.ts'
import { CHECKOUT } from './clean-checkout.ts'

const read = (path: string): string => readFileSync(`${CHECKOUT}${path}`, 'utf8')
const { name, version, bin, devDependencies } = JSON.parse(read('package.json'))

interface Instruction {
  readonly word: string
  readonly rest: string
}

/** Continued lines are one, comments none. */
const instructions: Instruction[] = read('packaging/oci/Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter(line => line.trim() !== '')
  .map(line => ({ word: line.split(' ', 1)[0]!, rest: line.slice(line.indexOf(' ') + 1) }))

const all = (word: string): string[] =>
  instructions.filter(each => each.word === word).map(({ rest }) => rest)
const last = <Value>(word: string): Value => JSON.parse(all(word).at(-1)!) as Value
const healthCheck = JSON.parse(all('HEALTHCHECK')[0]!.replace(/^.* CMD /, '')) as string[]

test('its base images are pinned, and Node is the one that everything here is tested with', t => {
  t.is(all('FROM')[0], `node:${devDependencies.node}-bookworm-slim AS install`)
  t.regex(all('FROM')[1]!, /^debian:12\.\d+-slim$/)
  t.is(all('FROM').length, 2)
})

test('it takes what npm packs, and lets nothing else into the build', t => {
  const [source, target] = all('COPY')[0]!.split(' ')
  t.true(matchesGlob(`${name}-${version}.tgz`, source!))
  t.true(all('RUN')[0]!.includes(target!))
  const rules = read('packaging/oci/Dockerfile.dockerignore').replace(/^#.*\n/gm, '')
  t.is(rules, `*\n!${source}\n`)
})

test('what it starts is where npm has put it, and what it copies comes along', t => {
  const [, prefix] = /--prefix (\S+)/.exec(all('RUN')[0]!)!
  const [node, main] = last<string[]>('ENTRYPOINT')
  t.is(main, `${prefix}/lib/node_modules/${name}/${bin[name]}`)
  t.deepEqual(
    all('COPY').slice(1),
    [node, prefix].map(path => `--from=install ${path} ${path}`),
  )
  t.is(healthCheck[0], node)
  t.deepEqual(last('CMD'), ['run'])
})

test('it runs as a user of its own, who owns the folders that outlive it', t => {
  const user = all('USER')[0]!
  t.regex(user, /^[1-9]\d+$/)
  const setUp = all('RUN')[1]!
  t.true(setUp.includes(`useradd --uid ${user} `))
  for (const path of last<string[]>('VOLUME'))
    t.regex(setUp, new RegExp(`install -d -m 0750 -o ${name} -g \\S+ ${path} `))
})

async function healthAt(port: number): Promise<number> {
  const [, ...words] = healthCheck
  const child = spawn(process.execPath, words, { env: { SIDECAR_PORT: String(port) }, stdio: 'ignore' })
  const [code] = (await once(child, 'close')) as [number]
  return code
}

test('its health check is content with a sidecar that runs, and with nothing else', async t => {
  const receiver = await Receiver.listen()
  t.teardown(() => receiver.close())
  const port = await deadPort()
  t.is(await healthAt(port), 1)
  const { config } = room(t, receiver.url, { http: `bind-address = "127.0.0.1:${port}"` })
  const daemon = await Daemon.ready(config)
  t.teardown(() => daemon.kill())
  t.is(await healthAt(port), 0)
  await daemon.kill()
  t.is(await healthAt(port), 1)
})
