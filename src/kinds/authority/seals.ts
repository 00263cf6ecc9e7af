import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Claimant, CopyPlace, JournalSealsRole, KeptSeals, Seal } from '../../model/roles.ts'
import { script } from '../kit/script.ts'
import { directoryOf, type Hosts, sealsOf } from './places.ts'
import { exits, heldByAnother, parseRecord, unreadableRecord } from './record.ts'

/** Every host that is told who may act: a seal is small, and each more has to be changed by whoever changes the journal. */
export function journalSeals({ source, target }: Hosts): JournalSealsRole {
  const places: CopyPlace[] = [
    ...source.map(host => ({ host, side: 'source' as const })),
    ...target.filter(host => !source.includes(host)).map(host => ({ host, side: 'target' as const })),
  ]
  return { places, directory: sealsOf, keep, read }
}

const patienceSeconds = 5
const keepScript = script(import.meta.dirname, 'scripts/keep-seal.sh')
const readScript = script(import.meta.dirname, 'scripts/read-seals.sh')

async function keep(
  host: string,
  { planName, fencingNumber, holder, lineage }: Claimant,
  { entries, note, key }: Seal,
  io: ChangeIo,
): Promise<void> {
  const values = [directoryOf(planName), String(fencingNumber), holder, lineage, String(entries), key]
  const { exitCode, stdout, stderr } = await io.change(host, keepScript.argv(...values), {
    input: note,
    allowFailure: true,
    timeoutSeconds: patienceSeconds,
  })
  if (exitCode === 0) return
  const directory = sealsOf(planName)
  if (exitCode === exits.refused)
    throw heldByAnother(host, planName, parseRecord(stdout, host, planName), fencingNumber)
  if (exitCode === exits.unreadable) throw unreadableRecord(host, planName)
  if (exitCode === exits.busy) throw new Failure({ key: 'authority.busy', values: { host, file: directory } })
  if (exitCode === exits.unlinked)
    throw new Failure({ key: 'authority.otherSeal', values: { host, entries: Number(stdout.trim()) } })
  const detail = stderr.trim().split('\n').at(-1) ?? ''
  throw new Failure({ key: 'authority.notWritten', values: { host, file: directory, detail } })
}

/** The keys come first, a line each: no line of a checkpoint has two plus signs around eight figures. */
async function read(host: string, planName: string, io: ReadIo): Promise<KeptSeals> {
  const argv = readScript.argv(sealsOf(planName))
  const { stdout } = await io.read(host, argv, { timeoutSeconds: patienceSeconds })
  const [keys = ''] = /^(?:\S+\+[0-9a-f]{8}\+\S+\n)*/.exec(stdout) ?? []
  return { keys: keys.split('\n').slice(0, -1), notes: stdout.slice(keys.length) }
}
