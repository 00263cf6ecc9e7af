import { Failure } from '../../model/failure.ts'
import { composed, type MessageKey } from '../../model/text.ts'
import type { GatewaySide } from './sides.ts'
import type { WayIn } from './way-in.ts'

type Values = Record<string, string | number>

const failure = (key: MessageKey, values: Values, cause?: unknown): Failure =>
  new Failure({ key, values }, { remedy: { key: composed(`${key}.remedy`), values }, cause })

export const wayInValues = (at: GatewaySide, way: WayIn): Values => ({
  component: at.component,
  host: at.host.ssh,
  client: way.client,
  own: way.own,
  port: way.port,
  interface: way.interface,
})
export const lockedOut = (at: GatewaySide, way: WayIn): Failure =>
  failure('nftables.lockedOut', wayInValues(at, way))

/** The kernel or nft refuses the text; nothing was changed. */
export const refused = (at: GatewaySide, file: string, stderr: string): Failure =>
  failure('nftables.refused', { host: at.host.ssh, file, detail: stderr.trim().slice(0, 500) })

export const notRestorable = (at: GatewaySide, stderr: string): Failure =>
  failure('nftables.notRestorable', { host: at.host.ssh, detail: stderr.trim().slice(0, 500) })

/** No new connection came through in time; the gateway has taken the load back by itself. */
export const takenBack = (at: GatewaySide, when: string, cause?: unknown): Failure =>
  failure('nftables.takenBack', { host: at.host.ssh, when, seconds: at.spec.revertSeconds }, cause)

/** Neither in, nor told that the old rules are back. */
export const stillOut = (at: GatewaySide, cause?: unknown): Failure =>
  failure(
    'nftables.stillOut',
    { host: at.host.ssh, seconds: at.spec.revertSeconds, file: `${at.directory.load}/undo.nft` },
    cause,
  )

export const noTimer = (at: GatewaySide, detail: string): Failure =>
  failure('nftables.noTimer', { host: at.host.ssh, detail })

export const notPutBack = (at: GatewaySide, tables: string[]): Failure =>
  failure('nftables.notPutBack', {
    host: at.host.ssh,
    tables: tables.join(', '),
    file: `${at.directory.load}/before.nft`,
  })

export const fileChanged = (at: GatewaySide): Failure =>
  failure('nftables.fileChanged', {
    host: at.host.ssh,
    file: at.spec.file,
    kept: `${at.directory.file}/before`,
  })

export const wouldNotBoot = (at: GatewaySide, detail: string): Failure =>
  failure('nftables.wouldNotBoot', {
    host: at.host.ssh,
    file: at.spec.file,
    detail: detail.trim().slice(0, 500),
  })
