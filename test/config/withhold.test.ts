// The text that is kept of a configuration: it still resolves, and holds no secret.
import test from 'ava'
import { isWithheld, withoutSecrets } from '../../src/config/withhold.ts'
import { settingsOf } from './machine.ts'

const TEXT = `
# the old one: https://hooks.squadcast.test/S3CR3T
[udf]
stream-socket = "/run/ä.sock" # S3CR3T
[kapacitor]
url = "http://kapacitor.test:9092"
[[endpoint]]
url = "https://hooks.squadcast.test/S3CR3T"
proxy = 'http://user:S3CR3T@proxy.test'
headers = { authorization = "S3CR3T" }
[[endpoint]]
name = "db"
url-file = "webhook-url"
[endpoint.headers]
"x-key" = """S3CR3T
"""
[heartbeat]
url = "https://heartbeat.test/S3CR3T"
[fallback]
command = ["page", "--key", "S3CR3T"]
`.replace('"""S3CR3T\n"""', '"""S3CR3T"""')

test('secrets and comments are gone, and what is left resolves as before', t => {
  const text = withoutSecrets(TEXT)
  t.false(text.includes('S3CR3T'))
  const machine = { files: { '/etc/kapacitor-squadcast/webhook-url': 'https://hooks.squadcast.test/db' } }
  const kept = settingsOf(text, machine)
  t.is(kept.udf.streamSocket, '/run/ä.sock')
  t.is(kept.kapacitor.url, 'http://kapacitor.test:9092')
  t.deepEqual(
    kept.endpoints.map(({ name, url }) => [name, isWithheld(url)]),
    [
      ['default', true],
      ['db', false],
    ],
  )
  t.true(isWithheld(kept.heartbeat!.url))
})

test('tables in one line and dotted keys hide nothing', t => {
  const text = withoutSecrets(
    `heartbeat.url = "https://h.test/S3CR3T"\nendpoint = [{ url = "https://a.test/S3CR3T", headers.a = "S3CR3T" }]`,
  )
  t.false(text.includes('S3CR3T'))
  t.is(settingsOf(text).endpoints.length, 1)
})
