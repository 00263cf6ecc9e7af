import type { Event, JournalHead } from '../model/event.ts'
import { exitCodes, Failure } from '../model/failure.ts'
import type { SiteSide } from '../model/plan.ts'
import type { CopyPlace } from '../model/roles.ts'
import type { Text } from '../model/text.ts'
import { failureRecord } from './failure-record.ts'
import type { Clock, CopiesPort } from './ports.ts'

/** What a copy is made from. */
export type CopiedJournal = {
  linesSince(sequence: number): string[]
  hashAt(sequence: number): string | undefined
}
export type CopyHost = CopyPlace & {
  /** Where its copy ended when it was asked last; absent when it could not be asked. */
  head?: JournalHead
  append(lines: readonly string[]): Promise<{ taken: boolean; head: JournalHead }>
  /** Whether this program's own claim is what is written there now. */
  claimStands(): Promise<boolean>
}

/** How long a host that was lost is left alone. */
const againSeconds = 5
/** One that asks where the copy ends, one that is not taken since the copy ends elsewhere, one that goes on from there. */
const rounds = 3

/**
 * Keeps the journal's copies at the sites up to date: all entries that a host lacks in one call, which also asks whether this program
 * may still act there. A host that cannot be reached is told, left alone, and caught up with when it is back.
 */
export class JournalCopies implements CopiesPort {
  readonly #copies: Copy[]
  readonly #changes: Event[] = []
  readonly #stop: AbortController
  #refused: unknown

  /** `ending` is fired when the copies are closed: what is on its way then is broken off. */
  constructor(
    hosts: readonly CopyHost[],
    journal: CopiedJournal,
    clock: Clock,
    ending = new AbortController(),
  ) {
    this.#stop = ending
    const tell = (event: Event): void => void this.#changes.push(event)
    const refuse = (error: unknown): void => {
      this.#refused ??= error
    }
    this.#copies = hosts.map(one => new Copy(one, journal, clock, tell, refuse, this.#stop.signal))
  }

  async bring(without?: SiteSide): Promise<void> {
    await this.reachAll(without)
  }

