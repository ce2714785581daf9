// The smallest configuration that works, to show to whoever has none yet. Its URL leads nowhere (RFC 2606) until
// it is replaced, and a warning says so.

export const SMALLEST_CONFIGURATION = `[[endpoint]]
name = "default"
url  = "https://webhook-url-of-the-alert-source.invalid"
`
