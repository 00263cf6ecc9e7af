import type { Finding } from '../model/fact.ts'
import type { HostClock } from '../model/host-clock.ts'
import { millisecondsOf } from '../model/instant.ts'
import type { ReadIo } from '../model/io.ts'
import type { Text } from '../model/text.ts'
import { failureRecord } from './failure-record.ts'

/** One host's clock; or why nobody knows it. */
export type Compared = { clock: HostClock } | { why: Text }

/** The first question may open the connection, which takes long; the quickest answer tells most. Each costs a program at every host. */
const questions = 3
const goodEnoughSeconds = 0.5
const patienceSeconds = 30

/** What is reported: more than what a loaded host or a slow line makes of it. */
const worthSayingSeconds = 2
/** A DNS server refuses a signed update whose time differs by more (RFC 8945, section 10: the recommended fudge). */
const mostSeconds = 300

/**
 * How far each host's clock is from this machine's, as NTP measures it: the host read it somewhere between question and answer. Reads
 * only; a host that gives no time is told with the reason, and stops nothing.
 */
export async function compareClocks(
  hosts: readonly string[],
  io: Pick<ReadIo, 'read' | 'now'>,
): Promise<Record<string, Compared>> {
  const answers = await Promise.allSettled(hosts.map(host => compareClock(host, io)))
  return Object.fromEntries(
    hosts.map((host, at): [string, Compared] => {
      const answer = answers[at]
      if (answer?.status === 'fulfilled') return [host, { clock: answer.value }]
      return [host, { why: failureRecord(answer?.reason).text }]
    }),
  )
}

async function compareClock(host: string, io: Pick<ReadIo, 'read' | 'now'>): Promise<HostClock> {
  let best: HostClock | undefined
  for (let asked = 0; asked < questions; asked += 1) {
    const before = millisecondsOf(io.now())
    const { stdout } = await io.read(host, ['date', '+%s.%N'], { timeoutSeconds: patienceSeconds })
    const after = millisecondsOf(io.now())
    const seen = Number(stdout)
    if (stdout.trim() === '' || !Number.isFinite(seen)) throw new Error(`date +%s.%N printed ${stdout}`)
    const aheadSeconds = rounded(seen - (before + after) / 2000)
    const withinSeconds = rounded((after - before) / 2000)
    if (best === undefined || withinSeconds < best.withinSeconds) best = { aheadSeconds, withinSeconds }
    if (withinSeconds <= goodEnoughSeconds) break
  }
  return best as HostClock
}

/** To the millisecond, as instants are. */
const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000

/** Whether times of different hosts may be read side by side. Pure; the host stands where a finding has its component. */
export function clockFindings(compared: Record<string, Compared>): Finding[] {
  const findings = Object.entries(compared).flatMap(([host, one]) => judged(host, one))
  const known = Object.values(compared).flatMap(one => ('clock' in one ? [one.clock] : []))
  if (findings.length > 0 || known.length === 0) return findings
  const most = rounded(
    Math.max(...known.map(({ aheadSeconds, withinSeconds }) => Math.abs(aheadSeconds) + withinSeconds)),
  )
  const text = { key: 'run.clocks.agree', values: { hosts: known.length, seconds: most } } as const
  return [{ id: 'hosts.clock', component: 'hosts', level: 'ok', text }]
}

function judged(host: string, compared: Compared): Finding[] {
  const finding = { id: `${host}.clock`, component: host }
  if ('why' in compared) {
    const text: Text = { key: 'run.clocks.unknown', values: { host, why: compared.why } }
    return [
      { ...finding, level: 'warn', text, remedy: { key: 'run.clocks.unknown.remedy', values: { host } } },
    ]
  }
  const { aheadSeconds, withinSeconds } = compared.clock
  const surely = Math.abs(aheadSeconds) - withinSeconds
  if (surely <= worthSayingSeconds) return []
  const values = { host, seconds: Math.abs(aheadSeconds), most: mostSeconds }
  return [
    {
      ...finding,
      level: surely > mostSeconds ? 'block' : 'warn',
      text: { key: aheadSeconds > 0 ? 'run.clocks.ahead' : 'run.clocks.behind', values },
      remedy: { key: 'run.clocks.remedy', values },
    },
  ]
}
