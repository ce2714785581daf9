// How much alike words are spelt, as whoever mistypes them sees it.
import { distance } from 'fastest-levenshtein'

/** Of words the one that is spelt most alike; the first of them when all are as far. */
export function nearestTo(key: string, [first, ...rest]: readonly string[]): string {
  const nearer = (best: string, next: string) => (slips(key, next) < slips(key, best) ? next : best)
  return rest.reduce(nearer, first!)
}

/** `streamSocket`, `stream_socket` and `Stream-Socket` are no slip at all. */
export const slips = (a: string, b: string): number => distance(bare(a), bare(b))
const bare = (key: string): string =>
  key
    .slice(0, 64)
    .toLowerCase()
    .replaceAll(/[-_\s]/g, '')
