import { z } from 'zod'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { forget } from '../commands.ts'
import { nftables } from '../facts.ts'
import { obstacleSentences } from '../failures.ts'
import { type GatewaySide, gatewayAt } from '../sides.ts'
import type { VlanSpec } from '../spec.ts'
import { inPreparation, shown, undoBy } from '../step.ts'
import {
  type Changes,
  type Found,
  foundOf,
  isNothing,
  making,
  type ObstacleKind,
  obstacles,
  unmaking,
} from '../vlan/bridge.ts'
import { linksAt, vlansAt } from '../vlan/seen.ts'

/** The VLANs of the plan are there at the target's gateway: bridge, ports and the gateway's own address in each. */
export const vlans = nftables.action({
  name: 'vlans',
  touches: ['target'],
  result: z.object({ vlans: z.array(z.string()) }),
  plan(about) {
    const at = gatewayAt(about, 'target')
    return {
      ...inPreparation,
      title: {
        key: 'nftables.vlans.title',
        values: { ...shown(at), vlans: namesOf(at).join(', ') },
      },
      expectedSeconds: 2,
      undo: undoBy({
        key: 'nftables.vlans.byHand',
        values: {
          ...shown(at),
          commands: typed(...at.spec.vlans.map(({ target }) => ['ip', 'link', 'del', target.bridge])),
        },
      }),
    }
  },
  async isDone(acting, io) {
    const at = gatewayAt(acting, 'target')
    const missing = await Promise.all(at.spec.vlans.map(vlan => missingOf(at, vlan, io)))
    return missing.every(isNothing) ? { vlans: namesOf(at) } : false
  },
  async apply(acting, io) {
    const at = gatewayAt(acting, 'target')
    for (const vlan of at.spec.vlans) await make(at, vlan, io.at('target'))
    return { vlans: namesOf(at) }
  },
  async undo(acting, io) {
    const at = gatewayAt(acting, 'target')
    for (const vlan of at.spec.vlans.toReversed()) await unmake(at, vlan, io.at('target'))
    await io.at('target').change(at.host.ssh, forget(at.directory.vlans))
  },
})

const namesOf = ({ spec }: GatewaySide): string[] => spec.vlans.map(({ name }) => name)
const keptAt = (at: GatewaySide, { name }: VlanSpec) => `${at.directory.vlans}/${name}.json`

async function missingOf(at: GatewaySide, { target }: VlanSpec, io: ReadIo): Promise<Changes> {
  const [links, ids] = await Promise.all([linksAt(at.host.ssh, io), vlansAt(at.host.ssh, io)])
  return making(target, links, ids)
}

/** What was there is kept before anything is made; of several attempts, what the first found. */
async function make(at: GatewaySide, vlan: VlanSpec, io: ChangeIo): Promise<void> {
  const [links, ids] = await Promise.all([linksAt(at.host.ssh, io), vlansAt(at.host.ssh, io)])
  const [obstacle] = obstacles(vlan.target, links)
  if (obstacle !== undefined) throw inTheWay(at, vlan, obstacle)
  const changes = making(vlan.target, links, ids)
  if (isNothing(changes)) return
  if ((await keptOf(at, vlan, io)) === undefined) {
    await io.change(at.host.ssh, ['mkdir', '-p', '-m', '700', '--', at.directory.vlans])
    const found = JSON.stringify(foundOf(vlan.target, links, ids))
    await io.writeFile(at.host.ssh, keptAt(at, vlan), found, { mode: '0600' })
  }
  await carryOut(at, changes, io)
  const missing = await missingOf(at, vlan, io)
  if (!isNothing(missing)) throw notMade(at, vlan, missing)
}

async function unmake(at: GatewaySide, vlan: VlanSpec, io: ChangeIo): Promise<void> {
  const before = await keptOf(at, vlan, io)
  if (before === undefined) return
  const [links, ids] = await Promise.all([linksAt(at.host.ssh, io), vlansAt(at.host.ssh, io)])
  await carryOut(at, unmaking(vlan.target, before, links, ids), io)
  await io.change(at.host.ssh, ['rm', '-f', '--', keptAt(at, vlan)])
}

async function keptOf(at: GatewaySide, vlan: VlanSpec, io: ReadIo): Promise<Found | undefined> {
  const { exitCode, stdout } = await io.read(at.host.ssh, ['cat', '--', keptAt(at, vlan)], {
    allowFailure: true,
  })
  return exitCode === 0 ? (JSON.parse(stdout) as Found) : undefined
}

async function carryOut(at: GatewaySide, { ip, bridge, ipAfter }: Changes, io: ChangeIo): Promise<void> {
  const batch = async (program: string, lines: string[]) => {
    if (lines.length === 0) return
    await io.change(at.host.ssh, [program, '-batch', '-'], { input: lines.map(line => `${line}\n`).join('') })
  }
  await batch('ip', ip)
  await batch('bridge', bridge)
  await batch('ip', ipAfter)
}

function inTheWay(at: GatewaySide, { name }: VlanSpec, [kind, what]: [ObstacleKind, string]): Failure {
  const values = { host: at.host.ssh, vlan: name, what }
  const { text, remedy } = obstacleSentences[kind]
  return new Failure({ key: text, values }, { remedy: { key: remedy, values } })
}

function notMade(at: GatewaySide, { name }: VlanSpec, { ip, bridge, ipAfter }: Changes): Failure {
  const values = { host: at.host.ssh, vlan: name, what: [...ip, ...bridge, ...ipAfter].join('; ') }
  return new Failure(
    { key: 'nftables.vlan.notMade', values },
    { remedy: { key: 'nftables.vlan.notMade.remedy', values } },
  )
}
