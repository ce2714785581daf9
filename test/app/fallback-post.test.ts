// The fallback by URL, against a real server: what is posted, what counts as taken, and that the URL is told to nobody.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { postReport } from '../../src/app/fallback-post.ts'
import { systemClock } from '../../src/app/system-clock.ts'

async function server(t: ExecutionContext, status: number, answer = '') {
  const bodies: string[] = []
  const made = createServer(async (request, response) => {
    bodies.push(`${request.method} ${request.headers['content-type']} ${await text(request)}`)
    response.writeHead(status).end(answer.replace('PATH', request.url ?? ''))
  })
  made.listen(0, '127.0.0.1')
  await once(made, 'listening')
  t.teardown(() => {
    made.close()
    made.closeAllConnections()
  })
  return { bodies, url: `http://127.0.0.1:${(made.address() as AddressInfo).port}/page/S3CR3TTOKEN` }
}

const post = (url: string, env = {}) =>
  postReport({ url, env, clock: systemClock }, '{"kind":"incident"}\n', new AbortController().signal)

test('the report is posted as JSON, and 2xx is success', async t => {
  const { bodies, url } = await server(t, 204)
  t.is(await post(url), undefined)
  t.deepEqual(bodies, ['POST application/json {"kind":"incident"}\n'])
})

for (const status of [302, 404, 500])
  test(`${status} is a failure, told without the URL`, async t => {
    const { url } = await server(t, status, 'no such thing: PATH')
    const failure = await post(url)
    t.regex(failure?.reason ?? '', new RegExp(`^${status} .*: no such thing: \\(hidden\\)$`))
  })

test('nobody there, or a proxy that is none, is a failure', async t => {
  const { url } = await server(t, 200)
  const { port } = new URL(url)
  t.regex((await post(url.replace(port, '1')))?.reason ?? '', /refused/)
  const failure = await post(url, { http_proxy: '//user:pass word@' })
  t.is(failure?.reason, 'the address of the proxy is not an http:// or https:// URL')
})
