import { z } from 'zod'
import { sha256Hex } from '../../../model/canonical.ts'
import { Failure } from '../../../model/failure.ts'
import { secondsBetween } from '../../../model/instant.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Plan, SshSettings } from '../../../model/plan.ts'
import { typed } from '../../kit/by-hand.ts'
import { every, type Look, until } from '../../kit/until.ts'
import { adminConnectionOf, allowsAdminConnection } from '../admin-connection.ts'
import {
  arm,
  checkFile,
  comeIn,
  confirm,
  forget,
  isLoaded,
  listRuleset,
  loadFile,
  loadUnderTimer,
  record,
  takeBack,
} from '../commands.ts'
import { nftables } from '../facts.ts'
import { lockedOut, noTimer, notPutBack, notRestorable, refused, stillOut, takenBack } from '../failures.ts'
import { renderTable } from '../render.ts'
import { loadText, notRestored, restoreText } from '../ruleset.ts'
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

/** Beyond `revertSeconds`: until the gateway must have said that the old rules are back. */
const takeBackSeconds = 30

/**
 * Puts a table in force, and keeps it only once a new connection has come in: until then a timer at the gateway, which
 * needs neither Bascule nor the network, takes it back. Throws Failure when it was taken back.
 */
async function loadUnderRevert(
  at: GatewaySide,
  table: string,
  ssh: SshSettings,
  io: ChangeIo,
): Promise<void> {
  await io.change(at.host.ssh, takeBack(at.directory.running))
  const attempt = `${at.directory.running}/${io.now().replace(/\D/g, '')}`
  const file = `${attempt}/load.nft`
  const before = await io.read(at.host.ssh, listRuleset())
  await io.change(at.host.ssh, ['mkdir', '-p', '-m', '700', '--', at.directory.running, attempt])
  const { replaces, revertSeconds } = at.spec
  await io.writeFile(at.host.ssh, `${attempt}/revert.nft`, restoreText(before.stdout, replaces), private_)
  await io.writeFile(at.host.ssh, file, loadText(table, replaces), private_)
  const judged = await io.read(at.host.ssh, checkFile(file), { allowFailure: true })
  if (judged.exitCode !== 0) throw refused(at, file, judged.stderr)

  const armedAt = io.now()
  await io.change(at.host.ssh, arm(attempt, at.directory.load, revertSeconds))
  await putInForce(at, attempt, file, io)
  const refusal = await proveWayIn(at, ssh, armedAt, io)
  if (refusal !== undefined) await awaitTakenBack(at, attempt, armedAt, refusal, io)
  const confirmed = await io.change(at.host.ssh, confirm(attempt, at.directory.load), { allowFailure: true })
  if (confirmed.exitCode === 10) await awaitTakenBack(at, attempt, armedAt, undefined, io)
  if (confirmed.exitCode !== 0) throw noTimer(at, confirmed.stderr.trim())
}

const private_ = { mode: '0600' }

/** No answer is no failure yet: rules that lock out cut off the answer too, and the timer is at work. */
async function putInForce(at: GatewaySide, attempt: string, file: string, io: ChangeIo): Promise<void> {
  const options = { allowFailure: true, timeoutSeconds: at.spec.revertSeconds }
  const loaded = await io.change(at.host.ssh, loadUnderTimer(attempt), options).catch(() => undefined)
  io.signal.throwIfAborted()
  if (loaded === undefined || loaded.exitCode === 0) return
  if (loaded.exitCode === 11) throw noTimer(at, loaded.stderr.trim())
  throw refused(at, file, loaded.stderr)
}

/** Undefined when a new connection came in; else why the last one did not. Tries for three quarters of the time. */
async function proveWayIn(
  at: GatewaySide,
  ssh: SshSettings,
  armedAt: string,
  io: ReadIo,
): Promise<string | undefined> {
  const trySeconds = at.spec.revertSeconds * 0.75
  const look = async (): Promise<Look<string | undefined, string>> => {
    const leftSeconds = Math.max(1, Math.floor(trySeconds - secondsBetween(armedAt, io.now())))
    const settings = { ...ssh, connectTimeoutSeconds: Math.min(ssh.connectTimeoutSeconds, leftSeconds) }
    const { exitCode, stderr } = await comingIn(at, settings, leftSeconds, io)
    if (exitCode === 0) return { done: undefined }
    return { waiting: stderr.trim() }
  }
  // A last try has a second of its own.
  const seconds = trySeconds - 1 - secondsBetween(armedAt, io.now())
  return until(io, look, { seconds, ...every(0.5), otherwise: refusal => ({ done: refusal }) })
}

async function comingIn(at: GatewaySide, ssh: SshSettings, leftSeconds: number, io: ReadIo) {
  try {
    const options = { allowFailure: true, timeoutSeconds: leftSeconds + 1 }
    return await io.local(comeIn(ssh, at.host.ssh), options)
  } catch (error) {
    io.signal.throwIfAborted()
    return { exitCode: 255, stderr: error instanceof Failure ? error.message : String(error) }
  }
}

/** Never returns well: either the gateway says when it took the load back, or it does not answer. */
async function awaitTakenBack(
  at: GatewaySide,
  attempt: string,
  armedAt: string,
  why: string | undefined,
  io: ReadIo,
): Promise<never> {
  const cause = why === undefined ? undefined : new Error(why)
  const leftSeconds = () => at.spec.revertSeconds + 1 - secondsBetween(armedAt, io.now())
  const look = async (): Promise<Look<string, undefined>> => {
    const pauseSeconds = leftSeconds()
    // Before that it has restored nothing, and a locked-out client gets no answer.
    if (pauseSeconds > 0) return { waiting: undefined, pauseSeconds }
    const when = await takenBackAt(at, attempt, io)
    return when === undefined ? { waiting: undefined } : { done: when }
  }
  const when = await until(io, look, {
    seconds: Math.max(0, leftSeconds()) + takeBackSeconds,
    ...every(0.5),
    otherwise: () => stillOut(at, cause),
  })
  throw takenBack(at, when, cause)
}

async function takenBackAt(at: GatewaySide, attempt: string, io: ReadIo): Promise<string | undefined> {
  const argv = ['cat', '--', `${attempt}/reverted`]
  try {
    const { exitCode, stdout } = await io.read(at.host.ssh, argv, { allowFailure: true, timeoutSeconds: 10 })
    return exitCode === 0 ? stdout.trim() : undefined
  } catch {
    io.signal.throwIfAborted()
    return undefined
  }
}
