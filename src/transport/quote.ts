import type { Argv } from '../model/io.ts'

const plain = /^[A-Za-z0-9_@%+:,./-]+$/

/** One argument as a POSIX shell reads it back unchanged. NUL cannot stand in an argument: TypeError. */
export function quoteArgument(argument: string): string {
  if (argument.includes('\0')) throw new TypeError('an argument cannot hold a NUL')
  if (plain.test(argument)) return argument
  return `'${argument.replaceAll("'", "'\\''")}'`
}

/** An argv as one line for the remote login shell: ssh joins its arguments with blanks, so it must be quoted here. */
export function quoteArgv(argv: Argv): string {
  if (argv.length === 0) throw new TypeError('an empty argv is not a command')
  return argv.map(quoteArgument).join(' ')
}
