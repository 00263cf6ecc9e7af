import type { SiteSide } from '../../src/model/plan.ts'
import type { FileHosts } from '../doubles/file-hosts.ts'

const filesAtFirst = 12
const mostNamed = 3
/** What is written where a restart took the fence away: nobody has promised that it stays. */
const late = 'late'

/** People who put files into the tree by any door that is open, and keep a ledger of what it must hold. */
export class FileUsers {
  readonly #hosts: FileHosts
  readonly #now: () => number
  readonly #ledger = new Map<string, string>()
  #writes = 0

  /** `now`: seconds since 1970. */
  constructor(hosts: FileHosts, now: () => number) {
    this.#hosts = hosts
    this.#now = now
    for (let at = 0; at < filesAtFirst; at++) this.#put('source', `file-${at}`)
  }

  /** Most change a file; some bring one, a few take one away. */
  write(side: SiteSide): void {
    const names = [...this.#ledger.keys()]
    const chosen = names[(this.#writes * 7) % names.length] ?? 'file-0'
    if (this.#writes % 40 === 39) {
      this.#writes += 1
      this.#ledger.delete(chosen)
      this.#hosts[side].tree.delete(chosen)
    } else this.#put(side, this.#writes % 10 === 9 ? `new-${this.#writes}` : chosen)
  }

  writeLate(): void {
    this.#hosts.put(this.#hosts.source, late, `late ${this.#writes}`, this.#now())
  }

  /** What a site's tree lacks of the ledger, or has in another version; `exactly`: and what it has besides. */
  wrongAt(side: SiteSide, exactly = false): string[] {
    const { tree } = this.#hosts[side]
    const wrong = [...this.#ledger].filter(([name, content]) => tree.get(name)?.content !== content)
    const surplus = exactly ? [...tree.keys()].filter(name => name !== late && !this.#ledger.has(name)) : []
    return [
      ...wrong.map(
        ([name, content]) => `file ${name} is ${tree.get(name)?.content ?? 'missing'}, not ${content}`,
      ),
      ...surplus.map(name => `file ${name} was not written`),
    ].slice(0, mostNamed)
  }

  /** The other site is given up: what it alone has is lost, as people were told. */
  haveOnly(side: SiteSide): void {
    const { tree } = this.#hosts[side]
    this.#ledger.clear()
    for (const [name, { content }] of tree) if (name !== late) this.#ledger.set(name, content)
  }

  /** Each write is a moment later than the one before it, as a file system's clock tells them apart. */
  #put(side: SiteSide, name: string): void {
    const content = `version ${this.#writes} ${'x'.repeat(this.#writes % 5)}`
    this.#writes += 1
    this.#hosts.put(this.#hosts[side], name, content, this.#now() + this.#writes * 1e-6)
    this.#ledger.set(name, content)
  }
}
