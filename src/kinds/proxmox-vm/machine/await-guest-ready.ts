import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { every, until } from '../../kit/until.ts'
import { guestOf } from '../client/guest.ts'
import { readPve } from '../client/read.ts'
import { failures, type ProbeResult, runProbes } from '../probes/run.ts'
import type { MachineSide } from '../sides.ts'
import { hasAddress, setGuestAddress, wantedAddress } from './set-guest-address.ts'

const pace = every(0.5)

const lookAtAgent = (io: ReadIo, at: MachineSide) => async () =>
  (await guestOf(at, io).answers()) ? { done: true } : { waiting: undefined }

/**
 * Whether the agent of a machine that runs answers. One that still boots is given the plan's time: until it is up, it would
 * not hear that it is to go down either.
 */
export async function answersInTime(io: ReadIo, at: MachineSide): Promise<boolean> {
  const { uptime = 0 } = await readPve(at, io).status()
  const seconds = at.spec.startSeconds - uptime
  return until(io, lookAtAgent(io, at), { seconds, ...pace, otherwise: () => ({ done: false }) })
}

/**
 * Waits until a machine that was started is what it should be at a site: its agent answers, it has the site's address, its
 * probes pass. `site` omitted: addresses stay as they are (an isolated network).
 */
export async function guestReady(
  io: ChangeIo,
  at: MachineSide,
  { site }: { site?: SiteSide } = {},
): Promise<ProbeResult[]> {
  const since = io.now()
  const { startSeconds } = at.spec
  await until(io, lookAtAgent(io, at), { seconds: startSeconds, ...pace, otherwise: () => silent(at) })
  if (site !== undefined) await setGuestAddress(io, at, site)
  const probe = async () => {
    const results = await runProbes(io, at)
    return failures(results).length === 0 ? { done: results } : { waiting: results }
  }
  const seconds = startSeconds - secondsBetween(since, io.now())
  return until(io, probe, { seconds, ...pace, otherwise: results => ({ done: results }) })
}

/** The same, where a probe that fails is a failure. */
export async function awaitGuestReady(io: ChangeIo, at: MachineSide, site: SiteSide): Promise<void> {
  const [first, ...more] = failures(await guestReady(io, at, { site }))
  if (first === undefined) return
  throw new Failure(
    {
      key: 'proxmox-vm.wake.probes',
      values: { ...named(at), count: 1 + more.length, first },
    },
    { remedy: { key: 'proxmox-vm.wake.remedy', values: named(at) } },
  )
}

/** Whether it is that already, now. */
export async function isGuestReady(io: ReadIo, at: MachineSide, site: SiteSide): Promise<boolean> {
  if (!(await guestOf(at, io).answers())) return false
  const wanted = wantedAddress(at, site)
  if (wanted !== undefined && !(await hasAddress(io, at, wanted))) return false
  return failures(await runProbes(io, at)).length === 0
}

const named = ({ component, siteTitle, host, vmid, spec }: MachineSide) => ({
  component,
  site: siteTitle,
  host: host.ssh,
  vmid,
  seconds: spec.startSeconds,
})

const silent = (at: MachineSide): Failure =>
  new Failure(
    { key: 'proxmox-vm.wake.silent', values: named(at) },
    { remedy: { key: 'proxmox-vm.wake.remedy', values: named(at) } },
  )
