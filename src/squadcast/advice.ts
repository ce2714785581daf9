// What a person can do about an answer, in one sentence: for the command that tests an endpoint. It decides nothing;
// what the sidecar itself does is the verdict's business.

const WRONG_URL =
  'the URL is not that of an alert source (any more): copy it again from Services, Alert Sources in Squadcast'

const BY_STATUS: Readonly<Record<number, string>> = {
  401: WRONG_URL,
  402: 'the plan of the organisation does not cover it, or a bill is open: see Billing in Squadcast',
  403: WRONG_URL,
  404: WRONG_URL,
  407: 'the proxy wants a login: proxy = "http://user:password@host:port" of the endpoint',
  408: 'Squadcast took too long: try again; the sidecar does so by itself',
  410: WRONG_URL,
  413: 'the body was too large: a fault of the sidecar, please report it',
  425: 'Squadcast asks to try again; the sidecar does so by itself',
  429: 'the organisation is over its rate: wait a minute, and set [squadcast] rate below what the plan allows',
}

const BY_CODE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is wrong, or this machine has no DNS for it: getent hosts NAME, or set a proxy',
  EAI_AGAIN: 'the name server does not answer: see /etc/resolv.conf, or set a proxy',
  ECONNREFUSED:
    'nothing listens at that address: is the URL right, and does a firewall or proxy stand between?',
  TIMEOUT:
    'no answer in time: is a firewall or proxy between? A slow way needs a longer `timeout` of the endpoint',
  PROXY_REFUSED: 'the proxy refused to connect: may it reach that host?',
}

const TLS = /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/

/** Undefined: it was accepted. `text`: as an answer's; a failure's ends with its code in parentheses. */
export function adviceFor({
  status,
  text,
}: {
  readonly status?: number | undefined
  readonly text: string
}): string | undefined {
  if (status !== undefined) return ofStatus(status)
  const code = /\(([A-Z0-9_]+)\)[^()]*$/.exec(text)?.[1] ?? ''
  const known = BY_CODE[code]
  if (known) return known
  if (TLS.test(code))
    return 'the certificate is not trusted here: `ca-file` of the endpoint, and is the clock of this machine right?'
  return 'the way to it is broken: network, firewall or proxy; the sidecar tries again by itself'
}

function ofStatus(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined
  const known = BY_STATUS[status]
  if (known) return known
  if (status >= 500) return 'Squadcast has trouble of its own: try later; the sidecar does so by itself'
  if (status >= 300 && status < 400) return 'the URL leads elsewhere: use the address it leads to, with https'
  return 'it does not take this body: does `format` of the endpoint fit the alert source (kapacitor, or incident)?'
}
