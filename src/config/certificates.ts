// The certificates behind a `ca-file`. Looks whether they can be read at all; whom they vouch for, and until when,
// is seen when a connection is made.
import { X509Certificate } from 'node:crypto'
import type { Inquiry } from './inquiry.ts'
import type { KeyPath } from './locate.ts'

/** PEM text of one or more certificates; undefined, and a problem, if the file holds none. */
export function trustedCertificates(
  path: KeyPath,
  file: string | undefined,
  inquiry: Inquiry,
): string | undefined {
  const pem = inquiry.fileText(path, file)
  if (pem === undefined || isCertificate(pem)) return pem
  inquiry.problem(path, { code: 'bad-value', message: 'there is no PEM certificate in this file' })
  return undefined
}

// Reads the first one only.
function isCertificate(pem: string): boolean {
  try {
    return pem.includes('-----BEGIN CERTIFICATE-----') && new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}
