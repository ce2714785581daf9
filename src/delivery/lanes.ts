// All lanes of one endpoint and where each of them waits. Keeps the order of urgency among those that are
// ready, the order in which they became so, and the order of time among those that wait. It knows nothing of health,
// pacing or sending.
import { Heap } from './heap.ts'
import { Lane } from './lane.ts'
import type { PendingEvent } from './ledger.ts'
import { Queue } from './queue.ts'
import { byUrgency } from './urgency.ts'

export class Lanes {
  readonly #byIncident = new Map<string, Lane>()
  /** Every undelivered event by seq, in order of arrival. */
  readonly #pending = new Map<number, PendingEvent>()
  readonly #ready = new Heap<Lane>((a, b) => byUrgency(a.head, b.head))
  /** The same lanes as in `#ready`. */
  readonly #inLine = new Queue<Lane>()
  readonly #waiting = new Heap<Lane>((a, b) => a.dueAt - b.dueAt)
  readonly #tried = new Set<Lane>()
  #triedLast: Lane | undefined
  #failing = 0
  #lastSeq = 0
  readonly #now: () => number

  /** `now`: ms, of a clock that does not go back. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Undelivered events. */
  get pending(): number {
    return this.#pending.size
  }

  /** The newest event that ever waited here. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  get oldest(): PendingEvent | undefined {
    return this.#pending.values().next().value
  }

  /** There are lanes, and the head of each has failed. */
  get allFailing(): boolean {
    return this.#failing > 0 && this.#failing === this.#byIncident.size
  }

  of(incident: string): Lane | undefined {
    return this.#byIncident.get(incident)
  }

  /** A new event goes to the end of its lane; a new lane is ready. */
  add(event: PendingEvent): Lane {
    this.#pending.set(event.seq, event)
    this.#lastSeq = Math.max(this.#lastSeq, event.seq)
    const lane = this.#byIncident.get(event.incident)
    if (lane) {
      this.#insert(lane, event)
      return lane
    }
    const opened = new Lane(event)
    this.#byIncident.set(event.incident, opened)
    this.ready(opened)
    return opened
  }

  /** A dead letter that is sent again goes before what is newer, but never before what is under way. */
  #insert(lane: Lane, event: PendingEvent): void {
    const first = lane.place === 'busy' ? 1 : 0
    let index = lane.events.length
    while (index > first && lane.events[index - 1]!.seq > event.seq) index -= 1
    if (index > 0) {
      lane.events.splice(index, 0, event)
      return
    }
    const { place } = lane
    // Its place in a heap depends on its head, so it must be out while that changes.
    this.#unheap(lane)
    lane.events.unshift(event)
    this.forgive(lane)
    if (place === 'ready') this.#ready.push(lane)
    else this.ready(lane)
  }

  /** To the end of the line. */
  ready(lane: Lane): void {
    this.#leave(lane)
    this.#enter(lane, this.#now())
    this.#inLine.append(lane)
  }

  /** Back to the head of the line: it was taken, and its turn did not take place. */
  readyAgain(lane: Lane): void {
    this.#leave(lane)
    this.#enter(lane, lane.readySince)
    this.#inLine.prepend(lane)
  }

  #enter(lane: Lane, since: number): void {
    lane.place = 'ready'
    lane.readySince = since
    this.#ready.push(lane)
  }

  wait(lane: Lane, dueAt: number): void {
    this.#leave(lane)
    lane.place = 'waiting'
    lane.dueAt = dueAt
    this.#waiting.push(lane)
  }

  /** Failed while the endpoint is down: others go before it. */
  setAside(lane: Lane): void {
    this.#leave(lane)
    lane.place = 'tried'
    this.#tried.add(lane)
    this.#triedLast = lane
  }

  take(lane: Lane): void {
    this.#leave(lane)
    lane.place = 'busy'
  }

  fail(lane: Lane, works: number): void {
    if (lane.failedAfter === undefined) this.#failing += 1
    lane.fail(works)
  }

  /** What failed is no longer what the lane would send. */
  forgive(lane: Lane): void {
    if (lane.failedAfter !== undefined) this.#failing -= 1
    lane.forgive()
  }

  /** Takes events out of a lane, wherever it is. An empty lane is gone. */
  remove(lane: Lane, gone: ReadonlySet<PendingEvent>): void {
    const { place, head } = lane
    // Its place in a heap depends on its head, so it must be out while that changes. It keeps its place in line, so that
    // an incident whose events give way to newer ones gets its turn all the same.
    this.#unheap(lane)
    for (const event of gone) this.#pending.delete(event.seq)
    lane.drop(gone)
    if (lane.isEmpty || lane.head !== head) this.forgive(lane)
    if (lane.isEmpty) this.#close(lane, place)
    else this.#return(lane, place)
  }

  /** Lanes whose time has come are ready. */
  release(now: number): void {
    for (let lane = this.#waiting.peek(); lane && lane.dueAt <= now; lane = this.#waiting.peek()) {
      this.ready(lane)
    }
  }

  get nextDueAt(): number | undefined {
    return this.#waiting.peek()?.dueAt
  }

  get mostUrgent(): Lane | undefined {
    return this.#ready.peek()
  }

  /** The one that has waited longest for its turn. */
  get longestWaiting(): Lane | undefined {
    return this.#inLine.first
  }

  /**
   * The lane to probe with while the endpoint is down. All get their turn, in the order of urgency, before
   * any is tried again; the one that was tried last comes again at once only when it is alone.
   */
  nextProbe(): Lane | undefined {
    this.#tryAllAgain()
    return this.#ready.peekOther(this.#triedLast)
  }

  /** In the place of `nextProbe`: the one that has waited longest. */
  longestWaitingProbe(): Lane | undefined {
    this.#tryAllAgain()
    const first = this.#inLine.first
    return first === this.#triedLast ? (first?.after ?? first) : first
  }

  #tryAllAgain(): void {
    if (this.#ready.size === 0) for (const lane of [...this.#tried]) this.ready(lane)
  }

  get hasProbe(): boolean {
    return this.#ready.size > 0 || this.#tried.size > 0
  }

  /** The endpoint went down: lanes that wait because of it wait for it, not for their own time. */
  holdForEndpoint(): void {
    for (const lane of [...this.#waiting.items()]) {
      if (lane.failedAfter !== undefined && !lane.ownFault) this.setAside(lane)
    }
  }

  /** The endpoint works again: everything that waited because of it is ready. */
  resume(): void {
    for (const lane of [...this.#tried]) this.ready(lane)
    this.#triedLast = undefined
  }

  #leave(lane: Lane): void {
    this.#unheap(lane)
    if (lane.place === 'ready') this.#inLine.remove(lane)
  }

  #unheap(lane: Lane): void {
    if (lane.place === 'ready') this.#ready.remove(lane)
    else if (lane.place === 'waiting') this.#waiting.remove(lane)
    else if (lane.place === 'tried') this.#tried.delete(lane)
  }

  #return(lane: Lane, place: Lane['place']): void {
    lane.place = place
    if (place === 'ready') this.#ready.push(lane)
    else if (place === 'waiting') this.#waiting.push(lane)
    else if (place === 'tried') this.#tried.add(lane)
  }

  #close(lane: Lane, place: Lane['place']): void {
    if (place === 'ready') this.#inLine.remove(lane)
    lane.place = 'gone'
    this.#byIncident.delete(lane.incident)
    if (this.#triedLast === lane) this.#triedLast = undefined
  }
}
