import { hasCode } from '../../model/failure.ts'
import type { Transport } from '../../transport/transport.ts'
import type { Work } from '../ports.ts'

/** A host that is up answers in a fraction of it, a busy one too; one that is dead costs it at every look. */
const lookSeconds = 5
const looks = 3
const pauseSeconds = 1

/** Those of the hosts that gave no answer at any look. One that refuses, or shows another key, is there. */
export async function silentAmong(hosts: string[], transport: Transport, work: Work): Promise<string[]> {
  const found = await Promise.all(
    hosts.map(async host => ((await answers(host, transport, work)) ? undefined : host)),
  )
  return found.filter(host => host !== undefined)
}

async function answers(host: string, transport: Transport, work: Work): Promise<boolean> {
  for (let look = 1; look <= looks; look++) {
    const ended = new AbortController()
    const signal = AbortSignal.any([work.signal, ended.signal])
    const io = transport.ioFor({ ...work, signal })
    const late = io.sleep(lookSeconds).then(() => false)
    const answer = io.read(host, ['true'], { allowFailure: true }).then(
      () => true,
      error => !isSilence(error),
    )
    // not awaited any longer than that: at a host that is dead, ending a command takes its time, too
    const isThere = await Promise.race([answer, late])
    late.catch(() => false)
    ended.abort('looked')
    if (isThere) return true
    if (look < looks) await transport.ioFor(work).sleep(pauseSeconds)
  }
  return false
}

const isSilence = (error: unknown): boolean => hasCode(error, 'unreachable', 'timed-out', 'aborted')
