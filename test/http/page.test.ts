// The files of the page: what is sent with them, and that nothing but them is.
import test from 'ava'
import { pageAssets } from '../../src/app/page-assets.ts'
import { type Assets, pageRoutes } from '../../src/http/page.ts'
import { listening } from './listening.ts'

const ASSETS: Assets = new Map([
  ['index.html', { type: 'text/html; charset=utf-8', body: '<!doctype html>' }],
  ['main.js', { type: 'text/javascript; charset=utf-8', body: 'start()' }],
])
const get = (path: string, method = 'GET') => ({ method, path })

test('the front and its files have their types, and a policy that lets nothing else in', async t => {
  const { ask } = await listening(t, { routes: pageRoutes(async () => ASSETS) })
  const front = await ask(get('/'))
  t.is(front.status, 200)
  t.is(front.body, '<!doctype html>')
  t.is(front.headers['content-type'], 'text/html; charset=utf-8')
  t.is(front.headers['cache-control'], 'no-store')
  t.is(front.headers['x-content-type-options'], 'nosniff')
  const policy = String(front.headers['content-security-policy'])
  for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"])
    t.true(policy.includes(part))
  t.false(policy.includes('unsafe'))
  const script = await ask(get('/page/main.js'))
  t.is(script.headers['content-type'], 'text/javascript; charset=utf-8')
  t.is(script.body, 'start()')
})

test('HEAD is answered as GET, without a body', async t => {
  const { ask } = await listening(t, { routes: pageRoutes(async () => ASSETS) })
  const { status, headers, body } = await ask(get('/', 'HEAD'))
  t.is(status, 200)
  t.is(headers['content-length'], '15')
  t.is(body, '')
})

const elsewhere = [
  '/page',
  '/page/',
  '/page/other.js',
  '/page/..%2fmain.js',
  '/page/..%2f..%2fpackage.json',
  '/page/%2fetc%2fpasswd',
]
for (const path of [...elsewhere, '/page/constructor', '/page/main.js/x', '/index.html'])
  test(`nothing is at ${path}`, async t => {
    const { ask } = await listening(t, { routes: pageRoutes(async () => ASSETS) })
    t.is((await ask(get(path))).status, 404)
  })

test('with a token no file is had without it', async t => {
  const { ask } = await listening(t, { token: 'right', routes: pageRoutes(async () => ASSETS) })
  for (const path of ['/', '/page/main.js', '/page/none']) t.is((await ask(get(path))).status, 401, path)
  t.is((await ask({ ...get('/'), headers: { authorization: 'Bearer right' } })).status, 200)
})

test('files that cannot be read are a fault of our own, and are tried again', async t => {
  const tries = [Promise.reject(new Error('no such file')), Promise.resolve(ASSETS)]
  const { ask, failures } = await listening(t, { routes: pageRoutes(() => tries.shift()!) })
  t.is((await ask(get('/'))).status, 500)
  t.is(failures.length, 1)
  t.is((await ask(get('/'))).status, 200)
})

test('its files are there, scripts without their types, and all that they import is among them', async t => {
  const assets = await pageAssets()()
  const scripts = [...assets].filter(([name]) => name.endsWith('.ts'))
  t.true(scripts.length > 10)
  for (const [name, { body }] of scripts) {
    t.false(/^(import|export) (type|interface) /m.test(body), name)
    for (const [, imported] of body.matchAll(/from '\.\/([^']+)'/g)) t.true(assets.has(imported!), imported)
  }
  const front = assets.get('index.html')!.body
  const named = [...front.matchAll(/(?:src|href)="page\/([^"]+)"/g)].map(([, name]) => name!)
  t.true(named.length >= 4)
  for (const name of named) t.true(assets.has(name), name)
  t.false(/ (on\w+|style)=|<style|https?:/.test(front.replace("xmlns='http://www.w3.org/2000/svg'", '')))
})
