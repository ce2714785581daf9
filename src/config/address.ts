// Network addresses as people write them: `host:port` to listen on, http and https URLs to call, and which
// of them stay on this machine. Pure: looks no name up.
import { BlockList, isIPv4, isIPv6 } from 'node:net'

export interface Address {
  readonly host: string
  readonly port: number
}

/** `127.0.0.1:9192`, `localhost:9192`, `[::1]:9192`; `:9192` means every IPv4 address, as in kapacitor.conf. */
export function listenAddress(text: string): Address | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([A-Za-z0-9.-]*)):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (!(port <= 65_535)) return undefined
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : undefined
  return { host: plain || '0.0.0.0', port }
}

/** Undefined for anything but an absolute http or https URL. Surrounding white space is dropped. */
export function httpUrl(text: string): URL | undefined {
  // NOTE: URL would mend `https:host` and drop line breaks inside, which hides that something went wrong.
  if (!/^https?:\/\/\S+$/i.test(text.trim())) return undefined
  return URL.parse(text.trim()) ?? undefined
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** True for what never leaves this machine: 127.0.0.0/8, ::1 (with or without brackets) and localhost. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (isIPv4(bare)) return loopback.check(bare, 'ipv4')
  if (isIPv6(bare)) return loopback.check(bare, 'ipv6')
  return bare === 'localhost' || bare.endsWith('.localhost')
}
