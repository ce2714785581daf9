import test from 'ava'
import fc from 'fast-check'
import { boundedEvent } from '../../src/incident/bounded-event.ts'
import { decodeEvent, encodeEvent, type IncidentEvent } from '../../src/incident/event.ts'
import { compileTemplate } from '../../src/incident/template/template.ts'
import { detailsMarkdown } from '../../src/squadcast/author-details.ts'
import { incidentPayload } from '../../src/squadcast/incident-payload.ts'
import { bodyWithinBudget } from '../../src/squadcast/shrink.ts'
import { cpuEvent, cpuSeries } from './events.ts'
import { hostile, htmlEscaped } from './hostile.ts'
import { markupIn, moreMarkup, textIn, urlsIn } from './markdown-nodes.ts'

/** An event whose details are this template's, with these values as the message and the tag `x`. */
function written(template: string, message: string, x = message): IncidentEvent {
  const scope = { tag: () => x, field: () => undefined, tags: () => [['x', x]], fields: () => [] }
  const values = {
    id: 'id',
    name: 'cpu',
    taskName: 'task',
    group: 'nil',
    level: 'CRITICAL',
    time: 0n,
    duration: 0n,
    message,
    scope: scope as never,
  }
  const { text, own } = compileTemplate(template).renderMarked(values)
  return decodeEvent(encodeEvent(cpuEvent({ details: text, ownText: own, message })))
}

const post = (details: string): IncidentEvent => cpuEvent({ task: '', node: 'post', details })

const AUTHORS = [
  '{{ .Message }}',
  '{{ .Message }}{{ index .Tags "x" }}',
  '**Note** {{ .Message }}, see [runbook](https://wiki/cpu)',
  '# {{ .Message }}\n\n- {{ .Message }}\n- {{ index .Tags "x" }}: {{ .Message }}\n\n> {{ .Message }}\n\n1. {{ .Message }}',
  '*{{ .Message }}* and __{{ .Message }}__ and ~~{{ .Message }}~~',
  '`{{ .Message }}` then `b`\n\n```\n{{ .Message }}\n```\n',
  '[{{ .Message }}](https://wiki)',
  '[dash](https://g/?host={{ .Message }}&x={{ index .Tags "x" }})',
  '[dash](<https://g/{{ .Message }}>)',
  '[dash](https://g/ "{{ .Message }}")',
  'see <https://g/{{ .Message }}> now',
  '<{{ .Message }}>',
  '<a href="{{ .Message }}">x</a>',
  'a <b class={{ .Message }}>x</b>',
  '<div>\n{{ .Message }}\n</div>',
  '| a | b |\n| - | - |\n| {{ .Message }} | {{ index .Tags "x" }} |',
  '[note]{{ .Message }} ![img]{{ .Message }}',
  '{{ .Message }}[runbook](https://wiki)',
  '!{{ .Message }}',
  'C:\\{{ .Message }}\\{{ index .Tags "x" }}',
  '1{{ .Message }}',
  '{{ .Message }}. next',
  '{{ .Message }}) next',
  'text\n{{ .Message }}\ntext',
  'text\n{{ .Message }}-\n',
  '#{{ .Message }}',
  '-{{ .Message }}',
  '&{{ .Message }};',
  'https://g/{{ .Message }}',
  '{{ if eq .Level "CRITICAL" }}**down** {{ end }}{{ .Message }}',
  '{{ "**bold**" }} {{ .Message | html }} {{ printf "%q" .Message }}',
]

for (const [n, template] of AUTHORS.entries()) {
  test(`no value makes markup in a template of an author: ${n} ${JSON.stringify(template)}`, t => {
    const harmless = [
      ...['x', ''].flatMap(message => ['x', ''].map(x => detailsMarkdown(written(template, message, x)))),
    ]
    fc.assert(
      fc.property(hostile, hostile, (message, x) => {
        const shown = detailsMarkdown(written(template, message, x))
        const more = moreMarkup(shown, ...harmless)
        if (more.length > 0) throw new Error(`${more}: ${JSON.stringify(shown)}`)
        const foreign = urlsIn(shown).filter(url => !/^https?:\/\/(?:g\/?|wiki\/?)/.test(url))
        if (foreign.length > 0) throw new Error(`${foreign}: ${JSON.stringify(shown)}`)
      }),
      { numRuns: 200 },
    )
    t.pass()
  })
}

