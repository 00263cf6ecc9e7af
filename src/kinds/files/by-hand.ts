import { rsync } from './commands.ts'
import { type TreePair, workFile } from './tree-pair.ts'

/** What a person types at their own machine to bring the target's files back, should the program not be able to. */
export function rsyncByHand(trees: TreePair): string {
  const argv = rsync(trees, { direction: 'back', delete: {}, backupDirectory: workFile(trees, 'kept') })
  return `ssh ${quoted(trees.source.ssh)} ${quoted(argv.map(quoted).join(' '))}`
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
