// The user name and password that stand in a URL, as the header that HTTP wants (RFC 7617). It never prints
// them.

/** The value of an Authorization header; undefined where the URL names nobody. */
export function basicLogin(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined
  const login = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`
  return `Basic ${Buffer.from(login).toString('base64')}`
}

/** Text that is no valid percent encoding stays as it is. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
