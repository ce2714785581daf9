// Why a file could not be read, as the end of a sentence that begins with its path. Words only.

/** More than any configuration, secret or certificate bundle; checked before a file is read. */
export const LARGEST_FILE_BYTES = 4 * 1024 * 1024

const REASONS: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by the user that this program runs as',
  EPERM: 'may not be read by the user that this program runs as',
  EISDIR: 'is a directory',
  ELOOP: 'is a symbolic link that leads nowhere',
  ENAMETOOLONG: 'is longer than a path may be',
  EFBIG: `is larger than ${LARGEST_FILE_BYTES / 1024 / 1024} MiB`,
  ETIMEDOUT: 'is a pipe into which no one writes',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is not UTF-8',
}

export function whyUnreadable(error: unknown): string {
  const code = errorCode(error)
  return REASONS[code] ?? `could not be read (${code})`
}

export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'unknown error'
}
