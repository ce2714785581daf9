// One conversation with Kapacitor, from bytes in to bytes out. It knows no socket and no clock of its own.
//
//   fresh     Info is answered; Init leads to running, asking or refused
//   asking    somebody is asked whether it is a replay; the answer leads to running. Frames wait
//   running   points and batches, keepalives, snapshots; the end of input leads to ending
//   refused   the answer was no: nothing more is read, we close (Kapacitor never would)
//   broken    malformed input: an ErrorResponse was sent, nothing more is read, we close
//   ending    the input ended: what was received is answered, then we close
//   over      nothing is answered any more
//
// `#enter` alone changes the state.

import type { Place } from '../incident/go-zone.ts'
import type { NodeSettings } from '../incident/node-settings.ts'
import { FrameReader } from '../wire/frame.ts'
import {
  decodeInit,
  decodeKeepalive,
  type EdgeType,
  type Envelope,
  openEnvelope,
  RequestKind,
  responses,
} from '../wire/messages.ts'
import { WireError } from '../wire/wire-error.ts'
import { BatchFlow } from './batch-flow.ts'
import type { DataFlow } from './data-flow.ts'
import { OPTION_TYPES } from './option-table.ts'
import { InitRefusal, nodeSettings } from './options.ts'
import { Output, type Sink } from './output.ts'
import { HISTORY, isPlayed, PLAYED_NAMES } from './played-node.ts'
import { StreamFlow } from './stream-flow.ts'
import type { AskReplay, Ending, StartNode, TaskLink } from './task-link.ts'

type State = 'fresh' | 'asking' | 'running' | 'refused' | 'broken' | 'ending' | 'over'

export interface SessionSettings {
  readonly edge: EdgeType
  /** Bytes. */
  readonly maxMessageBytes: number
  /** Bytes that may wait for a commit before data is no longer returned. */
  readonly maxHeldBytes: number
  /** Whose clock `.Time.Local` of a template shows; UTC unless given. */
  readonly local?: Place
}

/** What a session tells of what happened to it. */
export interface SessionHappenings {
  initRefused(happening: { readonly task: string; readonly node: string; readonly reason: string }): void
  malformed(happening: {
    readonly task: string | undefined
    readonly code: string
    readonly reason: string
  }): void
  /** Kapacitor asked for Info alone, which it does when it starts, before its tasks do. */
  infoAlone?(): void
  /** Our own mistake: the connection goes on as if it had been malformed. */
  sessionFailed(happening: { readonly task: string | undefined; readonly error: unknown }): void
}

export interface SessionSurroundings {
  readonly settings: SessionSettings
  readonly startNode: StartNode
  /** Absent: nothing is. */
  readonly askReplay?: AskReplay
  readonly sink: Sink
  readonly happened: SessionHappenings
  /** Nanoseconds since the epoch. */
  readonly now: () => bigint
  readonly monotonicMs: () => number
}

/** Options are a script's: far less than a point may have, and decoded whole they take much more room. */
const MAX_INIT_BYTES = 1024 * 1024

/** Kapacitor sends nothing but a keepalive or two before its Init is answered. */
const MAX_EARLY_FRAMES = 100

/** Kapacitor takes any answer as a sign of life; while data keeps us busy we give one a second unasked. */
const SIGN_OF_LIFE_MS = 1000
/** Until Init anybody may be at the other end. */
const MAX_BODY_BEFORE_INIT = 1024 * 1024

export class Session {
  readonly #around: SessionSurroundings
  readonly #reader: FrameReader
  readonly #output: Output
  #state: State = 'fresh'
  #task: string | undefined
  #link: TaskLink | undefined
  #flow: DataFlow | undefined
  #passThrough = false
  #sawInfo = false
  /** Kapacitor asks for Info before all else. Who does not only looks whether somebody is here (`check`). */
  #onlyLooks = false
  /** Frames that came while somebody was asked. */
  readonly #early: { readonly frame: Buffer; readonly start: number }[] = []
  #lastAnswerAt: number
  /** Monotonic: of the chunk that was read last. */
  #readAt = 0

