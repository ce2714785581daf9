// What each status means. Written out, not derived: it is a promise.

type Meaning = readonly [verdict: string, received: string]

const BY_STATUS: Record<number, Meaning> = {
  401: ['blocked', 'no'],
  402: ['blocked', 'no'],
  403: ['blocked', 'no'],
  404: ['blocked', 'no'],
  407: ['blocked', 'no'],
  408: ['retry', 'maybe'],
  410: ['blocked', 'no'],
  413: ['refused', 'no'],
  425: ['retry', 'maybe'],
  429: ['limited', 'no'],
}
const BY_CLASS: Record<number, Meaning> = {
  2: ['delivered', 'yes'],
  3: ['blocked', 'no'],
  4: ['refused', 'maybe'],
  5: ['retry', 'maybe'],
}

/** Every status of HTTP that ends an exchange, from 200 to 599. */
export const STATUSES: readonly number[] = Array.from({ length: 400 }, (_, index) => 200 + index)

export const meaningOf = (status: number): Meaning => BY_STATUS[status] ?? BY_CLASS[Math.floor(status / 100)]!
