import { Failure } from '../../../model/failure.ts'
import type { ReadIo } from '../../../model/io.ts'
import type { GuestInterface } from '../client/answers.ts'
import { guestOf, isSilence } from '../client/guest.ts'
import type { MachineAudit, SeenFile, SeenInterface } from '../facts.ts'
import type { MachineSide } from '../sides.ts'
import type { MachineSpec } from '../spec.ts'
import { ifKnown } from './attempt.ts'

/** Where a guest's own address usually stands, whatever the plan names. */
const usualFiles = ['/etc/hosts', '/etc/network/interfaces', '/etc/resolv.conf']

/** What the agent in the guest tells; only GETs, nothing is run there. Empty where the token may not ask it. */
export async function auditGuest(at: MachineSide, io: ReadIo): Promise<MachineAudit> {
  const guest = guestOf(at, io)
  try {
    const os = await guest.osInfo()
    const [hostName, interfaces] = await Promise.all([
      ifKnown(io, guest.hostName()),
      ifKnown(io, guest.interfaces()),
    ])
    const files: SeenFile[] = []
    for (const path of filesOf(at.spec)) files.push(await seenFile(path, guest.readFile(path), io))
    return {
      agent: true,
      guestOs: os['pretty-name'] ?? os.name ?? '',
      ...(hostName === undefined ? {} : { guestHostName: hostName }),
      ...(interfaces === undefined ? {} : { guestInterfaces: interfaces.map(seenInterface) }),
      guestFiles: files,
    }
  } catch (error) {
    if (isSilence(error)) return { agent: false }
    if (io.signal.aborted || !(error instanceof Failure)) throw error
    return {}
  }
}

const filesOf = ({ network }: MachineSpec): string[] => [
  ...new Set([...(network !== undefined && 'files' in network ? network.files : []), ...usualFiles]),
]

async function seenFile(path: string, content: Promise<string>, io: ReadIo): Promise<SeenFile> {
  const text = await ifKnown(io, content)
  return { path, addresses: text === undefined ? null : addressesIn(text) }
}

/** IPv4 addresses as whole tokens, each once, in the order found. */
export function addressesIn(text: string): string[] {
  const uncommented = text.replaceAll(/^\s*#.*$/gm, '')
  const found = uncommented.match(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g) ?? []
  return [...new Set(found)].filter(address => address.split('.').every(part => Number(part) <= 255))
}

const seenInterface = (one: GuestInterface): SeenInterface => ({
  name: one.name,
  mac: one['hardware-address'] ?? '',
  addresses: (one['ip-addresses'] ?? []).map(address => `${address['ip-address']}/${address.prefix}`),
})