for (const [template, value, shown] of [
  ['`{{ .Message }}` then', 'a` *b', '`a&#96; \\*b` then'],
  ['C:\\{{ .Message }}', '*x*', 'C:\\\\\\*x\\*'],
  ['C:\\\\{{ .Message }}', '*x*', 'C:\\\\\\*x\\*'],
  ['[note]{{ .Message }}', '(/e.vil)', '[note]\\(/e.vil)'],
  ['[note]{{ .Message }}', ': /e.vil', '[note]\\: /e.vil'],
  ['{{ .Message }}[book](https://wiki)', 'full!', 'full\\![book](https://wiki)'],
  ['{{ .Message }}. next', '42', '&#52;2. next'],
  ['took {{ .Message }}. next', '42', 'took 42. next'],
  ['1{{ .Message }}', '. x', '1\\. x'],
  ['#{{ .Message }}', ' x', '#x'],
  ['host {{ .Message }}is', ' a ', 'host a is'],
  ['<{{ .Message }}>', 'img src=x', '\\<img src=x>'],
  ['<b title={{ .Message }}>x</b>', 'y onclick=z', '\\<b title=y onclick=z>x</b>'],
  ['<b>{{ .Message }}</b>', '<i>', '<b>&lt;i&gt;</b>'],
] as const) {
  test(`of ${JSON.stringify(template)} and ${JSON.stringify(value)} comes ${JSON.stringify(shown)}`, t =>
    t.is(detailsMarkdown(written(template, value)), shown))
}

test('no text of a post makes markup, whether or not Kapacitor made it safe for HTML', t => {
  fc.assert(
    fc.property(hostile, fc.boolean(), (text, escapes) => {
      const shown = detailsMarkdown(post(escapes ? htmlEscaped(text) : text))
      const markup = [...markupIn(shown).keys()]
      if (markup.length > 0) throw new Error(`${markup}: ${JSON.stringify(shown)}`)
    }),
    { numRuns: 1_000 },
  )
  t.pass()
})

test('the whole description has no more markup than that of a harmless event, cut as it may be', t => {
  const description = (event: IncidentEvent) =>
    JSON.parse(bodyWithinBudget(event, part => incidentPayload(part, 0, {}))).description as string
  const kinds = new Set([...'strong list listItem table tableRow tableCell inlineCode'.split(' ')])
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 9_000 }), fc.boolean(), (text, times, isPost) => {
      const long = text.repeat(times).slice(0, 40_000)
      const details = isPost ? post(long) : written('{{ .Message }} {{ index .Tags "x" }}', long)
      const event: IncidentEvent = {
        ...details,
        message: text,
        groupTags: { [`t${text}`]: text },
        series: [{ ...cpuSeries([['2026-05-28T20:26:55Z', 5n, long, true, 95.5]]), name: text }],
      }
      const shown = description(boundedEvent(event))
      const markup = [...markupIn(shown).keys()].filter(kind => !kinds.has(kind))
      if (markup.length > 0) throw new Error(`${markup}: ${JSON.stringify(shown)}`)
    }),
    { numRuns: 100 },
  )
  t.pass()
})

test('a value shows as itself', t => {
  const value = '[click](http://evil.example) <b>x</b> | `y` *z* _u_ & 1'
  const shown = textIn(detailsMarkdown(written('**Note** {{ .Message }}', value))).replaceAll('\u200b', '')
  t.true(shown.includes(value), shown)
})

test("what a post's author and points wrote shows as itself, once decoded", t => {
  const shown = textIn(
    detailsMarkdown(post('load &gt; 5 &#43; [x](http://e) &amp;lt; &#34;q&#34; &#99999999;')),
  ).replaceAll('\u200b', '')
  t.true(shown.includes('load > 5 + [x](http://e) &lt; "q" &#99999999;'), shown)
})

test("the author's markup works around a value, and a value is a part of an address", t => {
  const { details, ...event } = written(
    '**{{ .Message }}** [dash](https://g/?h={{ index .Tags "x" }}&y=1)',
    'a*b',
    'my host&1)',
  )
  t.is(
    detailsMarkdown({ ...event, details: details! }),
    '**a\\*b** [dash](https://g/?h=my%20host&amp;1%29&y=1)',
  )
})

test('a whole address from a tag is kept if it is one of the web', t => {
  const link = (x: string) => urlsIn(detailsMarkdown(written('[book]({{ index .Tags "x" }})', '', x)))[0]
  t.is(link('https://wiki/a?b=c&d=e#f'), 'https://wiki/a?b=c&d=e#f')
  t.is(link('javascript:alert(1)'), 'javascript%3Aalert%281%29')
})

test('an event that does not say which text is the author’s is shown as plain text', t => {
  t.is(detailsMarkdown(cpuEvent({ details: 'a [b](c)\n# d' })), 'a \\[b\\](c)\n\\# d')
  t.is(detailsMarkdown(cpuEvent({})), '')
})

test('details that were cut within a value or the author’s text are shown as far as they go', t => {
  const event = written('**a** {{ .Message }} **b** [c](https://wiki)', '*'.repeat(40_000))
  const bounded = boundedEvent(event)
  t.true(bounded.details!.length < 20_000)
  t.deepEqual([...markupIn(detailsMarkdown(bounded)).keys()], ['strong'])
  const own = boundedEvent(written(`{{ .Message }}${'**z** '.repeat(6_000)}`, '*x*', 'y'.repeat(70_000)))
  t.true(markupIn(detailsMarkdown(own)).get('strong')! > 100)
})
