import test from 'ava'
import { ENDPOINT, problemsOf, resolve, WEBHOOK } from './machine.ts'

test('a configuration without an endpoint says what is missing, empty or not', t => {
  const hint =
    'add [[endpoint]] with name = "default": whatever names no endpoint, or an unknown one, goes there'
  t.deepEqual(problemsOf(''), [`config.toml: endpoint: there is none; ${hint}`])
  t.deepEqual(problemsOf('# nothing\n[log]\n'), [`config.toml: endpoint: there is none; ${hint}`])
  t.deepEqual(problemsOf('endpoint = []'), [`config.toml:1: endpoint: there is none; ${hint}`])
})

test('one of the endpoints has to be the default', t => {
  t.deepEqual(problemsOf(`${ENDPOINT}name = "database"`), [
    'config.toml:1: endpoint: none of them is named "default"; add [[endpoint]] with name = "default": whatever ' +
      'names no endpoint, or an unknown one, goes there',
  ])
})

test('two endpoints of one name are a problem of the second', t => {
  t.deepEqual(problemsOf(`${ENDPOINT}${ENDPOINT}name = "default"`), [
    'config.toml:5: endpoint[1].name: endpoint[0] is named "default" too',
  ])
})

test('single brackets around endpoint are explained', t => {
  t.deepEqual(problemsOf(`[endpoint]\nurl = "${WEBHOOK}"`), [
    'config.toml:1: endpoint: expected a list of tables, each written [[endpoint]], got a table',
  ])
})

test('a section that is a value is one problem', t => {
  t.deepEqual(problemsOf(`udf = 1\n${ENDPOINT}`), ['config.toml:1: udf: expected a table, got the number 1'])
})

test('an endpoint that is no table does not make the list look empty', t => {
  t.deepEqual(problemsOf('endpoint = [1]'), [
    'config.toml:1: endpoint[0]: expected a table, got the number 1',
  ])
})

const ALL_AT_ONCE = `[[endpoint]]
name = "my team"
tiemout = "1s"
timeout = "soon"
[[endpoint]]
url = "ftp://x"
url-env = "NOT_SET"
[[endpoint]]
name = "third"
url-file = "/none"
[http]
bind-address = "0.0.0.0:1"
[self]
endpoint = "fourth"
[store]
history = 7
color = "red"`

test('everything that is wrong is told at once, in the order of the file', t => {
  t.deepEqual(problemsOf(ALL_AT_ONCE), [
    'config.toml:1: endpoint[0].url: missing; give url, url-file or url-env',
    'config.toml:2: endpoint[0].name: expected a name of at most 64 letters, digits, "-", "_" and ".", got "my team"',
    'config.toml:3: endpoint[0].tiemout: unknown key; did you mean "timeout"?',
    'config.toml:4: endpoint[0].timeout: expected a duration from 10ms to 10m, such as "30s" or "1m30s", got "soon"',
    'config.toml:6: endpoint[1].url: expected an http or https URL, got (hidden)',
    'config.toml:7: endpoint[1].url-env: the URL is given by url too; keep one of them',
    'config.toml:10: endpoint[2].url-file: /none does not exist',
    'config.toml:12: http.bind-address: reachable from other machines, so a token is needed; ' +
      'add token-file, or listen on 127.0.0.1',
    'config.toml:14: self.endpoint: there is no [[endpoint]] of this name; there is "default", "third"',
    'config.toml:16: store.history: expected a duration from 0s to 520w, such as "30s" or "1m30s", got the number 7',
    'config.toml:17: store.color: unknown key; did you mean "path"? Known here: path, max-size, history',
  ])
})

test('each problem carries a stable code, its key, line and column', t => {
  const resolution = resolve('[[endpoint]]\n  ulr = "x"\n')
  t.deepEqual('problems' in resolution ? resolution.problems : undefined, [
    {
      code: 'missing',
      key: 'endpoint[0].url',
      line: 1,
      column: 3,
      message: 'missing',
      hint: 'give url, url-file or url-env',
    },
    {
      code: 'unknown-key',
      key: 'endpoint[0].ulr',
      line: 2,
      column: 3,
      message: 'unknown key',
      hint: 'did you mean "url"?',
    },
  ])
})
