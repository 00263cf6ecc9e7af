import type { Text } from './text.ts'

/**
 * One act on the world, as it is shown and kept. Without what goes in on standard input, values sent apart from their statement, and
 * answers. Secrets are masked.
 */
export type HostCall = {
  /** The piece of work that it belongs to, as `RUN/STEP` or `audit/COMPONENT`. */
  work: string
  /** ISO instant. */
  at: string
  does: 'read' | 'change'
  by: 'ssh' | 'local' | 'file' | 'sql' | 'http' | 'dns'
  /** A host by its ssh name, or an address with its port. */
  where: string
  /** Whom the program, or the statement, runs as. Absent: nobody in particular. */
  user?: string
  /** As it would be typed. A script is named, and its text stands in `script`. May hold control characters. */
  line: string
  script?: { name: string; text: string }
}
export type CallEnd = { seconds: number } & Ending
export type Ending =
  | { ended: 'exited'; exitCode: number }
  /** `status`: of HTTP. */
  | { ended: 'answered'; status?: number }
  | { ended: 'failed'; why: Text }

/** Told of each call as it begins; what it gives is told of its end. Throws nothing. */
export type CallObserver = (call: HostCall) => (end: CallEnd) => void
