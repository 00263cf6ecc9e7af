import { Failure } from '../../model/failure.ts'
import type { CommandResult } from '../../model/io.ts'
import type { MessageKey, Text } from '../../model/text.ts'
import type { TreePair } from './tree-pair.ts'

/** 24: entries vanished while they were copied, as they do in a living tree. */
export const vanishedExitCode = 24
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
