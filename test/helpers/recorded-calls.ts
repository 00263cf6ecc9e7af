import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Form } from './canaries.ts'
import { programOf, type Seen, whatShows } from './shown-by-process.ts'

export type RecordedCalls = {
  /** To be put first on the PATH. */
  directory: string
  /** The same as of a process that was looked at, of every call up to now. */
  read(forms: readonly Form[]): { showed: string[]; calls: number; programs: Set<string> }
}

/**
 * Stands before these programs on the PATH: every call writes down its whole arguments and environment, NUL separated as the
 * kernel has them, and then becomes the real program. So none is missed, however short.
 * `given`: the variable that is itself the reference to a secret; it is not written down.
 */
export function recordCalls(home: string, programs: readonly string[], given: string): RecordedCalls {
  const [directory, records] = [join(home, 'programs'), join(home, 'calls')]
  for (const made of [directory, records]) mkdirSync(made, { recursive: true })
  for (const program of programs) {
    const real = execFileSync('sh', ['-c', 'command -v -- "$1"', 'sh', program], { encoding: 'utf8' }).trim()
    writeFileSync(join(directory, program), shim(program, real, records, given))
    chmodSync(join(directory, program), 0o755)
  }
  return { directory, read: forms => readAll(records, forms) }
}

/** Programs by their whole path: by their names it would find itself. */
const shim = (program: string, real: string, records: string, given: string): string => `#!/bin/sh
record=$(/usr/bin/mktemp -d '${records}/${program}.XXXXXXXXXX') || exit 125
/usr/bin/cat /proc/$$/cmdline > "$record/argv" || exit 125
/usr/bin/grep -zav '^${given}=' /proc/$$/environ > "$record/environ"
exec '${real}' "$@"
`

function readAll(records: string, forms: readonly Form[]) {
  const calls = readdirSync(records).map((name): Seen => {
    const [, ...argv] = readFileSync(join(records, name, 'argv'), 'utf8').split('\0')
    return { argv: argv.join('\0'), environ: readFileSync(join(records, name, 'environ'), 'utf8') }
  })
  return {
    calls: calls.length,
    programs: new Set(calls.map(({ argv }) => programOf(argv))),
    showed: calls.flatMap(call => whatShows(call, forms)),
  }
}
