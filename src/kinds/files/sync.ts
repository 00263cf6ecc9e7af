import { Failure } from '../../model/failure.ts'
import type { ChangeIo, CommandResult, ReadIo } from '../../model/io.ts'
import type { MessageKey, Text } from '../../model/text.ts'
import { rsync, type SyncOptions } from './commands.ts'
import { throughFence } from './fence.ts'
import { decodeNames, encodeNames, feeding, type NameList } from './names.ts'
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
  const writing = options.direction === 'back' ? throughFence(trees, argv) : argv
  const result = await io.change(trees.source.ssh, writing, {
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
  if (names === undefined) return { argv, input: {} }
  return { argv: feeding(argv), input: { input: fromTheRoot(names) } }
}

/** In its list rsync takes a name that begins with `#` or `;` for a comment. After a slash, which it drops, it does not. */
const fromTheRoot = ({ encoded }: NameList): string =>
  encodeNames(decodeNames(encoded).map(name => `/${name}`)).encoded

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

/** 24: entries vanished while they were copied, as they do in a living tree. */
const vanishedExitCode = 24
const tooManyDeletions = 25
/** Broken pipe, protocol stream, timeouts, killed peer, ssh's own 255. */
const linkLost = new Set([10, 12, 30, 35, 255])

/** rsync's exit code and last words as something a person can act on. */
export function rsyncFailure(result: CommandResult, trees: TreePair): Failure {
  const cause = new Error(lastLines(result.stderr))
  const { text, remedy } = explain(result, trees)
  return new Failure(text, { cause, ...(remedy ? { remedy } : {}) })
}

function explain({ exitCode, stderr }: CommandResult, trees: TreePair): { text: Text; remedy?: Text } {
  const { component, source, target } = trees
  const said = (text: MessageKey, remedy: MessageKey): { text: Text; remedy: Text } => ({
    text: {
      key: text,
      values: { component, source: source.ssh, target: target.ssh, exitCode, detail: lastLines(stderr) },
    },
    remedy: {
      key: remedy,
      values: {
        source: source.ssh,
        target: target.ssh,
        address: target.address,
        sourcePath: source.path,
        targetPath: target.path,
        maxDeletePercent: trees.spec.maxDeletePercent,
      },
    },
  })
  if (/No space left on device|Disk quota exceeded/.test(stderr))
    return said('files.sync.full', 'files.sync.full.remedy')
  if (/Permission denied \(|Host key verification failed/.test(stderr))
    return said('files.sync.refused', 'files.sync.refused.remedy')
  if (exitCode === tooManyDeletions) return said('files.sync.deletions', 'files.sync.deletions.remedy')
  if (exitCode === 127 || /rsync: (command )?not found/.test(stderr))
    return said('files.sync.missing', 'files.sync.missing.remedy')
  if (linkLost.has(exitCode)) return said('files.sync.link', 'files.sync.link.remedy')
  if (exitCode === 23) return said('files.sync.partial', 'files.sync.partial.remedy')
  return said('files.sync.failed', 'files.sync.failed.remedy')
}

/** The last lines that say something: enough for a person, short enough for a journal. */
function lastLines(stderr: string): string {
  const lines = stderr.split('\n').filter(line => line.trim() !== '' && !/^rsync error: /.test(line))
  return lines.slice(-3).join(' | ').slice(0, 600)
}
