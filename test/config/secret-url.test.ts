import test from 'ava'
import { problemsOf, settingsOf, WEBHOOK } from './machine.ts'

const FOUND: readonly (readonly [source: string, lines: string])[] = [
  ['url', `url = "${WEBHOOK}"`],
  ['an absolute url-file', 'url-file = "/run/secrets/webhook"'],
  ['a url-file beside the configuration', 'url-file = "webhook"'],
  ['a url-file with a line end', 'url-file = "/run/secrets/line"'],
  ['a url-file from Windows', 'url-file = "/run/secrets/windows"'],
  ['url-env', 'url-env = "WEBHOOK"'],
]

const MACHINE = {
  files: {
    '/run/secrets/webhook': WEBHOOK,
    '/run/secrets/line': `${WEBHOOK}\n`,
    '/run/secrets/windows': `${WEBHOOK}\r\n\r\n`,
    '/run/secrets/empty': '\n',
    '/run/secrets/two': `${WEBHOOK}\n${WEBHOOK}\n`,
    '/etc/kapacitor-squadcast/webhook': WEBHOOK,
  },
  env: { WEBHOOK: `${WEBHOOK}\n`, EMPTY: '', OTHER: 'not a URL' },
}

for (const [source, lines] of FOUND) {
  test(`the URL is found by ${source}`, t => {
    t.is(settingsOf(`[[endpoint]]\n${lines}`, MACHINE).endpoints[0]?.url.reveal(), WEBHOOK)
  })
}

const NOT_FOUND: readonly (readonly [title: string, lines: string, ...said: string[]])[] = [
  ['no source', '', '1: endpoint[0].url: missing; give url, url-file or url-env'],
  [
    'two sources',
    'url-env = "WEBHOOK"\nurl-file = "/run/secrets/webhook"',
    '2: endpoint[0].url-env: the URL is given by url-file too; keep one of them',
  ],
  [
    'three sources, one of them wrong',
    'url = 7\nurl-env = "WEBHOOK"\nurl-file = "/run/secrets/webhook"',
    '2: endpoint[0].url: expected a text in quotes, got (hidden)',
    '3: endpoint[0].url-env: the URL is given by url too; keep one of them',
    '4: endpoint[0].url-file: the URL is given by url too; keep one of them',
  ],
  [
    'a URL of another kind',
    'url = "ftp://x"',
    '2: endpoint[0].url: expected an http or https URL, got (hidden)',
  ],
  ['an empty URL', 'url = ""', '2: endpoint[0].url: expected an http or https URL, got an empty text'],
  ['a file that is missing', 'url-file = "/none"', '2: endpoint[0].url-file: /none does not exist'],
  [
    'a file that is missing beside the configuration',
    'url-file = "none"',
    '2: endpoint[0].url-file: the file does not exist; its path starts at /etc/kapacitor-squadcast',
  ],
  [
    'a file that is empty',
    'url-file = "/run/secrets/empty"',
    '2: endpoint[0].url-file: /run/secrets/empty is empty',
  ],
  [
    'a file with two lines',
    'url-file = "/run/secrets/two"',
    '2: endpoint[0].url-file: expected an http or https URL, got (hidden)',
  ],
  [
    'a URL as the name of a file',
    `url-file = "${WEBHOOK}"`,
    '2: endpoint[0].url-file: expected the path of a file, got (hidden)',
  ],
  ['a variable that is not set', 'url-env = "NOT_SET"', '2: endpoint[0].url-env: $NOT_SET is not set'],
  ['a variable that is empty', 'url-env = "EMPTY"', '2: endpoint[0].url-env: $EMPTY is empty'],
  [
    'a variable with something else',
    'url-env = "OTHER"',
    '2: endpoint[0].url-env: expected an http or https URL, got (hidden)',
  ],
  [
    'a variable named as what every object has',
    'url-env = "constructor"',
    '2: endpoint[0].url-env: the environment variable is not set',
  ],
  [
    'a token as the name of a variable',
    'url-env = "a0b1c2"',
    '2: endpoint[0].url-env: the environment variable is not set',
  ],
  [
    'a URL as the name of a variable',
    `url-env = "${WEBHOOK}"`,
    '2: endpoint[0].url-env: expected the name of an environment variable, got (hidden)',
  ],
]

for (const [title, lines, ...said] of NOT_FOUND) {
  test(`${title} gives no URL`, t => {
    const expected = said.map(line => `config.toml:${line}`)
    t.deepEqual(problemsOf(`[[endpoint]]\n${lines}`, MACHINE), expected)
  })
}

test('the URLs of the heartbeat and of the fallback have the same three sources', t => {
  const endpoint = '[[endpoint]]\nurl-env = "WEBHOOK"\n'
  const { heartbeat, fallback } = settingsOf(
    `${endpoint}[heartbeat]\nurl-file = "webhook"\n[fallback]\nurl-env = "WEBHOOK"`,
    MACHINE,
  )
  t.is(heartbeat?.url.reveal(), WEBHOOK)
  t.is(fallback && 'url' in fallback.way ? fallback.way.url.reveal() : undefined, WEBHOOK)
})

test('a token that is not one word and a certificate that is none are refused, unseen', t => {
  const files = { '/token': 'open sesame', '/pem': '-----BEGIN CERTIFICATE-----\nsesame\n' }
  const text = '[[endpoint]]\nurl-env = "WEBHOOK"\nca-file = "/pem"\n[http]\ntoken-file = "/token"'
  t.deepEqual(problemsOf(text, { ...MACHINE, files }), [
    'config.toml:3: endpoint[0].ca-file: there is no PEM certificate in this file',
    'config.toml:5: http.token-file: a token is one word of visible ASCII characters; what is in this file is not',
  ])
})
