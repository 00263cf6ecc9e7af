import { script } from '../../kit/script.ts'

const tries = script(import.meta.dirname, '../scripts/probe.sh')

/** How many tries one vantage has under way: each is a process of its own for as long as nothing answers. */
export const triesAtOnce = 192

/** Tries the targets on standard input from where it runs: `open`, `refused`, `closed` or `unknown` for each. */
export const probe = (waitSeconds: number): string[] => [
  ...['bash', '-c', tries.text(), 'probe.sh', String(waitSeconds), String(triesAtOnce)],
]
