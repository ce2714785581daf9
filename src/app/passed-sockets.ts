// Sockets that systemd made before this process and passes to it, so that Kapacitor's connections wait in the kernel
// while the sidecar restarts (sd_listen_fds). Pure: the environment in, descriptors out.

export interface PassedSockets {
  readonly stream?: number
  readonly batch?: number
}

const FIRST_DESCRIPTOR = 3
const KINDS = ['stream', 'batch'] as const

/** By their names; where none of them has a name of ours: the first is for streams, the second for batches. */
export function passedSockets(env: Readonly<Record<string, string | undefined>>, pid: number): PassedSockets {
  // What a parent that was meant left in the environment is not for us.
  if (Number(env.LISTEN_PID) !== pid) return {}
  const count = Number(env.LISTEN_FDS)
  if (!Number.isInteger(count) || count < 1) return {}
  const names = env.LISTEN_FDNAMES?.split(':') ?? []
  const order: readonly string[] = KINDS.some(kind => names.includes(kind)) ? names : KINDS
  return Object.fromEntries(
    KINDS.map(kind => [kind, order.indexOf(kind)] as const)
      .filter(([, index]) => index >= 0 && index < count)
      .map(([kind, index]) => [kind, FIRST_DESCRIPTOR + index]),
  )
}
