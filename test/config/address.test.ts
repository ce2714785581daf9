import test from 'ava'
import { type Address, httpUrl, isLoopback, listenAddress } from '../../src/config/address.ts'

const ADDRESSES: readonly (readonly [text: string, address: Address | undefined])[] = [
  ['127.0.0.1:9192', { host: '127.0.0.1', port: 9192 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  [':9192', { host: '0.0.0.0', port: 9192 }],
  ['[::1]:9192', { host: '::1', port: 9192 }],
  ['[::]:65535', { host: '::', port: 65_535 }],
  ['', undefined],
  ['9192', undefined],
  ['127.0.0.1', undefined],
  ['127.0.0.1:', undefined],
  ['127.0.0.1:65536', undefined],
  ['127.0.0.1:-1', undefined],
  ['::1:9192', undefined],
  ['[127.0.0.1]:9192', undefined],
  ['http://127.0.0.1:9192', undefined],
]

for (const [text, address] of ADDRESSES) {
  test(`"${text}" is ${address ? `${address.host}, port ${address.port}` : 'no address to listen on'}`, t => {
    t.deepEqual(listenAddress(text), address)
  })
}

const HOSTS: readonly (readonly [host: string, stays: boolean])[] = [
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['::1', true],
  ['[::1]', true],
  ['localhost', true],
  ['LocalHost', true],
  ['a.localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['128.0.0.1', false],
  ['10.0.0.1', false],
  ['fe80::1', false],
  ['localhost.test', false],
  ['127.0.0.1.test', false],
  ['', false],
]

for (const [host, stays] of HOSTS) {
  test(`"${host}" ${stays ? 'stays on' : 'may leave'} this machine`, t => {
    t.is(isLoopback(host), stays)
  })
}

const URLS: readonly (readonly [text: string, href: string | undefined])[] = [
  ['https://hooks.test/a?b=c', 'https://hooks.test/a?b=c'],
  ['HTTP://hooks.test', 'http://hooks.test/'],
  [' https://hooks.test/a \n', 'https://hooks.test/a'],
  ['https:hooks.test', undefined],
  ['hooks.test/a', undefined],
  ['ftp://hooks.test', undefined],
  ['https://', undefined],
  ['https://hooks.test/a\nb', undefined],
  ['https://hooks.test/a b', undefined],
  ['https://hooks.test:99999/', undefined],
]

for (const [text, href] of URLS) {
  test(`${JSON.stringify(text)} ${href ? `calls ${href}` : 'is no URL to call'}`, t => {
    t.is(httpUrl(text)?.href, href)
  })
}
