import { millisecondsOf } from '../model/instant.ts'

/** Seconds from one ISO instant to another; negative when `to` comes first. */
export function secondsBetween(from: string, to: string): number {
  return (millisecondsOf(to) - millisecondsOf(from)) / 1000
}