  constructor(around: SessionSurroundings) {
    this.#around = around
    this.#reader = new FrameReader(Math.min(MAX_BODY_BEFORE_INIT, around.settings.maxMessageBytes))
    this.#output = new Output(around.sink)
    this.#lastAnswerAt = around.monotonicMs()
  }

  get isOver(): boolean {
    return this.#state !== 'fresh' && this.#state !== 'asking' && this.#state !== 'running'
  }

  /** Whether what is written may lie in the chunk that is being read. */
  get returnsInput(): boolean {
    return this.#passThrough && !this.#keepsInput
  }

  /** A batch is kept until its end. */
  get #keepsInput(): boolean {
    return this.#around.settings.edge === 'BATCH'
  }

  /**
   * Takes input, which counts during the call only. Returns false when nothing more is to be read and the connection is
   * ours to close.
   */
  read(chunk: Buffer): boolean {
    if (this.isOver) return false
    this.#readAt = this.#around.monotonicMs()
    try {
      const input = this.#keepsInput ? Buffer.from(chunk) : chunk
      this.#reader.read(input, (bytes, start, end, from) => {
        if (!this.isOver) this.#frame(bytes, start, end, from)
      })
    } catch (error) {
      // Behind a refusal, which was the last word, it is of no interest.
      if (!this.isOver) this.#break(error)
      return false
    }
    this.#finishChunk()
    this.#showLife()
    return !this.isOver
  }

  /** The input ended. Resolves when all that was received is answered, or can no longer be. */
  async end(how: Ending): Promise<void> {
    if (this.#state === 'over') return
    if (this.#state === 'fresh' && this.#sawInfo && !this.#onlyLooks) this.#around.happened.infoAlone?.()
    if (!this.isOver) this.#enter('ending', how)
    await this.#output.empty()
  }

  /** Gives up what is still held. */
  abandon(): void {
    this.#giveUpHeld()
    this.#enter('over', 'closed')
  }

  #giveUpHeld(): void {
    const bytes = this.#output.abandon()
    if (bytes > 0) this.#link?.notReturned(bytes, 'not-committed-in-time')
  }

  #enter(state: State, how: Ending): void {
    const wasLive = this.#state === 'running'
    this.#state = state
    if (wasLive && state !== 'running') this.#link?.ended(how)
  }

  #frame(bytes: Buffer, start: number, end: number, from: number): void {
    if (this.#state === 'asking') {
      this.#keep(bytes.subarray(from, end), start - from)
      return
    }
    const envelope = openEnvelope(bytes, start, end)
    if (envelope.kind >= RequestKind.begin) this.#data(envelope, bytes, from, end)
    else this.#control(envelope, bytes.subarray(envelope.start, envelope.end))
  }

  #data({ kind, start, end }: Envelope, bytes: Buffer, from: number, to: number): void {
    if (!this.#flow) throw new WireError('bad-message', 'data before Init')
    this.#flow.frame({ kind, bytes, from, to, start, end })
  }

  #control({ kind }: Envelope, message: Buffer): void {
    if (kind === RequestKind.keepalive && !this.#sawInfo) this.#onlyLooks = true
    if (kind === RequestKind.info) this.#sawInfo = true
    if (kind === RequestKind.info) this.#answer(responses.info(this.#around.settings.edge, OPTION_TYPES))
    else if (kind === RequestKind.init) this.#init(message)
    else if (kind === RequestKind.keepalive) this.#answer(responses.keepalive(decodeKeepalive(message)))
    else if (kind === RequestKind.snapshot) this.#answer(responses.snapshot())
    else if (kind === RequestKind.restore) this.#answer(responses.restored())
  }

  #init(message: Buffer): void {
    if (this.#state !== 'fresh') throw new WireError('bad-message', 'a second Init')
    if (message.length > MAX_INIT_BYTES)
      throw new WireError('bad-message', `an Init of more than ${MAX_INIT_BYTES} bytes`)
    const { settings, askReplay, happened } = this.#around
    const init = decodeInit(message)
    this.#reader.accept(settings.maxMessageBytes)
    this.#task = init.taskID
    try {
      const node = nodeSettings(settings.edge, init, settings.local)
      const asked = askReplay?.(node) ?? false
      if (typeof asked === 'boolean') this.#start(node, asked)
      else this.#wait(node, asked)
    } catch (error) {
      if (!(error instanceof InitRefusal)) throw error
      this.#answer(responses.refused(error.message))
      this.#enter('refused', 'refused')
      happened.initRefused({ task: init.taskID, node: init.nodeID, reason: error.message })
    }
  }

  #start(node: NodeSettings, isReplay: boolean): void {
    const link = this.#around.startNode(node, isReplay)
    this.#link = link
    this.#passThrough = node.passThrough
    this.#flow = this.#flowFor(node, link)
    this.#enter('running', 'closed')
    this.#answer(responses.initialised(isPlayed(node) && link.isReplay ? HISTORY : ''))
  }

  #wait(node: NodeSettings, asked: Promise<boolean>): void {
    this.#enter('asking', 'closed')
    void asked.then(isReplay => {
      if (this.#state !== 'asking') return
      try {
        this.#start(node, isReplay)
        for (const { frame, start } of this.#early.splice(0)) this.#frame(frame, start, frame.length, 0)
      } catch (error) {
        this.#break(error)
      }
      this.#finishChunk()
    })
  }

  #keep(frame: Buffer, start: number): void {
    if (this.#early.length === MAX_EARLY_FRAMES)
      throw new WireError('bad-message', `more than ${MAX_EARLY_FRAMES} messages before Init was answered`)
    this.#early.push({ frame: Buffer.from(frame), start })
  }

  #flowFor(node: NodeSettings, link: TaskLink): DataFlow {
    const { edge, maxMessageBytes, maxHeldBytes } = this.#around.settings
    const hasRoom = (): boolean => this.#output.heldBytes < maxHeldBytes
    const names = isPlayed(node) ? PLAYED_NAMES : node.names
    const surroundings = { settings: node, names, link, hasRoom, maxBatchBytes: maxMessageBytes }
    return edge === 'STREAM' ? new StreamFlow(surroundings) : new BatchFlow(surroundings)
  }

  /** Commits what the chunk changed, and lets its output wait for that. */
  #finishChunk(): void {
    const flow = this.#flow
    const link = this.#link
    if (!flow || !link) return
    if (flow.counts.points > 0) {
      link.counted(flow.counts)
      flow.counts.points = flow.counts.unlevelled = 0
    }
    const ready = flow.changes.length > 0 ? link.commit(flow.changes.splice(0), this.#readAt) : undefined
    // Rejections matter to the output alone.
    ready?.catch(() => {})
    this.#output.data(flow.returned.take(), ready, this.#passThrough ? 'write' : 'drop')
  }

  #answer(frame: Buffer): void {
    this.#lastAnswerAt = this.#around.monotonicMs()
    this.#output.answer(frame)
  }

  #showLife(): void {
    if (this.#state !== 'running') return
    if (this.#around.monotonicMs() - this.#lastAnswerAt >= SIGN_OF_LIFE_MS)
      this.#answer(responses.keepalive(this.#around.now()))
  }

  /** What came before counts. An ErrorResponse ends the node in Kapacitor: nothing may follow it. */
  #break(error: unknown): void {
    const { happened } = this.#around
    const task = this.#task
    this.#finishChunk()
    this.#giveUpHeld()
    if (error instanceof WireError) {
      happened.malformed({ task, code: error.code, reason: error.message })
      this.#answer(responses.error(`kapacitor-squadcast: ${error.message}`))
    } else {
      happened.sessionFailed({ task, error })
      this.#answer(responses.error('kapacitor-squadcast: an error of its own; its log says more'))
    }
    this.#enter('broken', 'malformed')
  }
}
