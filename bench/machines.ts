import { setTimeout as sleep } from 'node:timers/promises'
import { machineSpec } from '../src/kinds/proxmox-vm/spec.ts'
import { type MachineSites, raiseMachineSites } from '../test/helpers/machine-sites.ts'
import { moveByHand, undoByHand } from './machines/by-hand.ts'
import { addressAt, firstAnswer, type Observed, observe } from './machines/observed.ts'
import type { Bench, Row } from './measurement.ts'

const linkMbps = 200
/** What the guest writes between the copy of the days before and the night, and is alone worth sending. */
const changedMegabytes = 2
const ways = ['seed-and-delta', 'backup-restore', 'remote-migrate', 'remote-migrate-online'] as const

export const bench: Bench = {
  name: 'machines',
  about: () =>
    `a guest's cut, as its users see it, and what crosses the link (${linkMbps} Mbit/s), ${changedMegabytes} MB changed since the seed`,
  async run({ say, rounds }) {
    say('raising two hypervisors and their guests')
    const sites = await raiseMachineSites('bench-machines', { linkMbps })
    try {
      return await compareWays(sites, rounds, say)
    } finally {
      await sites.close()
    }
  },
}

async function compareWays(sites: MachineSites, rounds: number, say: (line: string) => void): Promise<Row[]> {
  await sites.audit()
  const peer = row('peer: vzdump, scp, restore by hand, unproven')
  const floor = row('floor: what changed, at the link’s rate, and a boot')
  const own = ways.map(way => row(`Bascule: ${way}`))
  for (let round = 1; round <= rounds; round++) {
    await change(sites)
    keep(peer, await observe(sites, () => moveByHand(sites)))
    await undoByHand(sites)
    await firstAnswer(addressAt(sites, 'source'))
    say(`round ${round}: by hand, ${told(peer)}`)
    for (const [index, way] of ways.entries()) {
      const into = own[index] as Required<Row>
      keep(into, await moveAndReturn(sites, way))
      say(`round ${round}: ${way}, ${told(into)}`)
    }
    const boot = await bootSeconds(sites)
    keep(floor, {
      cutSeconds: (changedMegabytes * 8) / linkMbps + boot,
      sentMegabytes: changedMegabytes,
    })
  }
  return [peer, ...own, floor]
}

const row = (way: string): Required<Row> => ({ way, seconds: [], sentMegabytes: [] })

function keep(into: Required<Row>, { cutSeconds, sentMegabytes }: Observed): void {
  into.seconds.push(cutSeconds)
  into.sentMegabytes.push(sentMegabytes)
}

const told = ({ seconds, sentMegabytes }: Required<Row>): string =>
  `${seconds.at(-1)?.toFixed(1)} s, ${sentMegabytes.at(-1)?.toFixed(1)} MB`

/** The days before are not measured; the way back is not either, but it must work: the next way begins at the source. */
async function moveAndReturn(sites: MachineSites, way: string): Promise<Observed> {
  sites.takeWay(way)
  const copies = way === 'seed-and-delta'
  if (copies) await sites.apply('preparation', 'seed')
  await change(sites)
  const observed = await observe(sites, () => sites.applyAll('live'))
  await sites.undoAll('live')
  if (copies) await sites.undo('preparation', 'seed')
  const { vmid } = machineSpec.parse(sites.component.spec)
  await sites.at('toulouse-hypervisor', `qm destroy ${vmid} 2>/dev/null || true; rm -rf /var/lib/vz/bascule`)
  await firstAnswer(addressAt(sites, 'source'))
  return observed
}

/** Noise, so that nothing makes it smaller on its way. */
async function change(sites: MachineSites): Promise<void> {
  const size = `bs=1M count=${changedMegabytes}`
  await sites.inGuest('source', `dd if=/dev/urandom of=/var/lib/changed ${size} 2>/dev/null; sync`)
}

/** From power to the first answer, at the source, nothing else to do. */
async function bootSeconds(sites: MachineSites): Promise<number> {
  const { vmid } = machineSpec.parse(sites.component.spec)
  await sites.at('montpellier-hypervisor', `qm shutdown ${vmid}`)
  await sleep(500)
  const from = performance.now()
  await sites.at('montpellier-hypervisor', `qm start ${vmid}`)
  return ((await firstAnswer(addressAt(sites, 'source'))) - from) / 1000
}
