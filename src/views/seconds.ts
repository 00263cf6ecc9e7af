/** Seconds from one ISO instant to another; negative when `to` comes first. */
export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000
}
