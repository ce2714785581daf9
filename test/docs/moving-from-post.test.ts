// The page for those who come from .post(): the sentences of the sidecar that it quotes are those that it says.
import { readFileSync } from 'node:fs'
import test from 'ava'
import { type Asking, listening } from '../http/listening.ts'

const page = readFileSync(new URL('../../docs/moving-from-post.md', import.meta.url), 'utf8')

/** Rows `| 4xx | sentences | cure |`; a bar inside a sentence is escaped. */
const quoted = [...page.matchAll(/^\| (4\d\d) \| ((?:\\\||[^|])+) \|/gm)].flatMap(([, status, cell]) =>
  [...cell!.matchAll(/`([^`]+)`/g)].map(([, sentence]) => ({
    status: Number(status),
    beginning: sentence!.replaceAll('\\|', '|').replace(/ ?…$/, ''),
  })),
)

const WRONG: readonly Asking[] = [
  { body: 'CPU is CRITICAL' },
  { headers: { host: 'sidecar.example.org' } },
  { path: '/' },
  { method: 'GET' },
  { path: '/healthz' },
  { body: '{"series":[]}' },
  { body: 'x'.repeat(1024 * 1024 + 1) },
  { headers: { 'content-type': 'text/plain' } },
  { body: '{"id":"","level":"OK"}' },
]

test('each sentence of the sidecar on the page is one that it says, with that status', async t => {
  const open = await listening(t)
  const closed = await listening(t, { token: 'secret' })
  const replies = [
    ...(await Promise.all(WRONG.map(asking => open.ask(asking)))),
    await closed.ask({}),
    await closed.ask({ headers: { authorization: 'Bearer other' } }),
  ]
  t.is(quoted.length, replies.length)
  for (const { status, beginning } of quoted) {
    const reply = replies.find(({ body }) => body.startsWith(beginning))
    t.is(reply?.status, status, beginning)
  }
})
