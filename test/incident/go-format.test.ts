import test from 'ava'
import { compileFormat, printed } from '../../src/incident/go-format.ts'
import { GoDuration, GoTime } from '../../src/incident/go-time.ts'
import { GoInt, type Printable } from '../../src/incident/go-values.ts'
import { FormatError } from '../../src/incident/go-verb.ts'

// Printed by Go itself.
const PRINTED_BY_GO: readonly (readonly [format: string, value: Printable, text: string])[] = [
  ['%v', 0, '0'],
  ['%v', -0, '-0'],
  ['%v', 90, '90'],
  ['%v', 90.5, '90.5'],
  ['%v', 0.1, '0.1'],
  ['%v', 100000, '100000'],
  ['%v', 123456.5, '123456.5'],
  ['%v', 1e6, '1e+06'],
  ['%v', 1234567, '1.234567e+06'],
  ['%v', 8589934592, '8.589934592e+09'],
  ['%v', 1e20, '1e+20'],
  ['%v', 1e21, '1e+21'],
  ['%v', 1e300, '1e+300'],
  ['%v', 5e-324, '5e-324'],
  ['%v', 0.0001, '0.0001'],
  ['%v', 0.00001, '1e-05'],
  ['%v', -2.5, '-2.5'],
  ['%v', Number.NaN, 'NaN'],
  ['%v', Number.POSITIVE_INFINITY, '+Inf'],
  ['%v', Number.NEGATIVE_INFINITY, '-Inf'],
  ['%.2f', 2.5, '2.50'],
  ['%.0f', 2.5, '2'],
  ['%f', 2.5, '2.500000'],
  ['%5.1f', 2.5, '  2.5'],
  ['%-8.2f|', 2.5, '2.50    |'],
  ['%08.3f', 2.5, '0002.500'],
  ['%+.1f', 2.5, '+2.5'],
  ['%e', 2.5, '2.500000e+00'],
  ['%.2e', 2.5, '2.50e+00'],
  ['%g', 2.5, '2.5'],
  ['%.3g', 2.5, '2.5'],
  ['%10v|', 2.5, '       2.5|'],
  ['%d', 2.5, '%!d(float64=2.5)'],
  ['%s', 2.5, '%!s(float64=2.5)'],
  ['%5d', 2.5, '%!d(float64=  2.5)'],
  ['%t', 2.5, '%!t(float64=2.5)'],
  ['%q', 2.5, '%!q(float64=2.5)'],
  ['%.0f', 0.5, '0'],
  ['%.0f', 1.5, '2'],
  ['%.2f', 0.125, '0.12'],
  ['%.2f', 1.005, '1.00'],
  ['%.1f', 0.25, '0.2'],
  ['%.2f', 99.995, '100.00'],
  ['%f', 1e21, '1000000000000000000000.000000'],
  ['%.3f', 1e-10, '0.000'],
  ['%.1f', -0.04, '-0.0'],
  ['%.3e', 9.9996, '1.000e+01'],
  ['%.2e', 0, '0.00e+00'],
  ['%.3g', 999.9, '1e+03'],
  ['%.3g', 0.00001234, '1.23e-05'],
  ['%G', 1e-7, '1E-07'],
  ['%E', 12345.678, '1.234568E+04'],
  ['%05.1f', Number.NEGATIVE_INFINITY, ' -Inf'],
  ['%08f', Number.NaN, '     NaN'],
  ['% f', 1.5, ' 1.500000'],
  ['%d', 90n, '90'],
  ['%v', 90n, '90'],
  ['%5d|', 90n, '   90|'],
  ['%-5d|', 90n, '90   |'],
  ['%05d', 90n, '00090'],
  ['%+d', 90n, '+90'],
  ['% d', 90n, ' 90'],
  ['%.4d', 90n, '0090'],
  ['%q', 90n, "'Z'"],
  ['%s', 90n, '%!s(int64=90)'],
  ['%f', 90n, '%!f(int64=90)'],
  ['%t', 90n, '%!t(int64=90)'],
  ['%6.2f', 90n, '%!f(int64=    90)'],
  ['%05d', -90n, '-0090'],
  ['%d', -9223372036854775808n, '-9223372036854775808'],
  ['%.0d', 0n, ''],
  ['%q', 128512n, "'😀'"],
  ['%q', -1n, "'�'"],
  ['%d', new GoInt(90n), '90'],
  ['%s', new GoInt(90n), '%!s(int=90)'],
  ['%q', new GoInt(90n), "'Z'"],
  ['%s', 'héllo', 'héllo'],
  ['%v', 'héllo', 'héllo'],
  ['%q', 'héllo', '"héllo"'],
  ['%8s|', 'héllo', '   héllo|'],
  ['%-8s|', 'héllo', 'héllo   |'],
  ['%.2s', 'héllo', 'hé'],
  ['%08s', 'héllo', '000héllo'],
  ['%d', 'héllo', '%!d(string=héllo)'],
  ['%f', 'héllo', '%!f(string=héllo)'],
  ['%t', 'héllo', '%!t(string=héllo)'],
  ['%5d', 'héllo', '%!d(string=héllo)'],
  ['%q', 'a"b\\c\n\t\u0001\u200b 😀', '"a\\"b\\\\c\\n\\t\\x01\\u200b\\u00a0😀"'],
  ['%+q', 'hé😀', '"h\\u00e9\\U0001f600"'],
  ['%5s|', '😀', '    😀|'],
  ['%v', true, 'true'],
  ['%t', true, 'true'],
  ['%6t|', true, '  true|'],
  ['%d', true, '%!d(bool=true)'],
  ['%s', true, '%!s(bool=true)'],
  ['%q', true, '%!q(bool=true)'],
  ['%v', undefined, '<nil>'],
  ['%s', undefined, '%!s(<nil>)'],
  ['%d', undefined, '%!d(<nil>)'],
  ['%.2f', undefined, '%!f(<nil>)'],
  ['%q', undefined, '%!q(<nil>)'],
  ['%8v|', undefined, '   <nil>|'],
  ['%v', new GoDuration(0n), '0s'],
  ['%v', new GoDuration(1n), '1ns'],
  ['%v', new GoDuration(999n), '999ns'],
  ['%v', new GoDuration(1500n), '1.5µs'],
  ['%v', new GoDuration(1000000n), '1ms'],
  ['%v', new GoDuration(1500000n), '1.5ms'],
  ['%v', new GoDuration(999999999n), '999.999999ms'],
  ['%v', new GoDuration(1000000000n), '1s'],
  ['%v', new GoDuration(90000000000n), '1m30s'],
  ['%v', new GoDuration(90500000000n), '1m30.5s'],
  ['%v', new GoDuration(3600000000000n), '1h0m0s'],
  ['%v', new GoDuration(360000000000001n), '100h0m0.000000001s'],
  ['%v', new GoDuration(-90000000000n), '-1m30s'],
  ['%s', new GoDuration(90000000000n), '1m30s'],
  ['%d', new GoDuration(90000000000n), '90000000000'],
  ['%q', new GoDuration(90000000000n), '"1m30s"'],
  ['%8v|', new GoDuration(90000000000n), '   1m30s|'],
  ['%f', new GoDuration(90000000000n), '%!f(time.Duration=90000000000)'],
  ['%.2s', new GoDuration(90000000000n), '1m'],
  ['%t', new GoDuration(90000000000n), '%!t(time.Duration=90000000000)'],
  ['%v', new GoTime(0n), '1970-01-01T00:00:00Z'],
  ['%v', new GoTime(1780000000000000000n), '2026-05-28T20:26:40Z'],
  ['%v', new GoTime(1779999999123456789n), '2026-05-28T20:26:39.123456789Z'],
  ['%v', new GoTime(1780000000100000000n), '2026-05-28T20:26:40.1Z'],
  ['%v', new GoTime(-1n), '1969-12-31T23:59:59.999999999Z'],
  ['%s', new GoTime(0n), '1970-01-01T00:00:00Z'],
  ['%q', new GoTime(0n), '"1970-01-01T00:00:00Z"'],
  ['%.10s', new GoTime(0n), '1970-01-01'],
]

