import type { Argv } from '../../model/io.ts'
import { quoteArgv } from '../../transport/quote.ts'

/** Commands for a person to type at a host, one after the other as long as each succeeds: quoted, ready to paste. */
export const typed = (...commands: Argv[]): string => commands.map(quoteArgv).join(' && ')
