import { Failure } from '../../model/failure.ts'
import type { MessageKey } from '../../model/text.ts'
import type { AdminConnection } from './admin-connection.ts'
import type { GatewaySide } from './sides.ts'
import type { ObstacleKind } from './vlan/bridge.ts'

type Values = Record<string, string | number>

const failure = (key: MessageKey, remedy: MessageKey, values: Values, cause?: unknown): Failure =>
  new Failure({ key, values }, { remedy: { key: remedy, values }, cause })

export const adminConnectionValues = (at: GatewaySide, way: AdminConnection): Values => ({
  component: at.component,
  host: at.host.ssh,
  client: way.client,
  own: way.own,
  port: way.port,
  interface: way.interface,
})
export const lockedOut = (at: GatewaySide, way: AdminConnection): Failure =>
  failure('nftables.lockedOut', 'nftables.lockedOut.remedy', adminConnectionValues(at, way))

/** The kernel or nft refuses the text; nothing was changed. */
export const refused = (at: GatewaySide, file: string, stderr: string): Failure =>
  failure('nftables.refused', 'nftables.refused.remedy', {
    host: at.host.ssh,
    file,
    detail: stderr.trim().slice(0, 500),
  })

export const notRestorable = (at: GatewaySide, stderr: string): Failure =>
  failure('nftables.notRestorable', 'nftables.notRestorable.remedy', {
    host: at.host.ssh,
    detail: stderr.trim().slice(0, 500),
  })

/** No new connection came through in time; the gateway has taken the load back by itself. */
export const takenBack = (at: GatewaySide, when: string, cause?: unknown): Failure =>
  failure(
    'nftables.takenBack',
    'nftables.takenBack.remedy',
    { host: at.host.ssh, when, seconds: at.spec.revertSeconds },
    cause,
  )

/** Neither in, nor told that the old rules are back. */
export const stillOut = (at: GatewaySide, cause?: unknown): Failure =>
  failure(
    'nftables.stillOut',
    'nftables.stillOut.remedy',
    { host: at.host.ssh, seconds: at.spec.revertSeconds, file: `${at.directory.load}/undo.nft` },
    cause,
  )

export const noTimer = (at: GatewaySide, detail: string): Failure =>
  failure('nftables.noTimer', 'nftables.noTimer.remedy', { host: at.host.ssh, detail })

export const notPutBack = (at: GatewaySide, tables: string[]): Failure =>
  failure('nftables.notPutBack', 'nftables.notPutBack.remedy', {
    host: at.host.ssh,
    tables: tables.join(', '),
    file: `${at.directory.load}/before.nft`,
  })

export const fileChanged = (at: GatewaySide): Failure =>
  failure('nftables.fileChanged', 'nftables.fileChanged.remedy', {
    host: at.host.ssh,
    file: at.spec.file,
    kept: `${at.directory.file}/before`,
  })

export const wouldNotBoot = (at: GatewaySide, detail: string): Failure =>
  failure('nftables.wouldNotBoot', 'nftables.wouldNotBoot.remedy', {
    host: at.host.ssh,
    file: at.spec.file,
    detail: detail.trim().slice(0, 500),
  })

/** Of what stands in the way of a VLAN. */
export const obstacleSentences = {
  notABridge: { text: 'nftables.vlan.notABridge', remedy: 'nftables.vlan.notABridge.remedy' },
  notFiltering: { text: 'nftables.vlan.notFiltering', remedy: 'nftables.vlan.notFiltering.remedy' },
  portMissing: { text: 'nftables.vlan.portMissing', remedy: 'nftables.vlan.portMissing.remedy' },
  portTaken: { text: 'nftables.vlan.portTaken', remedy: 'nftables.vlan.portTaken.remedy' },
} as const satisfies Record<ObstacleKind, { text: MessageKey; remedy: MessageKey }>
