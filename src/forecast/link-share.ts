import type { Step } from '../model/step.ts'

/** The part of its time in which a step sends. What goes on beside the run is taken to leave the link to the others. */
export function linkShareOf({ expectedSeconds, duration, transfer, beside }: Step): number {
  const linkSeconds = duration?.linkSeconds ?? (transfer === undefined ? 0 : expectedSeconds)
  if (beside || expectedSeconds <= 0) return 0
  return Math.min(1, Math.max(0, linkSeconds / expectedSeconds))
}

/** Something that ran from `begun` to `ended`, in seconds, and sent in the last part of it. */
export type Sent = { begun: number; ended: number; linkShare: number }

/** Each tells the others when it sends: a few rounds, and no figure changes any more. */
const rounds = 8
const halvings = 40

/**
 * How long each would have taken with the link to itself: what was measured while others sent is not its own slowness, and the
 * simulated nights share the link once more.
 */
export function aloneSeconds(all: readonly Sent[]): number[] {
  let alone = all.map(({ begun, ended }) => ended - begun)
  for (let round = 0; round < rounds; round++) {
    const from = all.map(({ begun, linkShare }, index) => begun + (1 - linkShare) * (alone[index] as number))
    alone = all.map((one, index) => {
      const others = all.flatMap(({ ended, linkShare }, other) =>
        other === index || linkShare === 0 ? [] : [{ from: from[other] as number, to: ended }],
      )
      return ownSeconds(one, others)
    })
  }
  return alone
}

type Interval = { from: number; to: number }

/** What it has done alone, and then while it shared the link, must be all that it had to do. */
function ownSeconds({ begun, ended, linkShare }: Sent, others: readonly Interval[]): number {
  let [least, most] = [0, ended - begun]
  if (linkShare === 0) return most
  for (let halving = 0; halving < halvings; halving++) {
    const tried = (least + most) / 2
    const sent = sharedSeconds({ from: begun + (1 - linkShare) * tried, to: ended }, others)
    if (sent > linkShare * tried) least = tried
    else most = tried
  }
  return most
}

/** Seconds of the whole link that it has had. */
function sharedSeconds({ from, to }: Interval, others: readonly Interval[]): number {
  const within = others.filter(other => other.from < to && other.to > from)
  const cuts = [from, to, ...within.flatMap(other => [other.from, other.to])]
    .filter(at => at >= from && at <= to)
    .sort((one, other) => one - other)
  return cuts.slice(1).reduce((sum, at, index) => {
    const before = cuts[index] as number
    const middle = (before + at) / 2
    const senders = 1 + within.filter(other => other.from < middle && other.to > middle).length
    return sum + (at - before) / senders
  }, 0)
}
