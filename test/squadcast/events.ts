// Events to render in tests: one that a script makes, and any that can be.
import fc from 'fast-check'
import type { IncidentEvent, Series } from '../../src/incident/event.ts'
import { LEVEL_NAMES } from '../../src/incident/level.ts'

const OPENED = BigInt(Date.UTC(2026, 4, 28, 20, 26, 55)) * 1_000_000n

/** CPU of host alpha, CRITICAL at 95, with what the test changes. */
export function cpuEvent(changes: Partial<IncidentEvent> = {}): IncidentEvent {
  return {
    kind: 'trigger',
    incident: 'cpu/alpha',
    level: 'CRITICAL',
    previousLevel: 'OK',
    message: 'cpu/alpha is CRITICAL',
    time: OPENED,
    duration: 0n,
    recoverable: true,
    task: 'cpu_alert',
    node: 'squadcast3',
    group: 'host=alpha,region=eu',
    groupTags: { host: 'alpha', region: 'eu' },
    series: [cpuSeries([['2026-05-28T20:26:55Z', 5n, 'n 3', true, 95.5]])],
    ...changes,
  }
}

export const cpuSeries = (values: Series['values']): Series => ({
  name: 'cpu',
  tags: { host: 'alpha', region: 'eu' },
  columns: ['time', 'idle', 'note', 'ok', 'usage'],
  values,
})

const nasty = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom('\u0000', '"', '\\', '😀', '\ud800', '|', '`', 'é') }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', '\u0001', '🔥', '中', '\udc00'), fc.nat(70_000))
      .map(([c, n]) => c.repeat(n)),
  },
)
const tags = fc.oneof(
  fc.dictionary(nasty, nasty, { maxKeys: 5 }),
  fc
    .nat(1_000)
    .map(count =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`tag${n}`, 'v'.repeat(n % 50)])),
    ),
)
const cell = fc.oneof(
  nasty,
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.boolean(),
  fc.constant(null),
)

const series: fc.Arbitrary<Series> = fc
  .record({
    name: nasty,
    tags,
    fields: fc.oneof(fc.array(nasty, { maxLength: 6 }), fc.nat(1_000)),
    rows: fc.nat(300),
    cells: fc.array(cell, { minLength: 1, maxLength: 8 }),
  })
  .map(({ name, tags, fields, rows, cells }) => {
    const widest = Math.max(...cells.map(value => String(value).length), 10)
    const named = typeof fields === 'number' ? Array.from({ length: fields }, (_, n) => `field${n}`) : fields
    const columns = named.slice(0, Math.ceil(150_000 / widest))
    const kept = Math.min(rows, Math.ceil(150_000 / widest / (columns.length + 1)))
    const time = (row: number) => `2026-05-28T20:26:${String(row % 60).padStart(2, '0')}Z`
    return {
      name,
      tags,
      columns: ['time', ...columns],
      values: Array.from({ length: kept }, (_, row) => [
        time(row),
        ...columns.map((_, n) => cells[(row + n) % cells.length]!),
      ]),
    }
  })

/** Any event that could arrive, and larger ones than the store keeps. */
export const anyEvent: fc.Arbitrary<IncidentEvent> = fc.record(
  {
    kind: fc.constantFrom('trigger', 'resolve'),
    incident: nasty,
    level: fc.constantFrom(...LEVEL_NAMES),
    previousLevel: fc.constantFrom(...LEVEL_NAMES),
    message: nasty,
    details: nasty,
    time: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
    duration: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    recoverable: fc.boolean(),
    task: nasty,
    node: nasty,
    group: nasty,
    groupTags: tags,
    series: fc.array(series, { maxLength: 3 }),
    cut: nasty,
    condition: nasty,
    priority: fc.constantFrom('P1', 'P5'),
    labels: fc.array(fc.tuple(nasty, nasty), { maxLength: 10 }),
  },
  {
    requiredKeys: [
      'kind',
      'incident',
      'level',
      'previousLevel',
      'message',
      'time',
      'duration',
      'recoverable',
      'task',
      'node',
      'group',
      'groupTags',
      'series',
    ],
  },
)
