// One way to open a post in a test, closed when the test ends.
import type { ExecutionContext } from 'ava'
import { openPost, type Post, type PostSettings } from '../../src/squadcast/post.ts'
import { stillClock } from './clocks.ts'

/** A signal that nobody gives. */
export const quiet = new AbortController().signal

export const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code

export function postTo(
  t: ExecutionContext,
  url: string,
  settings: Partial<PostSettings> = {},
  clock = stillClock,
): Post {
  const post = openPost(
    { url: new URL(url), env: {}, timeoutMs: 5_000, connections: 4, headers: {}, ...settings },
    clock,
  )
  t.teardown(() => post.close())
  return post
}
