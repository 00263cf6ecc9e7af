import { rsync } from './commands.ts'
import { type Places, workFile } from './places.ts'

/** What a person types at their own machine to bring the target's files back, should the program not be able to. */
export function rsyncByHand(places: Places): string {
  const argv = rsync(places, { direction: 'back', delete: {}, backupDirectory: workFile(places, 'kept') })
  return `ssh ${quoted(places.source.ssh)} ${quoted(argv.map(quoted).join(' '))}`
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