  /** As `bring`. False: a host took nothing in this call, so it was not asked whether this program may act. */
  async reachAll(without?: SiteSide): Promise<boolean> {
    for (const copy of this.#copies) if (copy.side === without) copy.leaveOut()
    const reached = await Promise.all(this.#copies.map(copy => copy.bring()))
    this.#throwRefusal()
    return reached.every(Boolean)
  }

  bringSoon(): void {
    // what is refused is thrown by the next call
    this.bring().catch(() => {})
  }

  changes(): Event[] {
    this.#throwRefusal()
    return this.#changes.splice(0)
  }

  async close(): Promise<void> {
    this.#stop.abort('stop')
    await Promise.allSettled(this.#copies.map(copy => copy.ended()))
  }

  #throwRefusal(): void {
    if (this.#refused !== undefined) throw this.#refused
  }
}

class Copy {
  readonly #to: CopyHost
  readonly #journal: CopiedJournal
  readonly #clock: Clock
  readonly #tell: (event: Event) => void
  readonly #refuse: (error: unknown) => void
  readonly #stop: AbortSignal
  /** Undefined: not known. */
  #entries: number | undefined
  #now: Promise<boolean> = Promise.resolve(true)
  #next: Promise<boolean> | undefined
  #catchingUp: Promise<void> | undefined
  #isLeftOut = false

  constructor(
    to: CopyHost,
    journal: CopiedJournal,
    clock: Clock,
    tell: (event: Event) => void,
    refuse: (error: unknown) => void,
    stop: AbortSignal,
  ) {
    this.#to = to
    this.#journal = journal
    this.#clock = clock
    this.#tell = tell
    this.#refuse = refuse
    this.#stop = stop
    this.#entries = to.head?.entries
  }

  get side(): SiteSide {
    return this.#to.side
  }

  /** The run goes on without this site: its host is not asked any more. */
  leaveOut(): void {
    this.#isLeftOut = true
  }

  /**
   * Calls made while a send is under way share the next one: it reads the journal as it begins, so it has what they wrote. False:
   * the host did not take part. One that is not asked is not missed.
   */
  async bring(): Promise<boolean> {
    if (this.#isLeftOut) return true
    if (this.#catchingUp !== undefined) return false
    this.#next ??= this.#now.then(() => {
      this.#next = undefined
      // lost by the send that this one waited for
      if (this.#catchingUp !== undefined) return false
      this.#now = this.#send().then(
        () => true,
        error => this.#failed(error),
      )
      return this.#now
    })
    return this.#next
  }

  async ended(): Promise<void> {
    await this.#next
    await this.#now
    await this.#catchingUp
  }

  async #send(): Promise<void> {
    for (let round = 1; round <= rounds; round++) {
      const after = this.#entries
      const lines = after === undefined ? [] : this.#journal.linesSince(after)
      const { taken, head } = await this.#to.append(lines)
      await this.#refuseOther(head)
      this.#entries = head.entries
      // what did not follow, or was not sent yet, goes on from where the copy really ends
      if (taken && after !== undefined) return
    }
    throw new Failure({ key: 'run.copyNotTaken', values: { host: this.#to.host } })
  }

  /** Where its own claim stands nobody else adds entries: another end was made by hand, and says nothing of who may act. */
  async #refuseOther(head: JournalHead): Promise<void> {
    const { host } = this.#to
    try {
      refuseBehind(host, head, this.#journal)
    } catch (refusal) {
      if (!(await this.#to.claimStands())) throw refusal
      throw new Failure({ key: 'run.copyAltered', values: { host, entries: head.entries } })
    }
  }

  #failed(error: unknown): false {
    if (isRefusal(error)) this.#refuse(error)
    if (isRefusal(error) || this.#stop.aborted) return false
    this.#tell({ type: 'copy.lost', host: this.#to.host, why: whyOf(error) })
    this.#catchingUp = this.#catchUp()
    return false
  }

  async #catchUp(): Promise<void> {
    while (!this.#stop.aborted) {
      await this.#clock.sleepUntil(this.#clock.now().add({ seconds: againSeconds }), this.#stop)
      if (this.#stop.aborted || this.#isLeftOut) return
      try {
        this.#entries = undefined
        await this.#send()
        this.#catchingUp = undefined
        this.#tell({ type: 'copy.back', host: this.#to.host })
        return
      } catch (error) {
        if (!isRefusal(error)) continue
        this.#refuse(error)
        return
      }
    }
  }
}

const isRefusal = (error: unknown): boolean => error instanceof Failure && error.exitCode === exitCodes.locked

const whyOf = (error: unknown): Text => failureRecord(error).text

/** Where a copy ends, beside a journal. `ahead`: it has entries that the journal lacks. `differs`: the same entries say something else. */
export function compareHead(
  { entries, hash }: JournalHead,
  hashAt: (sequence: number) => string | undefined,
): 'empty' | 'agrees' | 'ahead' | 'differs' {
  if (entries === 0) return 'empty'
  const own = hashAt(entries)
  if (own === undefined) return 'ahead'
  return own === hash ? 'agrees' : 'differs'
}

/**
 * Throws Failure (exit code 75) when the copy has what this journal lacks: another program has gone on from there, or this is an older
 * copy of the state directory.
 */
export function refuseBehind(host: string, head: JournalHead, journal: Pick<CopiedJournal, 'hashAt'>): void {
  const state = compareHead(head, journal.hashAt)
  if (state === 'empty' || state === 'agrees') return
  throw new Failure(
    {
      key: state === 'ahead' ? 'run.journalBehind' : 'run.journalOther',
      values: { host, entries: head.entries },
    },
    { remedy: { key: 'run.journalBehind.remedy', values: { host } }, exitCode: exitCodes.locked },
  )
}
