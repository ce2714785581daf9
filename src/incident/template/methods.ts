// What stands behind a dot: `.Time.Local.Format "15:04"`, `.Duration.Minutes`, and a tag or field by its name.
import { integerOf } from '../go-format.ts'
import { formatTime, GO_LAYOUT, monthOf, weekdayOf } from '../go-layout.ts'
import { GoDuration, GoTime } from '../go-time.ts'
import { GoInt, GoMap, GoNamed, type Printable } from '../go-values.ts'
import { type Place, UTC } from '../go-zone.ts'
import { kindOf, Unfit } from './comparison.ts'
import { type MethodName, methodOf, type WithMethods } from './kinds.ts'

/** Throws Unfit. @param local the place of `.Local`. */
export function memberOf(
  value: Printable,
  name: string,
  operands: readonly Printable[],
  local: Place,
): Printable {
  if (value === undefined) return undefined
  if (value instanceof GoMap && operands.length === 0) return value.entries.get(name)
  const kind = kindWithMethods(value)
  const method = kind === undefined ? undefined : methodOf(kind, name)
  if (kind === undefined || method === undefined)
    throw new Unfit(`.${name}: ${kindOf(value)} has no such part`)
  if (method.takes !== operands.length)
    throw new Unfit(
      `.${name}: it takes ${method.takes} argument${method.takes === 1 ? '' : 's'}, not ${operands.length}`,
    )
  const [operand] = operands
  if (value instanceof GoTime) return OF_TIME[name as MethodName<'time'>](value, operand, local)
  if (value instanceof GoDuration) return OF_DURATION[name as MethodName<'duration'>](value, operand)
  return String(value)
}

function kindWithMethods(value: Printable): WithMethods | undefined {
  if (value instanceof GoTime) return 'time'
  if (value instanceof GoDuration) return 'duration'
  return value instanceof GoNamed ? 'word' : undefined
}

type OfTime = (time: GoTime, operand: Printable, local: Place) => Printable

const OF_TIME: Readonly<Record<MethodName<'time'>, OfTime>> = {
  Local: (time, _, local) => time.at(local),
  UTC: time => time.at(UTC),
  Format: (time, layout) => formatTime(time, layoutOf(layout)),
  String: time => formatTime(time, GO_LAYOUT),
  Unix: time => unix(time, 1_000_000_000n),
  UnixMilli: time => unix(time, 1_000_000n),
  UnixMicro: time => unix(time, 1000n),
  UnixNano: time => time.nanoseconds,
  Year: time => new GoInt(time.civil().year),
  Month: time => monthOf(time.civil()),
  Day: time => new GoInt(time.civil().day),
  Hour: time => new GoInt(time.civil().hour),
  Minute: time => new GoInt(time.civil().minute),
  Second: time => new GoInt(time.civil().second),
  Nanosecond: time => new GoInt(time.civil().nanosecond),
  Weekday: time => weekdayOf(time.civil()),
  YearDay: time => new GoInt(time.civil().yearDay),
  Add: (time, by) => time.plus(nanoseconds('Add', by)),
  Round: (time, to) => time.toMultiple(nanoseconds('Round', to), 'round'),
  Truncate: (time, to) => time.toMultiple(nanoseconds('Truncate', to), 'truncate'),
}

const OF_DURATION: Readonly<
  Record<MethodName<'duration'>, (duration: GoDuration, operand: Printable) => Printable>
> = {
  Hours: duration => inUnits(duration, 3_600_000_000_000n),
  Minutes: duration => inUnits(duration, 60_000_000_000n),
  Seconds: duration => inUnits(duration, 1_000_000_000n),
  Milliseconds: ({ nanoseconds }) => nanoseconds / 1_000_000n,
  Microseconds: ({ nanoseconds }) => nanoseconds / 1000n,
  Nanoseconds: ({ nanoseconds }) => nanoseconds,
  String: duration => String(duration),
  Round: (duration, to) => duration.toMultiple(nanoseconds('Round', to), 'round'),
  Truncate: (duration, to) => duration.toMultiple(nanoseconds('Truncate', to), 'truncate'),
  Abs: ({ size }) => new GoDuration(size),
}

/** Down to a whole one, also before 1970. */
function unix({ nanoseconds }: GoTime, unit: bigint): bigint {
  const rest = nanoseconds % unit
  return (nanoseconds - (rest < 0n ? rest + unit : rest)) / unit
}

/** As Go reckons: the whole units, and then the rest. */
const inUnits = ({ nanoseconds }: GoDuration, unit: bigint): number =>
  Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit)

function layoutOf(value: Printable): string {
  if (typeof value === 'string') return value
  throw new Unfit(`.Format: ${kindOf(value)} is no layout; write one in quotes, like "15:04"`)
}

function nanoseconds(name: string, value: Printable): bigint {
  const whole = integerOf(value)
  if (whole !== undefined) return whole
  throw new Unfit(`.${name}: ${kindOf(value)} is no duration; write a whole number of nanoseconds`)
}
