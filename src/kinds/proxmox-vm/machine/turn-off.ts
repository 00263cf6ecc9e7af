import { Failure } from '../../../model/failure.ts'
import type { ChangeIo } from '../../../model/io.ts'
import { changePve } from '../client/change.ts'
import { readPve } from '../client/read.ts'
import type { MachineSide } from '../sides.ts'
import { awaitTasks } from './existing.ts'

/**
 * A clean shutdown: PVE asks the agent, or the machine by ACPI where the agent is silent. Only where the plan says so is
 * it switched off when its time is over. Throws Failure when it is still running then.
 */
export async function turnOff(io: ChangeIo, at: MachineSide): Promise<void> {
  await awaitTasks(io, at)
  if ((await readPve(at, io).status()).status === 'stopped') return
  const { timeoutSeconds, forceStop } = at.spec.shutdown
  try {
    await changePve(at, io).shutdown({ timeoutSeconds, forceStop })
  } catch (cause) {
    io.signal.throwIfAborted()
    // It may have gone down by itself meanwhile.
    if ((await readPve(at, io).status()).status === 'stopped') return
    const values = {
      component: at.component,
      site: at.siteTitle,
      host: at.host.ssh,
      vmid: at.vmid,
      seconds: timeoutSeconds,
    }
    throw new Failure(
      { key: 'proxmox-vm.shutdown.failed', values },
      { remedy: { key: 'proxmox-vm.shutdown.failed.remedy', values }, cause },
    )
  }
}
