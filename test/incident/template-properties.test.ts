import test from 'ava'
import fc from 'fast-check'
import { LanguageError } from '../../src/incident/language-error.ts'
import type { FieldValue } from '../../src/incident/point.ts'
import { compileTemplate } from '../../src/incident/template/template.ts'
import { scopeOf } from '../fakes/scope.ts'

const VALUES = {
  id: 'cpu/web1',
  name: 'cpu',
  taskName: 'cpu_alert',
  group: 'nil',
  level: 'CRITICAL',
  time: 1_780_000_000_000_000_000n,
  duration: 90_000_000_000n,
  message: '',
  scope: scopeOf({}),
}

const FIELDS = fc.record(
  {
    i: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    d: fc.double(),
    s: fc.string({ unit: 'grapheme' }),
    b: fc.boolean(),
  },
  { requiredKeys: [] },
)

const leaf = fc.constantFrom(
  ...['.ID', '.Level', '.Time', '.Duration', '.Group', '"x"', '`raw`', '7', '-2.5', 'true', '"CRITICAL"'],
  ...['(index .Fields "i")', '(index .Fields "d")', '(index .Fields "s")', '(index .Fields "b")'],
  ...['.Tags.host', '.Fields.d', '.Tags', '.Fields', '$.Name', '0x1F', "'a'", '1_000', '.Time.Local.Hour'],
  ...[
    '(.Time.Format "Mon 15:04:05.000 MST")',
    '.Duration.Seconds',
    '.Time.Weekday',
    '(.Duration.Round 1000)',
  ],
  ...['(index .Fields "none")', '(index .Tags "host")', '(index .Tags (index .Fields "s"))'],
)

const { command } = fc.letrec<{ command: string; operand: string }>(tie => ({
  operand: fc.oneof(
    { maxDepth: 4 },
    leaf,
    tie('command').map(text => `(${text})`),
  ),
  command: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc
      .tuple(fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge', 'and', 'or'), tie('operand'), tie('operand'))
      .map(([name, a, b]) => `${name} ${a} ${b}`),
    tie('operand').map(text => `not ${text}`),
    fc
      .tuple(
        fc.constantFrom(
          'print',
          'println',
          'html',
          'js',
          'urlquery',
          'and',
          'or',
          'len',
          'eq 1',
          'printf "%v %T"',
        ),
        tie('operand'),
      )
      .map(([name, operand]) => `${name} ${operand}`),
    fc
      .tuple(
        tie('operand'),
        fc.constantFrom(
          'printf "%.2f|%x|%+q"',
          'len',
          'html',
          'urlquery',
          'print 1',
          'not',
          'eq 7',
          'printf "%*d" 5',
        ),
      )
      .map(([a, b]) => `${a} | ${b}`),
    fc
      .tuple(
        fc.constantFrom(
          '%T %x %#X % x',
          '%c%U%b%o',
          '%[2]*[1]d',
          '%.*f',
          '%v',
          '%d',
          '%s',
          '%.2f',
          '%q',
          '%5.1f %-8v|',
          '%+05d%%',
          '%g',
        ),
        fc.array(tie('operand')),
      )
      .map(([format, operands]) => ['printf', `"${format}"`, ...operands].join(' ')),
  ),
}))

const { body } = fc.letrec<{ body: string; piece: string }>(tie => ({
  body: fc.array(tie('piece'), { maxLength: 4, depthIdentifier: 'piece' }).map(pieces => pieces.join('')),
  piece: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'piece' },
    fc.constantFrom('text', ' \n', '}', '{ ', '😀', '{{/* note */}}', '{{- /* note */ -}}'),
    command.map(text => `{{- ${text} }}`),
    fc
      .tuple(command, tie('body'), command, tie('body'), tie('body'))
      .map(([a, b, c, d, e]) => `{{ if ${a} }}${b}{{ else if ${c} -}}${d}{{ else }}${e}{{ end }}`),
    fc.tuple(command, command).map(([a, b]) => `{{ $x := ${a} }}{{ $x = ${b} }}{{ $x }}`),
    command.map(text => `{{ with $v := ${text} }}{{ . }}{{ $v }}{{ else }}none{{ end }}`),
    fc.constantFrom('.Tags', '.Fields').map(map => `{{ range $k, $v := ${map} }}{{ $k }}={{ $v }}{{ end }}`),
  ),
}))

test('a template of this language is never refused and never throws, whatever the values are', t => {
  fc.assert(
    fc.property(body, FIELDS, fc.string(), (source, fields, host) => {
      const scope = scopeOf(fields as Record<string, FieldValue>, { host })
      const text = compileTemplate(source).render({ ...VALUES, scope })
      return typeof text === 'string' && Buffer.byteLength(text) <= 64 * 1024
    }),
    { numRuns: 1500 },
  )
  t.pass()
})

test('whatever is written is either rendered or refused with a place inside the text', t => {
  const word = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{{-',
      '-}}',
      '.ID',
      '.',
      '.Tags',
      'index',
      'if',
      'else',
      'end',
      'printf',
      '"%d"',
      '"',
      '`',
      '(',
    ],
    ...[
      ')',
      '|',
      '||',
      '$x',
      '$x := .Time',
      '$.Tags',
      '.Format "15"',
      'range',
      'with',
      ',',
      '=',
      ':=',
      '1',
      '1.',
      '0x',
      "'",
      '{{/*',
      '*/}}',
      'eq',
      'nil',
      ' ',
      '\n',
      '😀',
      '\\',
      '\u0000',
    ],
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(word, { maxLength: 14 }).map(words => words.join(' ')),
    fc.array(word, { maxLength: 14 }).map(words => words.join('')),
  )
  fc.assert(
    fc.property(texts, source => {
      try {
        return typeof compileTemplate(source).render(VALUES) === 'string'
      } catch (error) {
        if (!(error instanceof LanguageError)) throw error
        error.explain(source)
        return error.position >= 0 && error.position <= source.length
      }
    }),
    { numRuns: 3000 },
  )
  t.pass()
})
