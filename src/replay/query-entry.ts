// One query's batches in a recording of Kapacitor's, which is a zip with an entry for each query of the task, named by
// its number. A node gets the batches of one.
import type { Readable } from 'node:stream'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { SourceError } from './source-error.ts'

export interface QueryEntry {
  readonly content: Readable
  /** Bytes of it all. */
  readonly size: number
}

const MOST_QUERIES = 1000

/** @param query from 0; undefined: the only one. Rejects with SourceError. */
export async function openQuery(file: string, query: number | undefined): Promise<QueryEntry> {
  const zip = await openPromise(file, { autoClose: false, lazyEntries: true }).catch(cause => {
    throw new SourceError(`cannot read ${file}: ${(cause as Error).message}`, { cause })
  })
  try {
    const entry = chosen(await entriesOf(zip), query, file)
    const content = await zip.openReadStreamPromise(entry)
    content.once('close', () => zip.close())
    return { content, size: entry.uncompressedSize }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of zip.eachEntry()) {
    entries.push(entry)
    if (entries.length > MOST_QUERIES) break
  }
  return entries
}

function chosen(entries: readonly Entry[], query: number | undefined, file: string): Entry {
  const numbers = entries.map(({ fileName }) => fileName).filter(name => /^\d+$/.test(name))
  if (numbers.length === 0)
    throw new SourceError(`${file} is a zip, but no recording of Kapacitor's: it has no entry 0`)
  if (query === undefined && numbers.length > 1)
    throw new SourceError(
      `${file} has the batches of ${numbers.length} queries, and a node gets those of one: say which by --query, 0 to ${numbers.length - 1}, in an order of Kapacitor’s own`,
    )
  const name = String(query ?? numbers[0])
  const entry = entries.find(({ fileName }) => fileName === name)
  if (entry) return entry
  throw new SourceError(`${file} has no query ${name}; there are ${numbers.join(', ')}`)
}
