import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import type { Network } from './network.ts'
import { ratioBits } from './ratios.ts'

const none = -1

/**
 * One simulated night, again and again in the same arrays: nothing is allocated between two nights. Time goes from event to
 * event; who sends shares the link with who else sends, and who needs something alone waits until it is free.
 */
export class Night {
  /** Seconds since the beginning, by task. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** The task whose end let it begin; -1: it could begin at once. */
  readonly cause: Int32Array
  /** The tasks in the order in which they ended. */
  readonly ended: Int32Array
  /** When all that counts has ended, and the task that ended last of it. */
  finish = 0
  last = none

  readonly #network: Network
  readonly #size: number
  readonly #lasts: Float64Array
  readonly #pending: Int32Array
  readonly #busy: Uint8Array
  readonly #waiting: Int32Array
  /** A heap of what ends without the link, the earliest first. */
  readonly #heapAt: Float64Array
  readonly #heap: Int32Array
  /** Who sends now, and the reading of the link's own clock at which each has sent all. */
  readonly #sending: Int32Array
  readonly #sentAt: Float64Array
  #endedCount = 0
  #waitingCount = 0
  #heapSize = 0
  #sendingCount = 0
  /** Seconds of the whole link that each sender has had since the beginning of the night; read at `#linkSeen`. */
  #linkClock = 0
  #linkSeen = 0

  constructor(network: Network) {
    const size = network.ids.length
    this.#network = network
    this.#size = size
    this.start = new Float64Array(size)
    this.end = new Float64Array(size)
    this.cause = new Int32Array(size)
    this.ended = new Int32Array(size)
    this.#lasts = new Float64Array(size)
    this.#pending = new Int32Array(size)
    this.#busy = new Uint8Array(network.resources)
    this.#waiting = new Int32Array(size)
    this.#heapAt = new Float64Array(size + 1)
    this.#heap = new Int32Array(size + 1)
    this.#sending = new Int32Array(size)
    this.#sentAt = new Float64Array(size)
  }

  /** One number for each task, in their order: nights of the same seed are of the same luck, whatever they are made of. */
  pass(random: RandomGenerator): void {
    const { seconds, ratios, ratiosAt, waitsFor } = this.#network
    for (let task = 0; task < this.#size; task++) {
      const drawn = random.next() >>> (32 - ratioBits)
      this.#lasts[task] = (seconds[task] as number) * (ratios[(ratiosAt[task] as number) + drawn] as number)
    }
    this.#pending.set(waitsFor)
    this.#busy.fill(0)
    this.#endedCount = this.#waitingCount = this.#heapSize = this.#sendingCount = 0
    this.#linkClock = this.#linkSeen = this.finish = 0
    this.last = none
    for (let task = 0; task < this.#size; task++) if (waitsFor[task] === 0) this.#ready(task, 0, none)
    this.#goOn()
  }

  #goOn(): void {
    while (this.#heapSize > 0 || this.#sendingCount > 0) {
      const first = this.#firstSent()
      const sentAt =
        first === none
          ? Number.POSITIVE_INFINITY
          : this.#linkSeen + ((this.#sentAt[first] as number) - this.#linkClock) * this.#sendingCount
      if (this.#heapSize > 0 && (this.#heapAt[0] as number) < sentAt) this.#afterFixedPart()
      else this.#afterSending(first, sentAt)
    }
  }

  #ready(task: number, at: number, cause: number): void {
    if (this.#isBlocked(task)) {
      this.#waiting[this.#waitingCount++] = task
      return
    }
    const { alone, linkShare } = this.#network
    for (let item = alone.at[task] as number; item < (alone.at[task + 1] as number); item++)
      this.#busy[alone.items[item] as number] = 1
    this.start[task] = at
    this.cause[task] = cause
    const share = linkShare[task] as number
    if (share >= 1) this.#send(task, at)
    else this.#push(at + (this.#lasts[task] as number) * (1 - share), task)
  }

  #isBlocked(task: number): boolean {
    const { alone } = this.#network
    for (let item = alone.at[task] as number; item < (alone.at[task + 1] as number); item++)
      if (this.#busy[alone.items[item] as number] === 1) return true
    return false
  }

  #send(task: number, at: number): void {
    this.#readLinkClock(at)
    const share = this.#network.linkShare[task] as number
    this.#sending[this.#sendingCount] = task
    this.#sentAt[this.#sendingCount++] = this.#linkClock + (this.#lasts[task] as number) * share
  }

  #readLinkClock(at: number): void {
    if (this.#sendingCount > 0) this.#linkClock += (at - this.#linkSeen) / this.#sendingCount
    this.#linkSeen = at
  }

  /** The place, among those who send, of who has sent all first. */
  #firstSent(): number {
    let first = this.#sendingCount > 0 ? 0 : none
    for (let place = 1; place < this.#sendingCount; place++)
      if ((this.#sentAt[place] as number) < (this.#sentAt[first] as number)) first = place
    return first
  }

  #afterSending(place: number, at: number): void {
    const task = this.#sending[place] as number
    this.#linkClock = this.#sentAt[place] as number
    this.#linkSeen = at
    this.#sendingCount--
    this.#sending[place] = this.#sending[this.#sendingCount] as number
    this.#sentAt[place] = this.#sentAt[this.#sendingCount] as number
    this.#complete(task, at)
  }

  #afterFixedPart(): void {
    const at = this.#heapAt[0] as number
    const task = this.#pop()
    if ((this.#network.linkShare[task] as number) > 0) this.#send(task, at)
    else this.#complete(task, at)
  }

  #complete(task: number, at: number): void {
    const { next, counts, alone } = this.#network
    this.end[task] = at
    this.ended[this.#endedCount++] = task
    if (counts[task] === 1) {
      this.finish = at
      this.last = task
    }
    const [from, to] = [alone.at[task] as number, alone.at[task + 1] as number]
    for (let item = from; item < to; item++) this.#busy[alone.items[item] as number] = 0
    if (to > from) this.#wake(at, task)
    for (let item = next.at[task] as number; item < (next.at[task + 1] as number); item++) {
      const follower = next.items[item] as number
      const left = (this.#pending[follower] as number) - 1
      this.#pending[follower] = left
      if (left === 0) this.#ready(follower, at, task)
    }
  }

  /** Who has waited longest for something comes first. */
  #wake(at: number, cause: number): void {
    const waited = this.#waitingCount
    this.#waitingCount = 0
    // what still has to wait is put back at or before the place that is read
    for (let place = 0; place < waited; place++) this.#ready(this.#waiting[place] as number, at, cause)
  }

  #push(at: number, task: number): void {
    let place = this.#heapSize++
    while (place > 0) {
      const above = (place - 1) >> 1
      if ((this.#heapAt[above] as number) <= at) break
      this.#heapAt[place] = this.#heapAt[above] as number
      this.#heap[place] = this.#heap[above] as number
      place = above
    }
    this.#heapAt[place] = at
    this.#heap[place] = task
  }

  #pop(): number {
    const first = this.#heap[0] as number
    const size = --this.#heapSize
    const [at, task] = [this.#heapAt[size] as number, this.#heap[size] as number]
    let place = 0
    for (let below = 1; below < size; below = 2 * place + 1) {
      if (below + 1 < size && (this.#heapAt[below + 1] as number) < (this.#heapAt[below] as number)) below++
      if ((this.#heapAt[below] as number) >= at) break
      this.#heapAt[place] = this.#heapAt[below] as number
      this.#heap[place] = this.#heap[below] as number
      place = below
    }
    this.#heapAt[place] = at
    this.#heap[place] = task
    return first
  }
}
