import type { ReadIo } from '../../../model/io.ts'
import { type Firewall, gatewayAt } from '../sides.ts'
import { type Judged, judge } from './judge.ts'
import { isOpen, isWrong, type Matrix, measureMatrix, probe } from './measure.ts'

export type Looked = Judged & Pick<Matrix, 'unasked'>

/** Looks from every zone of both sites and compares with the declaration, and the sites with each other. */
export async function measureFlows(firewall: Firewall, io: ReadIo): Promise<Looked> {
  const matrix = await measureMatrix(firewall, io)
  const absent = await absentHosts(matrix, firewall, io)
  return { ...judge(matrix, address => absent.has(address)), unasked: matrix.unasked }
}

/** The first of many, in one line. */
export const firstOf = (items: readonly string[], most = 5): string =>
  items.length <= most ? items.join('; ') : `${items.slice(0, most).join('; ')}; … (${items.length})`

const waitSeconds = 1

/**
 * Hosts that seem wrongly closed and do not answer their own gateway either, not even with their hardware address: machines that
 * only come with the night. Asked only when something seems closed.
 */
async function absentHosts({ cells }: Matrix, firewall: Firewall, io: ReadIo): Promise<Set<string>> {
  const closed = cells.filter(cell => isWrong(cell) && !isOpen(cell) && !cell.target.isGateway)
  const absent = await Promise.all(
    (['source', 'target'] as const).map(async side => {
      const own = closed.filter(({ target }) => target.side === side).map(({ target }) => target.address)
      return missingAt(gatewayAt(firewall, side).host.ssh, [...new Set(own)], io)
    }),
  )
  return new Set(absent.flat())
}

async function missingAt(gateway: string, addresses: string[], io: ReadIo): Promise<string[]> {
  if (addresses.length === 0) return []
  const input = addresses.map(address => `tcp ${address} 22\n`).join('')
  const tried = await io.read(gateway, probe(waitSeconds), { input, allowFailure: true, timeoutSeconds: 30 })
  if (tried.exitCode !== 0) return []
  const known = await io.read(gateway, ['ip', '-j', 'neigh', 'show'], { allowFailure: true })
  const neighbours = JSON.parse(known.stdout || '[]') as { dst?: string; lladdr?: string }[]
  const silent = new Set(neighbours.filter(({ lladdr }) => lladdr === undefined).map(({ dst }) => dst))
  return addresses.filter(
    address => silent.has(address) && tried.stdout.includes(`tcp ${address} 22 closed\n`),
  )
}
