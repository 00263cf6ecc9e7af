import type { Text } from './text.ts'

/**
 * What a look at a component's return path found. `behind`: it works, and more is on its way than a rollback may wait for.
 * Bytes and seconds are what the target alone has: null where they cannot be measured.
 */
export type ReturnPathSeen = {
  state: 'good' | 'behind' | 'broken'
  bytesBehind: number | null
  secondsBehind: number | null
  /** What the target alone has, beside bytes and seconds: files, or that rows are not counted. */
  atStake: Text
  /**
   * Of a component whose commits at the target wait for the source. `both`: every acknowledged one is at both sites. `waiting`: the way is
   * broken, and they wait until it works or is repaired. Absent: none waits.
   */
  commits?: 'both' | 'waiting'
  /** Why it is not good. */
  why?: Text
}
