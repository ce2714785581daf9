// A day of random restarts of both sides: no task is lost, none is touched while Kapacitor dials for it, and none is
// enabled that a person disabled.
import test from 'ava'
import fc from 'fast-check'
import { TICK_MS, World } from './simulated-kapacitor.ts'

const DAY_MS = 24 * 3_600_000
/** The longest rest between two revivals, and the time in which Kapacitor may be dialing. */
const CALM_MS = 900_000
const RUNS = Number(process.env.REVIVE_RUNS ?? 12)

function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function happen(world: World, random: () => number): void {
  const id = `t${Math.floor(random() * 8)}`
  const what = Math.floor(random() * 10)
  if (what < 2) world.killSidecar()
  else if (what === 2) world.killKapacitor()
  else if (what === 3) world.person(id, 'disabled')
  else if (what < 6) world.person(id, 'enabled')
  else if (what === 6) world.add(id, 1 + Math.floor(random() * 3))
  else if (what === 7) world.breakConnections(id)
  else if (what === 8 && random() < 0.3) world.remove(id)
}

function day(seed: number): World {
  const random = randomOf(seed)
  const world = new World(random)
  world.startSidecar()
  for (let n = 0; n < 6; n++) world.add(`t${n}`, 1 + (n % 2))
  // Now and then for hours, now and then in a row.
  let next = 0
  while (world.now < DAY_MS) {
    world.tick()
    if (!world.sidecarIsUp && random() < 0.02) world.startSidecar()
    if (random() < 0.02) world.startKapacitor()
    if (world.now < next) continue
    happen(world, random)
    next = world.now + TICK_MS * Math.ceil(random() ** 4 * 4000)
  }
  world.startSidecar()
  world.startKapacitor()
  for (const end = world.now + CALM_MS; world.now < end; ) world.tick()
  return world
}

test('a day of random restarts loses no task, and harms none', t => {
  t.timeout(120_000)
  let revivals = 0
  fc.assert(
    fc.property(fc.integer(), seed => {
      const world = day(seed)
      revivals += world.revivals
      const { wrong, dead, left } = world
      return wrong.length + dead.length + left.length === 0
        ? true
        : t.fail(JSON.stringify({ seed, wrong: wrong.slice(0, 3), dead, left })) && false
    }),
    { numRuns: RUNS },
  )
  t.log(`${RUNS} days, ${revivals} revivals`)
  t.true(revivals > RUNS * 10)
})
