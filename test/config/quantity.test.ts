import test from 'ava'
import { durationMs, modeBits, sizeBytes } from '../../src/config/quantity.ts'

const DURATIONS: readonly (readonly [text: string, ms: number | undefined])[] = [
  ['500ms', 500],
  ['10s', 10_000],
  ['1m30s', 90_000],
  ['1h', 3_600_000],
  ['7d', 604_800_000],
  ['2w', 1_209_600_000],
  ['1d12h', 129_600_000],
  ['1m500ms', 60_500],
  ['0s', 0],
  ['', undefined],
  ['10', undefined],
  ['s', undefined],
  ['-1s', undefined],
  ['1.5h', undefined],
  ['10 s', undefined],
  ['10S', undefined],
  ['10u', undefined],
  ['1y', undefined],
  ['10s ', undefined],
  ['99999999999999999w', undefined],
]

for (const [text, ms] of DURATIONS) {
  test(`the duration "${text}" is ${ms === undefined ? 'not understood' : `${ms} ms`}`, t => {
    t.is(durationMs(text), ms)
  })
}

const SIZES: readonly (readonly [text: string, bytes: number | undefined])[] = [
  ['0', 0],
  ['65536', 65_536],
  ['12B', 12],
  ['512KiB', 524_288],
  ['16MiB', 16_777_216],
  ['1 GiB', 1_073_741_824],
  ['2TiB', 2_199_023_255_552],
  ['1kB', 1_000],
  ['1KB', 1_000],
  ['16MB', 16_000_000],
  ['1GB', 1_000_000_000],
  ['', undefined],
  ['MiB', undefined],
  ['16M', undefined],
  ['16mib', undefined],
  ['1.5GiB', undefined],
  ['-1', undefined],
  ['16 constructor', undefined],
  ['9000000TiB', undefined],
]

for (const [text, bytes] of SIZES) {
  test(`the size "${text}" is ${bytes === undefined ? 'not understood' : `${bytes} bytes`}`, t => {
    t.is(sizeBytes(text), bytes)
  })
}

const MODES: readonly (readonly [text: string, bits: number | undefined])[] = [
  ['0660', 0o660],
  ['660', 0o660],
  ['0777', 0o777],
  ['0000', 0],
  ['1777', undefined],
  ['0o660', undefined],
  ['66', undefined],
  ['0888', undefined],
  ['rw-rw----', undefined],
]

for (const [text, bits] of MODES) {
  test(`the mode "${text}" is ${bits === undefined ? 'not understood' : `0o${bits.toString(8)}`}`, t => {
    t.is(modeBits(text), bits)
  })
}
