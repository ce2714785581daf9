// With a real Kapacitor: the errors that people meet on their way from .post() to the node, in the words that
// docs/moving-from-post.md has of them. KAPACITORD names the binary.
import { readFileSync } from 'node:fs'
import { journey } from './scene.ts'
import { onCpu } from './scripts.ts'

const page = readFileSync(new URL('../../docs/moving-from-post.md', import.meta.url), 'utf8')

const ALERT = `data|alert().crit(lambda: "usage" > 90)`
const WINDOW = 'data|window().period(1m).every(1m)'

const REFUSED: readonly (readonly [script: string, words: string])[] = [
  [`${ALERT}.squadcast()`, 'no property method "squadcast" on *pipeline.AlertNode, but dynamic method does'],
  [`${ALERT}|squadcast()`, 'no chaining method "squadcast" on *pipeline.AlertNode, but dynamic method does'],
  [`${ALERT}@squadcast().post()`, 'no method or property "post" on *pipeline.UDFNode'],
  [`data@squadcast().crit(lambda: "usage" > 90)`, 'unexpected arg to crit, got BOOL expected STRING'],
  [`data@squadcast().stateChangesOnly()`, 'unexpected number of args to stateChangesOnly, got 0 expected 1'],
  [`${WINDOW}@squadcast()`, 'cannot add child mismatched edges: window2:batch -> squadcast3:stream'],
  [`data@squadcastBatch()`, 'cannot add child mismatched edges: from1:stream -> squadcastBatch2:batch'],
  [
    `${ALERT}.post().endpoint('nowhere')`,
    'An appropriately formatted url must be specified if an endpoint is not specified',
  ],
]

journey('what Kapacitor says to a script that is wrong is what the page quotes', async (t, { kapacitor }) => {
  for (const [index, [script, words]] of REFUSED.entries()) {
    const { message } = (await t.throwsAsync(kapacitor.define(`wrong${index}`, onCpu(script))))!
    const said = message.replaceAll('\\"', '"').replaceAll('\\u003e', '>')
    t.true(said.includes(words), `${words}\n${said}`)
    t.true(page.includes(words), words)
  }
  // A function that is not in kapacitor.conf; the page names the one that should be.
  const { message } = (await t.throwsAsync(kapacitor.define('unknown', onCpu(`${ALERT}@pagerduty()`))))!
  const words = 'no method or property "pagerduty" on *pipeline.AlertNode'
  t.true(message.replaceAll('\\"', '"').includes(words))
  t.true(page.includes(words.replace('pagerduty', 'squadcast')))
})

journey('what Kapacitor logs of a post that was refused is what the page quotes', async (t, scene) => {
  const { kapacitor, listener } = scene
  const empty = (handler: string): string =>
    onCpu(`data|alert().id('{{ index .Tags "none" }}').crit(lambda: "usage" > 90)${handler}`)
  await kapacitor.define('silent', empty(`.post('${listener}/v1/alerts')`))
  await kapacitor.define('told', empty(`.post('${listener}/v1/alerts').captureResponse()`))
  await kapacitor.write(['cpu,host=a,region=eu usage=95 1790000000000000000'])
  const [refused] = await scene.sidecar.logged('http-refused')
  t.is(refused?.status, 422)
  const logged = await kapacitor.logged('POST returned non 2xx status code', 2)
  const words = 'err="unknown error, use .captureResponse() to capture the HTTP response" code=422'
  t.is(logged.filter(line => line.includes(words)).length, 1)
  t.true(page.includes(words))
  t.is(logged.filter(line => line.includes(`err="${refused?.reason}" code=422`)).length, 1)
})
