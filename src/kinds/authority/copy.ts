import type { JournalHead } from '../../model/event.ts'
import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { SiteSide } from '../../model/plan.ts'
import type { Claimant, JournalCopiesRole } from '../../model/roles.ts'
import { script } from '../kit/script.ts'
import { copyOf, directoryOf, type Hosts } from './places.ts'
import { exits, heldByAnother, parseRecord, unreadableRecord } from './record.ts'

/** The first host of each site, which is also the one that is asked before each act. */
export function journalCopies(hosts: Hosts): JournalCopiesRole {
  const firstOf = (side: SiteSide) => hosts[side].slice(0, 1).map(host => ({ host, side }))
  const target = firstOf('target').filter(({ host }) => host !== hosts.source[0])
  return { places: [...firstOf('source'), ...target], head, read, append, setAside }
}

/** How long a host may take, beside the time that the entries travel. */
const patienceSeconds = 5
/** What the slowest link worth planning for carries in a second: 1 Mbit/s. */
const slowestBytes = 125_000

const appendScript = script(import.meta.dirname, 'scripts/append-journal.sh')
const lastScript = script(import.meta.dirname, 'scripts/last-entries.sh')
const readScript = script(import.meta.dirname, 'scripts/read-journal.sh')
const setAsideScript = script(import.meta.dirname, 'scripts/set-aside-journal.sh')

async function append(
  host: string,
  { planName, fencingNumber, holder, lineage }: Claimant,
  lines: readonly string[],
  io: ChangeIo,
): ReturnType<JournalCopiesRole['append']> {
  const input = lines.map(line => `${line}\n`).join('')
  const bytes = Buffer.byteLength(input)
  const values = [directoryOf(planName), String(fencingNumber), holder, lineage, String(bytes)]
  const { exitCode, stdout, stderr } = await io.change(host, appendScript.argv(...values), {
    input,
    allowFailure: true,
    timeoutSeconds: patienceSeconds + Math.ceil(bytes / slowestBytes),
  })
  if (exitCode === exits.refused)
    throw heldByAnother(host, planName, parseRecord(stdout, host, planName), fencingNumber)
  const head = headOf(stdout)
  if (head !== undefined && (exitCode === 0 || exitCode === exits.unlinked))
    return { taken: exitCode === 0, head }
  if (exitCode === exits.noCopy) throw unreadableCopy(host, planName)
  throw notWritten(host, planName, exitCode, stderr)
}

async function setAside(
  host: string,
  { planName, fencingNumber, holder, lineage }: Claimant,
  io: ChangeIo,
): Promise<void> {
  const argv = setAsideScript.argv(directoryOf(planName), String(fencingNumber), holder, lineage)
  const { exitCode, stdout, stderr } = await io.change(host, argv, {
    allowFailure: true,
    timeoutSeconds: patienceSeconds,
  })
  if (exitCode === 0) return
  if (exitCode === exits.refused)
    throw heldByAnother(host, planName, parseRecord(stdout, host, planName), fencingNumber)
  throw notWritten(host, planName, exitCode, stderr)
}

function notWritten(host: string, planName: string, exitCode: number, stderr: string): Failure {
  const file = copyOf(planName)
  if (exitCode === exits.unreadable) return unreadableRecord(host, planName)
  if (exitCode === exits.busy) return new Failure({ key: 'authority.busy', values: { host, file } })
  const detail = stderr.trim().split('\n').at(-1) ?? ''
  return new Failure({ key: 'authority.notWritten', values: { host, file, detail } })
}

/** As the script prints it. */
function headOf(printed: string): JournalHead | undefined {
  const [, entries, hash] = /^(\d+) ([0-9a-f]+|-)$/m.exec(printed) ?? []
  return entries === undefined
    ? undefined
    : { entries: Number(entries), hash: hash === '-' ? '' : (hash ?? '') }
}

/** Of the last line that is whole: a power cut may have left part of another. */
async function head(host: string, planName: string, io: ReadIo): Promise<JournalHead> {
  const { stdout } = await io.read(host, lastScript.argv(copyOf(planName)), {
    timeoutSeconds: patienceSeconds,
  })
  const last = stdout.split('\n').at(-2)
  if (last === undefined) return { entries: 0, hash: '' }
  const [, entries, hash] =
    /^\{"sequence":(\d+),"previousHash":"[0-9a-f]*","hash":"([0-9a-f]*)",/.exec(last) ?? []
  if (entries === undefined || hash === undefined) throw unreadableCopy(host, planName)
  return { entries: Number(entries), hash }
}

/** The sequence number of an entry is the number of its line. */
async function read(host: string, planName: string, after: number, io: ReadIo): Promise<string> {
  return (await io.read(host, readScript.argv(copyOf(planName), String(after + 1)))).stdout
}

const unreadableCopy = (host: string, planName: string): Failure =>
  new Failure(
    { key: 'authority.unreadable', values: { host, file: copyOf(planName) } },
    { remedy: { key: 'authority.remedy.unreadable', values: { host, file: copyOf(planName) } } },
  )
