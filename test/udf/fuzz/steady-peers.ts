// Two Kapacitors that behave, among all the others: their keepalives and the points that made events must come
// back, unchanged and in order, whatever happens on the other connections.

import { isDeepStrictEqual } from 'node:util'
import { option, Peer, point } from '../../fakes/peer.ts'
import { batchPoint, begin, end, type Message } from '../../fakes/requests.ts'
import { encodeRequest, plainResponse } from '../../fakes/udf-types.ts'
import type { Stage } from './stage.ts'

/** Rounds after which a peer ends as Kapacitor ends, and another takes its place. */
const ROUNDS_OF_A_PEER = 40

const CRIT = option('crit', '"usage" > 90')
const plain = (message: Message): Message => plainResponse(encodeRequest(message))

/** One that behaves; what it says is an event each time. */
class Steady {
  readonly #peer: Peer
  readonly #says: (usage: number, round: number) => Message[]
  readonly #expected: Message[] = []
  #round = 0

  constructor(peer: Peer, says: (usage: number, round: number) => Message[]) {
    this.#peer = peer
    this.#says = says
  }

  get rounds(): number {
    return this.#round
  }

  /** Resolves when all is answered. */
  async round(): Promise<void> {
    const round = ++this.#round
    const messages = this.#says(round % 2 === 1 ? 95 : 5, round)
    const keepalive = { keepalive: { time: String(round) } }
    this.#peer.send(...messages, keepalive)
    this.#expected.push(...messages.map(plain))
    await Promise.all([
      this.#peer.answered('keepalive', round),
      this.#peer.answered(String(this.#expected.at(-1)!.message), this.#count(this.#expected.at(-1)!)),
    ])
  }

  /** Ends it, and says what was wrong. */
  async end(): Promise<string | undefined> {
    await this.#peer.end()
    const answers = this.#peer.answers.filter(({ message }) => message !== 'init')
    const data = answers.filter(({ message }) => message !== 'keepalive')
    const times = answers.flatMap(({ keepalive }) => (keepalive as { time: string } | undefined)?.time ?? [])
    if (!isDeepStrictEqual(data, this.#expected))
      return 'a steady peer did not get its points back as they were'
    const wanted = Array.from({ length: this.#round }, (_, i) => String(i + 1))
    return isDeepStrictEqual(times, wanted) ? undefined : `a steady peer got keepalives ${times}`
  }

  #count({ message }: Message): number {
    return this.#expected.filter(expected => expected.message === message).length
  }
}

export class SteadyPeers {
  readonly #stage: Stage
  #peers: Steady[] = []
  /** Rounds that were answered. */
  rounds = 0

  constructor(stage: Stage) {
    this.#stage = stage
  }

  async round(): Promise<void> {
    if (this.#peers.length === 0) await this.#connect()
    await Promise.all(this.#peers.map(peer => peer.round()))
    this.rounds++
    if (this.#peers[0]!.rounds >= ROUNDS_OF_A_PEER) await this.end()
  }

  /** Ends those that are there, once all they sent has come back. */
  async end(): Promise<void> {
    for (const peer of this.#peers.splice(0)) {
      const wrong = await peer.end()
      if (wrong) this.#stage.wrong.push(wrong)
    }
  }

  async #connect(): Promise<void> {
    const stream = await Peer.task(this.#stage.path('STREAM'), 'steady_stream', [CRIT])
    const batch = await Peer.task(this.#stage.path('BATCH'), 'steady_batch', [CRIT])
    this.#peers = [
      new Steady(stream, (usage, round) => [point('steady', { fieldsDouble: { usage } }, round)]),
      new Steady(batch, (usage, round) => [
        begin('steady'),
        batchPoint('steady', { fieldsDouble: { usage } }, round),
        end('steady'),
      ]),
    ]
  }
}
