import { z } from 'zod'
import { sha256Hex } from '../../../model/canonical.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Plan } from '../../../model/plan.ts'
import { typed } from '../../kit/by-hand.ts'
import { adminConnectionOf, allowsAdminConnection } from '../admin-connection.ts'
import { forget, isLoaded, listRuleset, loadFile, record, takeBack } from '../commands.ts'
import { nftables } from '../facts.ts'
import { lockedOut, notPutBack, notRestorable } from '../failures.ts'
import { loadUnderRevert, takeBackSeconds } from '../load-under-timer.ts'
import { renderTable } from '../render.ts'
import { notRestored, restoreText } from '../ruleset.ts'
import { type GatewaySide, gatewayAt } from '../sides.ts'
import { inPreparation, shown, undoBy } from '../step.ts'
import { vlans } from './vlans.ts'

/** The declared rules in force at the target's gateway. */
export const load = nftables.action({
  name: 'load',
  touches: ['target'],
  result: z.object({ beforeSha256: z.string(), beforeBytes: z.number(), tableSha256: z.string() }).optional(),
  plan(about) {
    const at = gatewayAt(about, 'target')
    return {
      ...inPreparation,
      title: { key: 'nftables.load.title', values: { ...shown(at), seconds: at.spec.revertSeconds } },
      after: [vlans],
      // An attempt that locks itself out lasts until the old rules are back; nobody wants to be locked out twice.
      attempts: 1,
      expectedSeconds: 3,
      deadlineSeconds: at.spec.revertSeconds + takeBackSeconds + 60,
      undo: undoBy({
        key: 'nftables.load.byHand',
        values: { ...shown(at), commands: typed(loadFile(`${at.directory.load}/undo.nft`)) },
      }),
    }
  },
  async isDone(acting, io) {
    const at = gatewayAt(acting, 'target')
    return isInForce(at, renderTable(at.spec, at.side), io)
  },
  async apply(acting, io) {
    const at = gatewayAt(acting, 'target')
    const connection = await adminConnectionOf(at, io)
    if (connection !== undefined && !allowsAdminConnection(at, connection)) throw lockedOut(at, connection)
    return loadTable(at, renderTable(at.spec, at.side), acting.plan.ssh, io.at('target'))
  },
  undo: (acting, io) => unload(gatewayAt(acting, 'target'), io.at('target')),
})

async function isInForce(at: GatewaySide, table: string, io: ReadIo): Promise<boolean> {
  const argv = isLoaded(at.directory.load, at.directory.running)
  return (await io.read(at.host.ssh, argv, { input: table, allowFailure: true })).exitCode === 0
}

/** What is there is kept first; then the table is loaded, proven and kept in force. */
export async function loadTable(at: GatewaySide, table: string, ssh: Plan['ssh'], io: ChangeIo) {
  const kept = await io.change(at.host.ssh, record(at.directory.load), { allowFailure: true })
  if (kept.exitCode !== 0) throw notRestorable(at, kept.stderr)
  const before = kept.stdout
  const file = (name: string) => `${at.directory.load}/${name}`
  await io.writeFile(at.host.ssh, file('undo.nft'), restoreText(before, at.spec.replaces), { mode: '0600' })
  await io.writeFile(at.host.ssh, file('declared.nft'), table, { mode: '0600' })
  await loadUnderRevert(at, table, ssh, io)
  return {
    beforeSha256: sha256Hex(before),
    beforeBytes: Buffer.byteLength(before),
    tableSha256: sha256Hex(table),
  }
}

/** The ruleset as it was recorded, byte for byte; nothing when nothing was recorded. */
async function unload(at: GatewaySide, io: ChangeIo): Promise<void> {
  const file = (name: string) => `${at.directory.load}/${name}`
  const kept = await io.read(at.host.ssh, ['cat', '--', file('before.nft')], { allowFailure: true })
  await io.change(at.host.ssh, takeBack(at.directory.running))
  if (kept.exitCode === 0) {
    const text = restoreText(kept.stdout, at.spec.replaces)
    await io.writeFile(at.host.ssh, file('undo.nft'), text, { mode: '0600' })
    await io.change(at.host.ssh, loadFile(file('undo.nft')))
    const now = await io.read(at.host.ssh, listRuleset())
    const wrong = notRestored(kept.stdout, now.stdout, at.spec.replaces)
    if (wrong.length > 0) throw notPutBack(at, wrong)
  }
  await io.change(at.host.ssh, forget(at.directory.load))
}
