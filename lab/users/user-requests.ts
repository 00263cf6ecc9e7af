import { type Answered, type Asked, ask } from './ask.ts'
import type { LedgerEntry, LedgerWriter, Outcome, Service, Summary } from './ledger.ts'
import type { UsersOptions } from './options.ts'
import type { Person } from './person.ts'
import { Resolver } from './resolver.ts'

type Wanted = Omit<Asked, 'name' | 'port' | 'timeoutMilliseconds' | 'expected'> & { expected?: number[] }
/** Whether a successful answer also says what it should. */
type Correct = (answered: Answered) => boolean

/** Where every person's requests pass: asked, judged, counted, written to the ledger. */
export class UserRequests {
  readonly #options: UsersOptions
  readonly #ledger: LedgerWriter
  readonly #resolver: Resolver
  readonly summary: Omit<Summary, 'seconds' | 'pending'> = {
    requests: {},
    attempted: 0,
    acknowledged: 0,
    sessionsOpened: 0,
    sessionsCarried: 0,
    sessionsLost: 0,
    turnsSkipped: 0,
  }

  constructor(options: UsersOptions, ledger: LedgerWriter) {
    this.#options = options
    this.#ledger = ledger
    this.#resolver = new Resolver(options.resolver)
  }

  get size() {
    return this.#options.size
  }

  write(entry: LedgerEntry): void {
    this.#ledger.write(entry)
  }

  async ask(
    person: Person,
    service: Service,
    action: string,
    wanted: Wanted,
    correct: Correct = () => true,
  ): Promise<Answered> {
    const { domain, port, timeoutMilliseconds, siteByAddress } = this.#options
    const asked = { name: `${service}.${domain}`, port, timeoutMilliseconds, expected: [200], ...wanted }
    const { session } = person
    const answered = await ask(this.#resolver, asked, address => siteByAddress.get(address))
    if (answered.outcome === 'ok' && !holds(correct, answered)) answered.outcome = 'wrong-content'
    this.#count(service, answered.outcome)
    const { body: _, ...told } = answered
    const at = new Date().toISOString()
    this.write({ kind: 'request', at, user: person.number, service, action, ...told })
    if (asked.token !== undefined && session?.token === asked.token) this.#followSession(person, answered, at)
    return answered
  }

  #count(service: Service, outcome: Outcome): void {
    const counts = this.summary.requests[service] ?? {}
    counts[outcome] = (counts[outcome] ?? 0) + 1
    this.summary.requests[service] = counts
  }

  /** A session must outlive the move: noted when the other site takes it, and when any site refuses it. */
  #followSession(person: Person, { outcome, site }: Answered, at: string): void {
    const { session } = person
    if (!session) return
    const { openedAt, openedSite } = session
    const what = { at, user: person.number, openedAt, ...(openedSite === undefined ? {} : { openedSite }) }
    if (outcome === 'session-lost') {
      person.session = undefined
      this.summary.sessionsLost += 1
      this.write({ kind: 'session-lost', ...what, ...(site === undefined ? {} : { site }) })
    } else if (outcome === 'ok' && site !== undefined && site !== openedSite && !session.carried) {
      session.carried = true
      this.summary.sessionsCarried += 1
      this.write({ kind: 'session-carried', ...what, site })
    }
  }
}

/** A body that cannot be read as expected is wrong content, not a fault of the users. */
function holds(correct: Correct, answered: Answered): boolean {
  try {
    return correct(answered)
  } catch {
    return false
  }
}

export const json = (answered: Answered) => JSON.parse(answered.body.toString('utf8'))
