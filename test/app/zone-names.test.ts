import test from 'ava'
import { localPlace } from '../../src/app/local-place.ts'
import { zoneNames } from '../../src/app/zone-names.ts'

interface Zone {
  readonly version: number
  readonly types: readonly (readonly [offset: number, name: string])[]
  /** Indexes of types, in the order of time. */
  readonly times: readonly number[]
  readonly rule?: string
}

/** One block of a file of RFC 9636, with its header. */
function block({ version, types, times }: Omit<Zone, 'rule'>, timeBytes: number): Buffer {
  const names = types.map(([, name]) => Buffer.from(`${name}\0`))
  const header = Buffer.alloc(44)
  header.write('TZif')
  header[4] = version
  for (const [index, count] of [0, 0, 0, times.length, types.length, Buffer.concat(names).length].entries())
    header.writeUInt32BE(count, 20 + index * 4)
  const records = types.map(([offset], index) => {
    const record = Buffer.alloc(6)
    record.writeInt32BE(offset)
    record[5] = Buffer.concat(names.slice(0, index)).length
    return record
  })
  return Buffer.concat([
    header,
    Buffer.alloc(times.length * timeBytes),
    Buffer.from(times),
    ...records,
    ...names,
  ])
}

function zoneFile(zone: Zone): Buffer {
  if (zone.version === 0) return block(zone, 4)
  const empty = block({ version: 0x32, types: [[0, 'old']], times: [] }, 4)
  return Buffer.concat([empty, block(zone, 8), Buffer.from(`\n${zone.rule ?? ''}\n`)])
}

const BERLIN: Zone = {
  version: 0x32,
  types: [
    [3208, 'LMT'],
    [7200, 'CEST'],
    [3600, 'CET'],
    [10800, 'CEMT'],
  ],
  times: [2, 1, 2, 3, 2],
  rule: 'CET-1CEST,M3.5.0,M10.5.0/3',
}

test('a zone has the names of its types', t => {
  const name = zoneNames(zoneFile(BERLIN))
  t.deepEqual([3208, 3600, 7200, 10800, 0].map(name), ['LMT', 'CET', 'CEST', 'CEMT', ''])
})

test('of two names for one offset the one that was used last counts, and first the one that holds from now on', t => {
  const types = [
    [3600, 'CET'],
    [3600, 'WEST'],
    [0, 'WET'],
  ] as const
  t.is(zoneNames(zoneFile({ version: 0x32, types, times: [1, 2, 0] }))(3600), 'CET')
  t.is(zoneNames(zoneFile({ version: 0x32, types, times: [0, 2, 1] }))(3600), 'WEST')
  t.is(
    zoneNames(zoneFile({ version: 0x32, types, times: [1, 2, 0], rule: 'WET0WEST,M3.5.0/1,M10.5.0' }))(3600),
    'WEST',
  )
})

test('a rule may name offsets of minutes, and zones without letters', t => {
  const rule = (text: string) => zoneNames(zoneFile({ version: 0x33, types: [], times: [], rule: text }))
  t.is(rule('<-03>3')(-10800), '-03')
  t.is(rule('IST-5:30')(19800), 'IST')
  t.is(rule('<+1030>-10:30<+11>-11,M10.1.0,M4.1.0')(39600), '+11')
  t.is(rule('EST5EDT,M3.2.0,M11.1.0')(-14400), 'EDT')
})

test('a file of the first version has no rule', t => {
  t.is(zoneNames(zoneFile({ version: 0, types: [[32400, 'JST']], times: [] }))(32400), 'JST')
})

test('a file that is broken has the names that could be read, or none', t => {
  t.is(zoneNames(Buffer.from('no zone'))(0), '')
  t.is(zoneNames(Buffer.alloc(0))(0), '')
  const whole = zoneFile(BERLIN)
  for (let length = 0; length < whole.length; length += 1)
    t.true(['', 'CET'].includes(zoneNames(whole.subarray(0, length))(3600)), String(length))
})

test('the place of this machine is where its clock says', t => {
  for (const seconds of [0, 1_767_225_600, 1_780_000_000]) {
    const { offset } = localPlace(seconds)
    t.is(offset, -60 * new Date(seconds * 1000).getTimezoneOffset() + 0)
  }
})
