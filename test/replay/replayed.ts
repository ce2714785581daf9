// Reads whole files for tests: their moments, and the messages that Kapacitor would send for them.
import { fileURLToPath } from 'node:url'
import { Encoder } from '../../src/replay/encoder.ts'
import type { Grouping } from '../../src/replay/grouping.ts'
import type { Moment } from '../../src/replay/moment.ts'
import { openSource, type SourceOptions } from '../../src/replay/open-source.ts'
import { bodies } from '../fakes/recordings.ts'
import { plainRequest } from '../fakes/udf-types.ts'

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

export async function momentsOf(file: string, options: Partial<SourceOptions> = {}): Promise<Moment[]> {
  const source = await openSource(file, { precision: 'ns', query: undefined, stdin: undefined, ...options })
  const moments: Moment[] = []
  try {
    for await (const piece of source.moments) moments.push(...piece)
  } finally {
    source.close()
  }
  return moments
}

/** Requests, decoded whole. */
export function sentFor(moments: readonly Moment[], grouping: Grouping): Record<string, unknown>[] {
  const encoder = new Encoder(grouping)
  for (const moment of moments) {
    if (moment.kind === 'point') encoder.point(moment)
    else if (moment.kind === 'batch') encoder.batch(moment)
    else throw moment.error
  }
  return bodies(encoder.take()).map(plainRequest)
}
