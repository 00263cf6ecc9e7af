import type { ChangeIo, CommandResult, ReadIo } from '../../model/io.ts'
import { rsync, type SyncOptions } from './commands.ts'
import { feeding, type NameList } from './names.ts'
import { rsyncFailure, vanishedExitCode } from './rsync-failure.ts'
import { type SyncReport, syncReader } from './rsync-output.ts'
import type { TreePair } from './tree-pair.ts'

type Options = Omit<SyncOptions, 'dryRun'> & {
  /** Only these entries, instead of the whole tree. */
  names?: NameList
  /** What the sync is expected to send, so that progress can be told as a part of it. */
  bytesTotal?: number
}

/** Makes the receiver equal to the sender. Throws Failure when rsync could not do all of it. */
export async function sync(io: ChangeIo, trees: TreePair, options: Options = {}): Promise<SyncReport> {
  const reader = syncReader(bytesReporter(io, options.bytesTotal))
  const { argv, input } = command(trees, { ...options, progress: true })
  const result = await io.change(trees.source.ssh, argv, {
    ...input,
    allowFailure: true,
    onLine: reader.onLine,
  })
  requireDone(result, trees)
  return reader.report()
}

/** What a sync would do, without doing it. Throws Failure when rsync could not tell for all of it. */
export async function compare(io: ReadIo, trees: TreePair, options: Options = {}): Promise<SyncReport> {
  const reader = syncReader()
  const { argv, input } = command(trees, { ...options, dryRun: true })
  const result = await io.read(trees.source.ssh, argv, {
    ...input,
    allowFailure: true,
    onLine: reader.onLine,
  })
  requireDone(result, trees)
  return reader.report()
}

function command(trees: TreePair, { names, bytesTotal: _, ...options }: Options & { dryRun?: boolean }) {
  const argv = rsync(trees, { ...options, ...(names && { listed: true }) })
  return names === undefined ? { argv, input: {} } : { argv: feeding(argv), input: { input: names.encoded } }
}

/** A living tree loses entries while it is copied; what matters is found by the comparison that follows. */
function requireDone(result: CommandResult, trees: TreePair): void {
  if (result.exitCode !== 0 && result.exitCode !== vanishedExitCode) throw rsyncFailure(result, trees)
}

/** rsync counts again from nothing for each part of its work; what people are told never runs backwards. */
function bytesReporter(io: ReadIo, bytesTotal: number | undefined): (bytes: number) => void {
  let most = 0
  return bytes => {
    most = Math.max(most, bytes)
    io.report(
      bytesTotal === undefined ? { bytesDone: most } : { bytesDone: Math.min(most, bytesTotal), bytesTotal },
    )
  }
}
