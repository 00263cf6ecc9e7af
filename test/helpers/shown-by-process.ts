import { type Form, shownIn } from './canaries.ts'

/** A process as the kernel has it; both NUL separated. `environ` empty: not looked at, for Bascule did not give it. */
export type Seen = { argv: string; environ: string }

export const programOf = (argv: string): string => argv.split('\0')[0]?.split('/').at(-1) ?? ''

/** `argv of …: <secret>` or `environ of …: <secret>` for each canary that a process shows. */
export function whatShows({ argv, environ }: Seen, forms: readonly Form[]): string[] {
  const whose = argv.replaceAll('\0', ' ').slice(0, 80)
  return Object.entries({ argv, environ }).flatMap(([where, text]) =>
    shownIn(text, forms).map(secret => `${where} of ${whose}: ${secret}`),
  )
}
