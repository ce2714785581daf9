// A DOUBLE as Go's strconv writes it. Rounding is exact and half to even, which toFixed is not. Pure.

const MANTISSA_BITS = 52n
const MANTISSA_MASK = (1n << MANTISSA_BITS) - 1n
const EXPONENT_BIAS = 1075

export type FloatVerb = 'e' | 'f' | 'g'

/** Undefined precision asks for the fewest digits that read back as the same number. No `+` is written. */
export function formatFloat(value: number, verb: FloatVerb, precision: number | undefined): string {
  if (Number.isNaN(value)) return 'NaN'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const size = Math.abs(value)
  if (size === Number.POSITIVE_INFINITY) return value < 0 ? '-Inf' : '+Inf'
  if (verb === 'f') return sign + (precision === undefined ? plain(shortest(size)) : fixed(size, precision))
  if (verb === 'e')
    return sign + exponential(precision === undefined ? shortest(size) : rounded(size, precision + 1))
  return sign + general(size, precision)
}

/** `0.d₁d₂d₃… × 10^point`, without trailing zeros from `shortest`; zero is "0" with point 1. */
interface Digits {
  readonly digits: string
  readonly point: number
}

function shortest(size: number): Digits {
  const [mantissa = '0', exponent = '0'] = size.toExponential().split('e')
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 }
}

function rounded(size: number, count: number): Digits {
  const { point } = shortest(size)
  if (size === 0) return { digits: '0'.repeat(count), point }
  const digits = String(scaled(size, count - point))
  // Rounding 9.99 up gives one digit more.
  return digits.length > count ? { digits: digits.slice(0, count), point: point + 1 } : { digits, point }
}

/** The integer nearest to size × 10^power; a tie goes to the even one. */
function scaled(size: number, power: number): bigint {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, size)
  const raw = bits.getBigUint64(0)
  const stored = Number(raw >> MANTISSA_BITS)
  const mantissa = stored === 0 ? raw & MANTISSA_MASK : (raw & MANTISSA_MASK) | (1n << MANTISSA_BITS)
  const exponent = Math.max(stored, 1) - EXPONENT_BIAS
  const above = mantissa * 10n ** BigInt(Math.max(power, 0)) * 2n ** BigInt(Math.max(exponent, 0))
  const below = 10n ** BigInt(Math.max(-power, 0)) * 2n ** BigInt(Math.max(-exponent, 0))
  const whole = above / below
  const twice = (above % below) * 2n
  const up = twice > below || (twice === below && (whole & 1n) === 1n)
  return up ? whole + 1n : whole
}

function fixed(size: number, precision: number): string {
  const digits = String(scaled(size, precision)).padStart(precision + 1, '0')
  const point = digits.length - precision
  return precision === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
}

function plain({ digits, point }: Digits): string {
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`
  const whole = digits.slice(0, point).padEnd(point, '0')
  return digits.length > point ? `${whole}.${digits.slice(point)}` : whole
}

function exponential({ digits, point }: Digits): string {
  const exponent = point - 1
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${size}`
}

/** As %v and %g: with an exponent when that is below -4 or not below the precision (6 where that is open). */
function general(size: number, precision: number | undefined): string {
  const wanted = precision === 0 ? 1 : precision
  const exact = wanted === undefined ? shortest(size) : rounded(size, wanted)
  const digits = exact.digits.replace(/(?<=.)0+$/, '')
  const exponent = exact.point - 1
  return exponent < -4 || exponent >= (wanted ?? 6)
    ? exponential({ digits, point: exact.point })
    : plain({ digits, point: exact.point })
}
