// Texts of line protocol as the replay sorts them: what comes out, point by point.
import { Readable } from 'node:stream'
import type { Moment, PointMoment } from '../../src/replay/moment.ts'
import { openSource, type Source } from '../../src/replay/open-source.ts'
import type { SorterLimits } from '../../src/replay/sort/point-sorter.ts'
import { type SortedHow, sortedSource } from '../../src/replay/sorted-source.ts'

export const sourceOf = (text: string | Buffer): Promise<Source> =>
  openSource('-', { precision: 'ns', query: undefined, stdin: Readable.from([Buffer.from(text)]) })

export async function sortedMoments(
  texts: readonly (string | Buffer)[],
  how: SorterLimits & Partial<SortedHow>,
): Promise<Moment[]> {
  const sources = await Promise.all(texts.map(sourceOf))
  const sorted = sortedSource(sources, { isWanted: () => true, keepGoing: false, ...how })
  const moments: Moment[] = []
  try {
    for await (const piece of sorted.moments) moments.push(...piece)
  } finally {
    sorted.close()
  }
  return moments
}

/** `cpu,host=a usage=95,x="y" 1`, with where it is from in front. */
export const written = (moment: Moment): string =>
  moment.kind === 'point' ? pointText(moment) : moment.kind === 'bad' ? moment.error.message : 'batch'

function pointText({ series, fields, time, database, retentionPolicy }: PointMoment): string {
  const tags = series.tags.map(([name, value]) => `,${name}=${value}`).join('')
  const values = fields.map(
    ([name, value]) => `${name}=${typeof value === 'bigint' ? `${value}i` : JSON.stringify(value)}`,
  )
  return `${database === undefined ? '' : `${database}.${retentionPolicy} `}${series.name}${tags} ${values.join(',')} ${time}`
}
