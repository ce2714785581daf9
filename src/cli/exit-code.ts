// Exit codes, for people, scripts and systemd (which must not restart on a bad configuration).

export const ExitCode = {
  fine: 0,
  failed: 1,
  wrongUsage: 2,
  /** Of `status` alone, as monitoring plugins have them. See decisions/0012. */
  warning: 1,
  critical: 2,
  unknown: 3,
  /** EX_CONFIG of sysexits.h: bad or missing configuration. */
  badConfiguration: 78,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]
