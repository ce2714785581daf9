// Hostile input over real sockets: legal but strange data, damaged recordings, noise. Each answer is read as
// Kapacitor's decoder reads it. FUZZ_MESSAGES sets how many messages, FUZZ_SEED which ones.
import test from 'ava'
import { heldMemory } from '../fakes/memory.ts'
import { Chance } from './fuzz/chance.ts'
import { conversation } from './fuzz/conversations.ts'
import { play } from './fuzz/rude-peer.ts'
import { Stage } from './fuzz/stage.ts'
import { SteadyPeers } from './fuzz/steady-peers.ts'
import { verdictOf } from './fuzz/verdict.ts'

const MESSAGES = Number(process.env.FUZZ_MESSAGES ?? 100_000)
const SEED = Number(process.env.FUZZ_SEED ?? 1)
const AT_ONCE = 12
/** More than enough to see what is the matter. */
const MOST_WRONG = 20
/** What may be left of all messages when they are gone: far less than they held, more than noise. */
const MOST_GROWTH = 48 * 1024 * 1024

class Tally {
  messages = 0
  answers = 0
  connections = 0
}

/** One hostile conversation. */
async function converse(stage: Stage, seed: number, index: number, tally: Tally): Promise<void> {
  const chance = new Chance(seed)
  const plan = conversation(chance, index + 1)
  const { wrong, answers } = verdictOf(plan, await play(stage.path(plan.edge), plan, chance))
  tally.connections++
  tally.answers += answers.length
  tally.messages += plan.sent.length
  if (wrong) stage.wrong.push(`conversation of seed ${seed} (${plan.edge}, ends by ${plan.ending}): ${wrong}`)
}

test('whatever is sent, each answer is one that Kapacitor takes, and nobody else is disturbed', async t => {
  t.timeout(600_000)
  const stage = await Stage.open(t)
  const steady = new SteadyPeers(stage)
  const tally = new Tally()
  let atFirst: number | undefined
  for (let wave = 0; tally.messages < MESSAGES && stage.wrong.length < MOST_WRONG; wave++) {
    stage.forgetHostile()
    const seeds = Array.from({ length: AT_ONCE }, (_, i) => (SEED * 1_000_003 + wave) * AT_ONCE + i)
    await Promise.all([steady.round(), ...seeds.map((seed, i) => converse(stage, seed, i, tally))])
    // By then all code paths were taken, and what stays has been made.
    if (tally.messages > MESSAGES / 4) atFirst ??= heldMemory()
  }
  await steady.end()
  stage.forgetHostile()
  const { points, events, refused, malformed } = stage
  t.log({ ...tally, points, events, refused, malformed, steadyRounds: steady.rounds })
  t.deepEqual(stage.wrong, [])
  t.true(events > MESSAGES / 100 && refused > 0 && malformed > 0 && steady.rounds > 0)
  const grown = heldMemory() - atFirst!
  t.true(grown < MOST_GROWTH, `grew by ${grown} bytes`)
})
