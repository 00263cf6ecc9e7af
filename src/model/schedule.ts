/**
 * What people plan to do, as a plan on paper says it. Bascule's own steps come from the components; these are judged by the rules of
 * `bascule check`, and carried out by nobody.
 */
export const works = [
  'audit',
  'measure',
  'set-up',
  'notify',
  'lower-ttl',
  'wait-ttl',
  'replicate', // a base backup, and streaming from then on
  'sync',
  'export', // disk images or a whole copy, written and sent
  'maintenance',
  'disconnect',
  'stop',
  'dump',
  'delta',
  'send',
  'restore',
  'catch-up', // until the copy is at the exact position of the source
  'promote',
  'hash',
  'compare',
  'start',
  'test',
  'sign-off',
  'switch',
  'flow-back', // what is written at the target returns to the source
  'reopen',
  'watch',
  'document',
  'retire',
] as const
export type Work = (typeof works)[number]

export type SizeBytes = { from: number; to: number }

/** `sizeBytes`: what the work reads or moves, where it is not the size of its components. */
export type Slot = {
  id: string
  title: string
  work: Work
  components: string[]
  /** A role. Absent: neither the slot nor its first component says. */
  owner?: string
  sizeBytes?: SizeBytes
  time: SlotTime
}
/**
 * Minutes after the window's start, negative before it. A slot whose end is not written lasts until the next one that begins after it, the last
 * until the window's end. `untimed`: at some time inside of the window, no time is planned for it.
 */
export type SlotTime =
  | { is: 'timed'; startMinute: number; endMinute: number; endIsWritten: boolean }
  | { is: 'untimed' }

/**
 * Bytes per second, where the plan declares them; see `assumedRates` for the others. `boot`: seconds until one machine answers; absent:
 * as its kind expects.
 */
export type Rates = { dump?: number; restore?: number; hash?: number; compare?: number; boot?: number }

/** What stands at the target, as its architecture says. What is absent is not there. */
export type Architecture = {
  components: string[]
  monitoring?: string
  backup?: string
  power?: string
  /** How many copies of a component's data run at the target. */
  copies: Record<string, number>
  /** Room for all components' data. */
  roomBytes?: number
}