test('a value is printed as Go prints it', t => {
  for (const [format, value, text] of PRINTED_BY_GO) {
    t.is(compileFormat(format).print([value]), text, `${format} of ${String(value)}`)
  }
})

test('without a format a value is printed as with %v', t => {
  for (const [format, value, text] of PRINTED_BY_GO.filter(([format]) => format === '%v')) {
    t.is(printed(value), text, format)
  }
})

test('values that are missing or too many are named in the text', t => {
  t.is(compileFormat('%d %v').print([1n]), '1 %!v(MISSING)')
  t.is(
    compileFormat('%d').print([1n, new GoInt(2n), 3.5, 'x', true, undefined]),
    '1%!(EXTRA int=2, float64=3.5, string=x, bool=true, <nil>)',
  )
  t.is(compileFormat('none').print(['x']), 'none%!(EXTRA string=x)')
})

test('widths, precisions and places of arguments may be arguments, as in Go', t => {
  for (const [format, values, text] of [
    ['%*d|%-*d|', [5n, 42n, 5n, 42n], '   42|42   |'],
    ['%*d|', [-5n, 42n], '42   |'],
    ['%.*f', [2n, 2.71], '2.71'],
    ['%.*s', [-1n, 'abc'], '%!(BADPREC)abc'],
    ['%*s', ['a', 'b'], '%!(BADWIDTH)b'],
    ['%*d', [5000n, 1n], '%!(BADWIDTH)1'],
    ['%[2]d %[1]d', [1n, 2n], '2 1'],
    ['%[2]*[1]d', [7n, 5n], '    7'],
    ['%[3]d', [1n, 2n], '%!d(BADINDEX)'],
  ] as const)
    t.is(compileFormat(format).print(values), text, format)
})

