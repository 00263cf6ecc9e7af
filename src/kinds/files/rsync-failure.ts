import { Failure } from '../../model/failure.ts'
import type { CommandResult } from '../../model/io.ts'
import { composed, type Text } from '../../model/text.ts'
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
  const said = (key: string): { text: Text; remedy: Text } => ({
    text: {
      key: composed(`files.sync.${key}`),
      values: { component, source: source.ssh, target: target.ssh, exitCode, detail: lastLines(stderr) },
    },
    remedy: {
      key: composed(`files.sync.${key}.remedy`),
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
  if (/No space left on device|Disk quota exceeded/.test(stderr)) return said('full')
  if (/Permission denied \(|Host key verification failed/.test(stderr)) return said('refused')
  if (exitCode === tooManyDeletions) return said('deletions')
  if (exitCode === 127 || /rsync: (command )?not found/.test(stderr)) return said('missing')
  if (linkLost.has(exitCode)) return said('link')
  if (exitCode === 23) return said('partial')
  return said('failed')
}

/** The last lines that say something: enough for a person, short enough for a journal. */
function lastLines(stderr: string): string {
  const lines = stderr.split('\n').filter(line => line.trim() !== '' && !/^rsync error: /.test(line))
  return lines.slice(-3).join(' | ').slice(0, 600)
}
