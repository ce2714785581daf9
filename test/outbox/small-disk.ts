// A disk of a few megabytes that a test can fill, empty again and make read-only. Only root may mount one.
import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext, type ImplementationFn } from 'ava'

export interface SmallDisk {
  readonly folder: string
  readonly store: string
  /** Leaves no more than so many bytes free. */
  fill(leaving?: number): void
  empty(): void
  readOnly(): void
  writable(): void
}

export async function smallDisk(t: ExecutionContext, bytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder])
  t.teardown(async () => {
    execFileSync('umount', ['-l', folder])
    await rm(folder, { recursive: true })
  })
  const ballast = join(folder, 'ballast')
  const remount = (how: string) => execFileSync('mount', ['-o', `remount,${how}`, folder])
  return {
    folder,
    store: join(folder, 'outbox.db'),
    fill(leaving = 0) {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leaving)))
    },
    empty: () => rmSync(ballast),
    readOnly: () => remount('ro'),
    writable: () => remount('rw'),
  }
}

function mayMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' })
    return process.getuid?.() === 0
  } catch {
    return false
  }
}

const declare = mayMount() ? test : test.skip

/** Skipped where no disk can be mounted; the title then says so. */
export const onSmallDisk = (title: string, body: ImplementationFn<[]>): void =>
  declare(mayMountTitle(title), body)

const mayMountTitle = (title: string): string =>
  declare === test.skip ? `${title} (SKIPPED: only root may mount a small disk)` : title
