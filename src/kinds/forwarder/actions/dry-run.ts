import type { Action } from '../../../model/kind.ts'
import { forwarderOf } from '../at.ts'
import { tryLoad } from '../commands.ts'
import { newAddressClosed } from '../failures.ts'
import { kernelOf, placedIn } from '../kernel.ts'
import { unreachable } from '../reach.ts'
import { loadScript } from '../ruleset.ts'

/** Rehearsal: the kernel judges the very rules of the night, and the new addresses answer. Nothing is changed. */
export const dryRun: Action = {
  isDone: async () => false,
  async apply({ component, plan }, io) {
    const forwarder = forwarderOf(component, plan)
    const { spec, host } = forwarder
    const placed = placedIn(await kernelOf(host, io), component.id)
    await io.read(host.ssh, tryLoad(), { input: loadScript(component.id, spec, placed) })
    const closed = await unreachable(forwarder, io)
    if (closed.length > 0) throw newAddressClosed(forwarder, closed)
    return { rules: spec.forward.length }
  },
}
