import { z } from 'zod'
import { tryLoad } from '../commands.ts'
import { forwarder } from '../facts.ts'
import { newAddressClosed } from '../failures.ts'
import { forwarderOf } from '../gateway.ts'
import { kernelOf, placedIn } from '../kernel.ts'
import { unreachable } from '../reach.ts'
import { loadScript } from '../ruleset.ts'

/** Rehearsal: the kernel checks the rules of the live run, and the new addresses answer. Nothing is changed. */
export const dryRun = forwarder.action({
  name: 'dry-run',
  touches: [],
  result: z.object({ rules: z.number() }),
  plan: about => ({
    title: { key: 'forwarder.dry-run.title', values: { host: forwarderOf(about).host.ssh } },
    stage: 'switch',
    expectedSeconds: 2,
    deadlineSeconds: 60,
    attempts: 3,
    backoffSeconds: 2,
    trigger: 'failure',
    undo: { possible: false, why: { key: 'forwarder.dry-run.noUndo' } },
  }),
  isDone: async () => false,
  async apply(acting, io) {
    const at = forwarderOf(acting)
    const { component, spec, host } = at
    const placed = placedIn(await kernelOf(host, io), component)
    await io.read(host.ssh, tryLoad(), { input: loadScript(component, spec, placed) })
    const closed = await unreachable(at, io)
    if (closed.length > 0) throw newAddressClosed(at, acting.step.id, closed)
    return { rules: spec.forward.length }
  },
})