test('other bases, characters and types print as in Go', t => {
  for (const [format, value, text] of [
    ['%x', 255n, 'ff'],
    ['%X', -255n, '-FF'],
    ['%#x', 255n, '0xff'],
    ['%#08x', 255n, '0x000000ff'],
    ['%b', 5n, '101'],
    ['%o', 8n, '10'],
    ['%#o', 8n, '010'],
    ['%O', 8n, '0o10'],
    ['%c', 97n, 'a'],
    ['%U', 0x1f600n, 'U+1F600'],
    ['%#U', 97n, "U+0061 'a'"],
    ['% x', 'hi!', '68 69 21'],
    ['%#x', 'hi!', '0x686921'],
    ['%.2x', 'hello', '6865'],
    ['%#q', 'x', '`x`'],
    ['%#q', 'a`b', '"a`b"'],
    ['%T', 1.5, 'float64'],
    ['%T', new GoTime(0n), 'time.Time'],
    ['%x', new GoDuration(90_500_000_000n), '316d33302e3573'],
    ['%08s', 'x', '0000000x'],
  ] as const)
    t.is(compileFormat(format).print([value]), text, format)
})

test('%% is a percent sign and takes no value', t => {
  t.is(compileFormat('%.1f%% of %s').print([99.5, 'disk']), '99.5% of disk')
})

test('a verb that is not known, not finished or absurdly wide is refused and quoted', t => {
  for (const [format, found] of [
    ['usage %5z', '%5z'],
    ['%#v', '%#v'],
    ['%[x]d', '%['],
    ['%p', '%p'],
    ['100%', '%'],
    ['%5', '%5'],
    ['%1001d', '%1001d'],
    ['%.1001f', '%.1001f'],
  ] as const) {
    const error = t.throws(() => compileFormat(format), { instanceOf: FormatError }, format)
    t.is(error?.found, found)
  }
})
