import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import type { Action, StepContext } from '../../../model/kind.ts'
import { type Forwarder, forwarderOf } from '../at.ts'
import { load } from '../commands.ts'
import { newAddressClosed, oldAddressDead, tableTaken } from '../failures.ts'
import { forgetPassedOn, forgetStale, staleFlows } from '../flows.ts'
import { isKept, keepRules, removeKept } from '../keep.ts'
import { kernelOf, loadedStamp, placedIn } from '../kernel.ts'
import { deadAddresses, unreachable } from '../reach.ts'
import { acceptMark, loadScript, removeScript, renderTable, stampIn } from '../ruleset.ts'

const at = ({ component, plan }: StepContext): Forwarder => forwarderOf(component, plan)

/** The old addresses pass on what comes. Once that holds, every connection is passed on, also one that began before. */
export const forward: Action = {
  async isDone(context, io) {
    const forwarder = at(context)
    return (
      (await isLoaded(forwarder, io)) &&
      (await isKept(forwarder, io)) &&
      (await staleFlows(forwarder, io)) === 0
    )
  },

  async apply(context, io) {
    const forwarder = at(context)
    const closed = await unreachable(forwarder, io)
    if (closed.length > 0) throw newAddressClosed(forwarder, closed)
    await loadRules(forwarder, io)
    await keepRules(forwarder, io)
    const forgotten = await forgetStale(forwarder, io)
    const dead = await deadAddresses(forwarder, context.plan, io)
    if (dead !== undefined && dead.length > 0) throw oldAddressDead(forwarder, dead)
    return { forgotten, asked: dead !== undefined }
  },

  async undo(context, io) {
    const forwarder = at(context)
    const { component, host } = forwarder
    const stamp = await loadedStamp(component, host, io)
    if (stamp === 'foreign') throw tableTaken(forwarder)
    await removeKept(forwarder, io)
    const script = removeScript(component, stamp !== undefined, placedIn(await kernelOf(host, io), component))
    if (script !== '') await io.change(host.ssh, load(), { input: script })
    await forgetPassedOn(forwarder, io)
  },
}

/** Our table as it would be rendered now, and each accept rule once. */
async function isLoaded({ component, spec, host }: Forwarder, io: ReadIo): Promise<boolean> {
  if ((await loadedStamp(component, host, io)) !== stampIn(renderTable(component, spec))) return false
  const placed = placedIn(await kernelOf(host, io), component)
  const wanted = spec.acceptIn.flatMap(({ table, chain }) =>
    spec.forward
      .filter(rule => table.startsWith('inet ') || table.startsWith('ip6 ') === rule.from.includes(':'))
      .map(rule => `${table} ${chain} ${acceptMark(component)} ${rule.service}`),
  )
  const there = placed.map(({ table, chain, comment }) => `${table} ${chain} ${comment}`)
  return wanted.sort().join('\n') === there.sort().join('\n')
}

/** What is loaded already is left alone: loading it anew would forget who came. */
async function loadRules(forwarder: Forwarder, io: ChangeIo): Promise<void> {
  if (await isLoaded(forwarder, io)) return
  const { component, spec, host } = forwarder
  if ((await loadedStamp(component, host, io)) === 'foreign') throw tableTaken(forwarder)
  const placed = placedIn(await kernelOf(host, io), component)
  await io.change(host.ssh, load(), { input: loadScript(component, spec, placed) })
}
