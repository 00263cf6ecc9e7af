import { sha256Hex } from '../../../model/canonical.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { forget, isLoaded, listRuleset, loadFile, record, takeBack } from '../commands.ts'
import { lockedOut, notPutBack, notRestorable } from '../failures.ts'
import { loadUnderRevert } from '../load-under-timer.ts'
import { renderTable } from '../render.ts'
import { notRestored, restoreText } from '../ruleset.ts'
import { type GatewaySide, gatewayAt } from '../sides.ts'
import { letsIn, wayInOf } from '../way-in.ts'

/** The declared rules in force at the target's gateway. */
export const load: Action = {
  async isDone({ component, plan }, io) {
    const at = gatewayAt(component, plan, 'target')
    return isInForce(at, renderTable(at.spec, at.side), io)
  },
  async apply({ component, plan }, io) {
    const at = gatewayAt(component, plan, 'target')
    const way = await wayInOf(at, io)
    if (way !== undefined && !letsIn(at, way)) throw lockedOut(at, way)
    return loadTable(at, renderTable(at.spec, at.side), plan.ssh, io)
  },
  async undo({ component, plan }, io) {
    await unload(gatewayAt(component, plan, 'target'), io)
  },
}

export async function isInForce(at: GatewaySide, table: string, io: ReadIo): Promise<boolean> {
  const argv = isLoaded(at.directory.load, at.directory.running)
  return (await io.read(at.host.ssh, argv, { input: table, allowFailure: true })).exitCode === 0
}

/** What is there is kept first; then the table is loaded, proven and kept in force. */
export async function loadTable(
  at: GatewaySide,
  table: string,
  ssh: StepContext['plan']['ssh'],
  io: ChangeIo,
) {
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
