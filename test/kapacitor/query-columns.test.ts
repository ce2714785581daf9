// What the text of an InfluxQL query says of its columns and its filter.
import test from 'ava'
import { queryColumns, queryFilter } from '../../src/kapacitor/query-columns.ts'

for (const [query, columns] of [
  [
    'SELECT mean("usage_idle") AS "idle" FROM "telegraf"."autogen"."cpu"',
    [{ name: 'idle', of: 'usage_idle' }],
  ],
  ['select max(x) from cpu', [{ name: 'max', of: 'x' }]],
  ['SELECT count(x) AS n, last("a b") FROM cpu', [{ name: 'n' }, { name: 'last', of: 'a b' }]],
  ['SELECT percentile(x, 95) AS p FROM cpu', [{ name: 'p', of: 'x' }]],
  [
    'SELECT "a,b", c AS d\nFROM cpu',
    [
      { name: 'a,b', of: 'a,b' },
      { name: 'd', of: 'c' },
    ],
  ],
  ['SELECT * FROM cpu', undefined],
  ['SELECT a / b FROM cpu', undefined],
  ['SHOW MEASUREMENTS', undefined],
] as const)
  test(`columns of ${query}`, t => {
    t.deepEqual(queryColumns(query), columns as ReturnType<typeof queryColumns>)
  })

for (const [query, filter] of [
  ['SELECT x FROM cpu', undefined],
  [`SELECT x FROM cpu WHERE host = 'a' and "x" <> 3`, `"host" == 'a' AND "x" != 3`],
  [`SELECT x FROM cpu WHERE x >= 3 AND up = true GROUP BY host`, `"x" >= 3 AND "up" == TRUE`],
  [`SELECT x FROM cpu WHERE host =~ /web.*/ order by time`, `"host" =~ /web.*/`],
] as const)
  test(`filter of ${query}`, t => {
    t.is(queryFilter(query), filter)
  })
