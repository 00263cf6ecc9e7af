import { createPublicKey, type KeyObject } from 'node:crypto'
import { type Checkpoint, rootOf, signCheckpoint, verifierKey } from '../journal/checkpoint.ts'
import { isGranted, stampedHash, timestampRequest } from '../journal/timestamp.ts'
import type { Event } from '../model/event.ts'
import { Failure } from '../model/failure.ts'
import type { SiteSide } from '../model/plan.ts'
import type { CopyPlace, Seal } from '../model/roles.ts'
import { failureRecord } from './failure-record.ts'
import type { CopiesPort, SealsPort } from './ports.ts'

/** The hashes of all its entries, in their order. */
export type SealedJournal = { hashes(): string[] }
/** Sends a request to the time-stamp authority of the plan; its answer as it came. */
export type AskForStamp = (request: Buffer) => Promise<Buffer>
export type SealHost = CopyPlace & { keep(seal: Seal): Promise<void> }

/** Signs where the journal ends and has it kept at the hosts of both sites. Nothing waits for a host, and none stops the run. */
export class JournalSeals implements SealsPort {
  readonly key: string
  readonly #hosts: readonly SealHost[]
  readonly #journal: SealedJournal
  readonly #origin: string
  readonly #privateKey: KeyObject
  readonly #copies: Pick<CopiesPort, 'bring'> | undefined
  readonly #askForStamp: AskForStamp | undefined
  readonly #changes: Event[] = []
  readonly #without = new Set<SiteSide>()
  /** How many entries every host that is asked has a seal of. */
  #sealed = 0
  #now: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #isClosed = false

  /**
   * `origin` names the journal, and is in its seals. `copies`: absent where nothing at the sites keeps any. `askForStamp`: absent where
   * the plan names no time-stamp authority.
   */
  constructor(
    hosts: readonly SealHost[],
    journal: SealedJournal,
    origin: string,
    privateKey: KeyObject,
    { copies, askForStamp }: { copies?: Pick<CopiesPort, 'bring'>; askForStamp?: AskForStamp } = {},
  ) {
    this.#hosts = hosts
    this.#journal = journal
    this.#origin = origin
    this.#privateKey = privateKey
    this.#copies = copies
    this.#askForStamp = askForStamp
    this.key = verifierKey(origin, createPublicKey(privateKey))
  }

  /** Calls made while a seal is under way share the next one: it reads the journal as it begins. */
  async seal(without?: SiteSide): Promise<void> {
    if (without !== undefined) this.#without.add(without)
    this.#next ??= this.#now.then(() => {
      this.#next = undefined
      this.#now = this.#sealNow().catch(error => this.#tellDefect(error))
      return this.#now
    })
    return this.#next
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#next
    await this.#now
  }

  changes(): Event[] {
    return this.#changes.splice(0)
  }

  async #sealNow(): Promise<void> {
    if (this.#isClosed) return
    const hashes = this.#journal.hashes()
    const entries = hashes.length
    if (entries === this.#sealed || !(await this.#mayBeCopied()) || this.#isClosed) return
    const root = rootOf(hashes)
    const checkpoint: Checkpoint = { origin: this.#origin, entries, root }
    const note = signCheckpoint(checkpoint, this.#privateKey)
    const asked = this.#hosts.filter(({ side }) => !this.#without.has(side))
    const ends = await Promise.allSettled(
      asked.map(async host => host.keep({ entries, note, key: this.key })),
    )
    const hosts = asked.filter((_, index) => ends[index]?.status === 'fulfilled').map(({ host }) => host)
    const missing = ends.flatMap((end, index) =>
      end.status === 'rejected'
        ? [{ host: asked[index]?.host ?? '', why: failureRecord(end.reason).text }]
        : [],
    )
    if (missing.length === 0) this.#sealed = entries
    this.#changes.push({
      ...{ type: 'journal.sealed', entries, root, hosts },
      ...(missing.length > 0 && { missing }),
    })
    await this.#stamp(checkpoint)
  }

  /** An authority that does not answer delays nothing but the next seal. */
  async #stamp(checkpoint: Checkpoint): Promise<void> {
    if (this.#askForStamp === undefined) return
    const hash = stampedHash(checkpoint)
    try {
      const response = await this.#askForStamp(timestampRequest(hash))
      if (!isGranted(response, hash)) throw new Failure({ key: 'run.stampRefused' })
      this.#changes.push({ type: 'journal.stamped', ...checkpoint, response: response.toString('base64') })
    } catch (error) {
      const why = failureRecord(error).text
      this.#changes.push({ type: 'journal.not-stamped', entries: checkpoint.entries, why })
    }
  }

  /**
   * Brings all that is sealed to the copies first: whoever goes on from one must not find seals of entries that nobody was sent. False:
   * they have refused this program, which ends it at the executor's next look at them.
   */
  async #mayBeCopied(): Promise<boolean> {
    const [without] = this.#without
    try {
      await this.#copies?.bring(without)
      return true
    } catch {
      return false
    }
  }

  #tellDefect(error: unknown): void {
    this.#changes.push({ type: 'note', text: failureRecord(error).text })
  }
}
