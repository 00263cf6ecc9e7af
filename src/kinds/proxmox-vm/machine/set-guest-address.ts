import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { SiteSide } from '../../../model/plan.ts'
import { every, until } from '../../kit/until.ts'
import { changePve } from '../client/change.ts'
import { guestOf } from '../client/guest.ts'
import type { MachineSide } from '../sides.ts'
import type { ChangedAddress } from '../spec.ts'
import { bare, readdressed } from './addresses.ts'

const applySeconds = 60
const settleSeconds = 15

/** What the plan says of the guest's address when it is to change by files; undefined otherwise. */
function byFiles({ spec: { network } }: MachineSide): ChangedAddress | undefined {
  return network !== undefined && 'files' in network && !network.cloudInit ? network : undefined
}

/** The address that the guest must have at a site; undefined where the plan does not say. */
export function wantedAddress({ spec: { network } }: MachineSide, site: SiteSide): string | undefined {
  if (network === undefined) return undefined
  return 'keep' in network ? network.keep : bare(network[site].address)
}

/**
 * Writes the site's addresses into the guest's files. True when a file was changed. Found already so, nothing is written:
 * it can be done again after any end.
 */
export async function writeAddresses(io: ChangeIo, at: MachineSide, site: SiteSide): Promise<boolean> {
  const network = byFiles(at)
  if (network === undefined) return false
  const [from, to] = site === 'target' ? [network.source, network.target] : [network.target, network.source]
  let changed = false
  for (const file of network.files) {
    const old = await guestOf(at, io).readFile(file)
    const next = readdressed(old, from, to)
    if (next === old) continue
    await changePve(at, io).writeGuestFile(file, next)
    changed = true
  }
  return changed
}

/** The guest has the site's address, in its files and on its network card. Throws Failure when it does not take it. */
export async function setGuestAddress(io: ChangeIo, at: MachineSide, site: SiteSide): Promise<void> {
  const network = byFiles(at)
  const changed = await writeAddresses(io, at, site)
  const wanted = wantedAddress(at, site)
  if (wanted === undefined) return
  if (network?.apply !== undefined && (changed || !(await hasAddress(io, at, wanted)))) {
    const options = { timeoutSeconds: applySeconds }
    const { exitCode, stderr, stdout } = await guestOf(at, io).run(network.apply, options)
    if (exitCode !== 0) throw notApplied(at, network.apply, exitCode, stderr || stdout)
  }
  const look = async () => {
    const found = await addressesOf(io, at)
    return found.includes(wanted) ? { done: undefined } : { waiting: found }
  }
  const otherwise = (found: string[]) => otherAddress(at, wanted, found)
  await until(io, look, { seconds: settleSeconds, ...every(0.5), otherwise })
}

async function addressesOf(io: ReadIo, at: MachineSide): Promise<string[]> {
  const cards = await guestOf(at, io).interfaces()
  return cards.flatMap(card => card['ip-addresses'] ?? []).map(address => address['ip-address'])
}

export const hasAddress = async (io: ReadIo, at: MachineSide, wanted: string): Promise<boolean> =>
  (await addressesOf(io, at)).includes(wanted)

const notApplied = ({ component, siteTitle }: MachineSide, argv: string[], exitCode: number, said: string) =>
  new Failure({
    key: 'proxmox-vm.address.notApplied',
    values: {
      component,
      site: siteTitle,
      command: argv.join(' '),
      exitCode,
      detail: said.trim().slice(-300),
    },
  })

const otherAddress = ({ component, siteTitle, host, vmid }: MachineSide, wanted: string, found: string[]) =>
  new Failure(
    {
      key: 'proxmox-vm.address.other',
      values: { component, site: siteTitle, wanted, found: found.join(', ') },
    },
    { remedy: { key: 'proxmox-vm.address.other.remedy', values: { host: host.ssh, vmid } } },
  )
