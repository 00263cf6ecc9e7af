import { firstPreviousHash } from '../../src/journal/chain.ts'
import type { Argv, CommandResult } from '../../src/model/io.ts'

type Standing = { fencingNumber: number; site: string; holder: string; lineage: string }
type Host = { standing?: Standing; lines: string[]; seals: Map<number, string>; keys: Set<string> }
type Answer = Partial<CommandResult>
type Script = (host: Host, values: readonly string[], input: string) => Answer

/** What every host of a plan keeps for the kind `authority`: who may act, and a copy of the journal and its seals. As its scripts do it. */
export class AuthorityHosts {
  /** Hosts that have no room for anything. */
  readonly full = new Set<string>()
  readonly #hosts = new Map<string, Host>()

  /** Undefined: the command is none of this kind's. */
  run(host: string, argv: Argv, input = ''): CommandResult | undefined {
    const [shell, , text = '', name = '', ...values] = argv
    const script = shell === 'sh' ? scriptOf(name, text) : undefined
    if (script === undefined) return undefined
    const writes = writing.includes(name)
    const own = this.#hosts.get(host) ?? { lines: [], seals: new Map(), keys: new Set() }
    this.#hosts.set(host, own)
    const answer =
      writes && this.full.has(host)
        ? { exitCode: 1, stderr: 'No space left on device\n' }
        : script(own, values, input)
    return { exitCode: 0, stdout: '', stderr: '', ...answer }
  }

  standing(host: string): Standing | undefined {
    return this.#hosts.get(host)?.standing
  }

  /** As a person moves the host's copy of the journal aside by hand. */
  moveCopy(host: string): void {
    const own = this.#hosts.get(host)
    if (own) own.lines = []
  }
}

function scriptOf(name: string, text: string): Script | undefined {
  if (name !== 'authority') return scripts[name]
  if (text.includes('command -v')) return () => ({})
  return ({ standing }) => (standing ? { stdout: recordOf(standing) } : {})
}

const writing = ['write-authority.sh', 'append-journal.sh', 'set-aside-journal.sh', 'keep-seal.sh']

const scripts: Record<string, Script> = {
  'write-authority.sh'(host, [, , number = '', site = '', holder = '', , lineage = '', keep = '']) {
    const { standing } = host
    const mine = { fencingNumber: Number(number), site, holder, lineage }
    if (standing && isRefused(standing, mine)) return { exitCode: 75, stdout: recordOf(standing) }
    host.standing = {
      fencingNumber: mine.fencingNumber,
      site: keep !== '' && standing ? standing.site : site,
      holder: holder || (standing?.holder ?? ''),
      lineage: lineage || (standing?.lineage ?? ''),
    }
    return {}
  },
  'append-journal.sh'(host, [, number = '', holder = '', lineage = ''], input) {
    const { standing, lines } = host
    if (standing && isRefused(standing, { fencingNumber: Number(number), site: '', holder, lineage }))
      return { exitCode: 75, stdout: recordOf(standing) }
    const added = input.split('\n').slice(0, -1)
    let head = headOf(lines.at(-1))
    const before = head
    for (const line of added) {
      const { sequence, previousHash } = linkOf(line)
      const follows = previousHash === (head.entries === 0 ? firstPreviousHash : head.hash)
      if (sequence !== head.entries + 1 || !follows) return { exitCode: 74, stdout: headText(before) }
      head = headOf(line)
    }
    host.lines = [...lines, ...added]
    return { stdout: headText(head) }
  },
  'set-aside-journal.sh'(host, [, number = '', holder = '', lineage = '']) {
    const { standing } = host
    if (standing && isRefused(standing, { fencingNumber: Number(number), site: '', holder, lineage }))
      return { exitCode: 75, stdout: recordOf(standing) }
    host.lines = []
    return {}
  },
  'keep-seal.sh'(
    { standing, seals, keys },
    [, number = '', holder = '', lineage = '', size = '', key = ''],
    note,
  ) {
    const mine = { fencingNumber: Number(number), site: '', holder, lineage }
    if (standing && isRefused(standing, mine)) return { exitCode: 75, stdout: recordOf(standing) }
    const last = Math.max(0, ...seals.keys())
    const saysSame = (other: string): boolean => other.split('\n\n')[0] === note.split('\n\n')[0]
    if (last === Number(size) && saysSame(seals.get(last) ?? '')) return {}
    if (last >= Number(size)) return { exitCode: 74, stdout: `${last}\n` }
    seals.set(Number(size), note)
    keys.add(key)
    return {}
  },
  'last-entries.sh': ({ lines }) => shown(lines.slice(-2)),
  'read-journal.sh': ({ lines }, [, from]) => shown(lines.slice(Number(from) - 1)),
  'read-seals.sh': ({ seals, keys }) => ({
    stdout: [...[...keys].map(key => `${key}\n`), ...seals.values()].join(''),
  }),
}

function isRefused(standing: Standing, mine: Standing): boolean {
  const isOther = (one: string, other: string): boolean => one !== '' && other !== '' && one !== other
  if (standing.fencingNumber > mine.fencingNumber || isOther(standing.lineage, mine.lineage)) return true
  return standing.fencingNumber === mine.fencingNumber && isOther(standing.holder, mine.holder)
}

const recordOf = (standing: Standing): string => `${JSON.stringify({ migration: '', at: '', ...standing })}\n`
const shown = (lines: readonly string[]): Answer => ({ stdout: lines.map(line => `${line}\n`).join('') })
const headText = ({ entries, hash }: { entries: number; hash: string }): string =>
  `${entries} ${hash || '-'}\n`

const headOf = (line: string | undefined) => {
  const { sequence, hash } = line === undefined ? { sequence: 0, hash: '' } : linkOf(line)
  return { entries: sequence, hash }
}

function linkOf(line: string): { sequence: number; previousHash: string; hash: string } {
  const link = /^\{"sequence":(\d+),"previousHash":"([0-9a-f]*)","hash":"([0-9a-f]*)",/.exec(line)
  if (link === null) throw new Error(`no entry: ${line.slice(0, 80)}`)
  const [, sequence, previousHash = '', hash = ''] = link
  return { sequence: Number(sequence), previousHash, hash }
}
