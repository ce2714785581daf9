// The status page's files: `/`, and `/page/NAME` for each that is known. It knows no folder: a name that is not in the
// list is not there.
import { type Headers, Refusal } from './refusal.ts'
import type { Answer, Route } from './routes.ts'

/** One file of the page, as it is sent. */
export interface Asset {
  /** Content type. */
  readonly type: string
  readonly body: string
}

/** By name. */
export type Assets = ReadonlyMap<string, Asset>

/** The one that is shown at `/`. */
export const FRONT = 'index.html'

/** Nothing from elsewhere, nothing inline, no markup out of texts, and nobody frames it. The icon is a `data:` URL. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const HEADERS: Headers = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

/** @param assets asked at each request. */
export function pageRoutes(assets: () => Promise<Assets>): Route[] {
  const answer = async (name: string): Promise<Answer> => {
    const asset = (await assets()).get(name)
    if (!asset) throw new Refusal(404, 'the page has no such file: open / again')
    return { status: 200, ...asset, headers: HEADERS }
  }
  return [
    { path: '/', methods: { GET: () => answer(FRONT) } },
    { path: '/page', takesName: 'FILE', methods: { GET: ({ name }) => answer(name) } },
  ]
}
