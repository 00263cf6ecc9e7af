/** A file of pg_wal that belongs to a timeline: a segment (maybe partial), or a timeline's history. */
const named = /^([0-9A-F]{8})(\.history|[0-9A-F]{16}(\.partial)?)$/

/**
 * What a promotion that was given up has left of the timeline it was about to begin: newer than the primary's. A
 * standby that finds it goes after it, and never follows the primary again.
 */
export const ofLaterTimelines = (names: readonly string[], timeline: number): string[] =>
  names.filter(name => {
    const match = named.exec(name)
    return match?.[1] !== undefined && Number.parseInt(match[1], 16) > timeline
  })
