// The log as it is written, by a process of its own: hostile fields and messages do nothing to who reads it.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { forbiddenIn, HOSTILE } from '../terminal/hostile.ts'

const LOG = fileURLToPath(new URL('../../src/telemetry/log.ts', import.meta.url))

/** Standard error of a process that logs such a line at two levels. */
async function logged(format: 'json' | 'pretty', colour = false): Promise<string> {
  const script = `
    import { openLog } from ${JSON.stringify(LOG)}
    const hostile = ${JSON.stringify(HOSTILE)}
    const log = openLog({ level: 'info', format: '${format}', colour: ${colour} })
    const err = new Error(hostile)
    log.info({ event: hostile, incident: hostile, nested: { [hostile]: [hostile] } }, hostile)
    log.fatal({ event: 'broken', err, error: hostile }, hostile)
  `
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  return stderr
}

test('as JSON it is exact, one object a line, with escapes', async t => {
  const text = await logged('json')
  t.deepEqual(forbiddenIn(text), [])
  const [info, fatal, ...more] = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  t.like(info, {
    level: 'info',
    event: HOSTILE,
    incident: HOSTILE,
    nested: { [HOSTILE]: [HOSTILE] },
    msg: HOSTILE,
  })
  t.like(fatal, { level: 'fatal', error: HOSTILE, msg: HOSTILE, err: { message: HOSTILE } })
  t.deepEqual(more, [])
})

test('for people each line is ours, in colour too; a stack keeps its lines', async t => {
  for (const colour of [false, true]) {
    const text = await logged('pretty', colour)
    t.deepEqual(forbiddenIn(text, { colour }), [], text)
    t.is(text.match(/^.{0,5}\[\d\d:/gm)?.length, 2, text)
    t.regex(text, /\n\s+at /)
  }
})
