// docs/limits.md tells bounds of the code: those that a constant holds are the same.
import { readFileSync } from 'node:fs'
import test from 'ava'
import { LARGEST_FILE_BYTES } from '../../src/config/unreadable.ts'
import { MAX_BODY_BYTES } from '../../src/http/body.ts'
import { HTTP_LIMITS, HTTP_TIMES } from '../../src/http/listener.ts'
import { MAX_EVENT_BYTES } from '../../src/incident/bounded-event.ts'
import { MAX_LENGTH as MAX_CONDITION } from '../../src/incident/condition/parser.ts'
import { MAX_ID_BYTES } from '../../src/incident/id.ts'
import { MAX_LENGTH as MAX_TEMPLATE } from '../../src/incident/template/parser.ts'
import { MAX_TEXT_BYTES } from '../../src/incident/template/render.ts'
import { settingsOf } from '../config/machine.ts'

const text = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8')
/** The limit in the row that begins so. */
const limit = (what: string): string | undefined =>
  text
    .split('\n')
    .find(line => line.startsWith(`| ${what}`))
    ?.split(' | ')[1]

const KIB = 1024
const MIB = 1024 * 1024

test('the limits on the page are those of the code', t => {
  const { udf, squadcast, store } = settingsOf('[[endpoint]]\nurl = "https://hooks.squadcast.test/x"')
  const rows: readonly (readonly [what: string, limit: string])[] = [
    ['a message |', `\`[udf] max-message\`, ${udf.maxMessageBytes / MIB} MiB`],
    ['an id, a group', `${MAX_ID_BYTES.toLocaleString('en')} bytes`],
    ['an event as it is stored', `${MAX_EVENT_BYTES / KIB} KiB`],
    ['their length', `${MAX_CONDITION / KIB} KiB`],
    ['their length', `${MAX_TEMPLATE / KIB} KiB`],
    ['a text that a template makes', `${MAX_TEXT_BYTES / KIB} KiB`],
    ['a body |', `${MAX_BODY_BYTES / MIB} MiB`],
    ['connections', String(HTTP_LIMITS.connections)],
    ['the head of a request', `${HTTP_TIMES.headersMs / 1000} s; ${HTTP_TIMES.requestMs / 1000} s`],
    ['an answer, for its peer to read', `${HTTP_TIMES.answerMs / 1000} s`],
    ['answers that are not read yet', `${HTTP_LIMITS.bytesInFlight / MIB} MiB`],
    ['requests a minute', `\`[squadcast] rate\`, ${squadcast.ratePerMinute}`],
    ['its size', `\`[store] max-size\`, ${store.maxSizeBytes / MIB / KIB} GiB`],
    ['a configuration, a secret', `${LARGEST_FILE_BYTES / MIB} MiB`],
  ]
  for (const [what, expected] of rows) t.is(limit(what), expected, what)
})
