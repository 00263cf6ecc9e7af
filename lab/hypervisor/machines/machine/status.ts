import { findConfig, loadConfig, machineIds } from '../config/files.ts'
import { drivesOf, parseProperties, parseSize } from '../config/properties.ts'
import type { Host } from '../host.ts'
import { uptimeOf, usageOf } from '../process-identity.ts'
import { agentEnabled } from '../qemu/commands.ts'
import { monitor, runningPid } from '../qemu/process.ts'
import type { Config, MachineStatus } from '../types.ts'

/** All machines. One that is removed meanwhile is left out. */
export async function listMachines(host: Host): Promise<MachineStatus[]> {
  const found = machineIds(host).flatMap(vmid => {
    const config = findConfig(host, vmid)
    return config ? [statusOf(host, vmid, config.current)] : []
  })
  return await Promise.all(found)
}

export const currentStatus = async (host: Host, vmid: number): Promise<MachineStatus> =>
  await statusOf(host, vmid, loadConfig(host, vmid).current)

async function statusOf(host: Host, vmid: number, config: Config): Promise<MachineStatus> {
  const pid = runningPid(host, vmid)
  const first = drivesOf(config)[0]
  const standing = {
    vmid,
    name: config.name ?? `VM ${vmid}`,
    cpus: Number(config.cores ?? 1) * Number(config.sockets ?? 1),
    maxmem: Number(parseProperties(config.memory ?? '512', 'current').current) * 2 ** 20,
    maxdisk: (first && parseSize(first.options.size ?? '')) ?? 0,
    ...{ disk: 0, cpu: 0, netin: 0, netout: 0 },
    ...(config.lock === undefined ? {} : { lock: config.lock }),
    ...(config.tags === undefined ? {} : { tags: config.tags }),
    ...(config.template === '1' ? { template: 1 as const } : {}),
    ...(agentEnabled(config) ? { agent: 1 as const } : {}),
  }
  if (pid === undefined)
    return {
      ...standing,
      ...{ status: 'stopped', qmpstatus: 'stopped', mem: 0, diskread: 0, diskwrite: 0, uptime: 0 },
    }
  const asked = await askMonitor(host, vmid)
  return {
    ...standing,
    ...asked,
    status: 'running',
    pid,
    mem: usageOf(pid).residentBytes,
    uptime: uptimeOf(pid) ?? 0,
  }
}

type Asked = Pick<MachineStatus, 'qmpstatus' | 'diskread' | 'diskwrite' | 'running-qemu'>
type BlockStatistics = { stats: { rd_bytes: number; wr_bytes: number } }[]

/** A monitor that another program holds is no reason not to answer. */
async function askMonitor(host: Host, vmid: number): Promise<Asked> {
  try {
    return await monitor(
      host,
      vmid,
      async qmp => {
        const { status } = (await qmp.execute('query-status')) as { status: string }
        const disks = (await qmp.execute('query-blockstats')) as unknown as BlockStatistics
        const { qemu } = (await qmp.execute('query-version')) as { qemu: Record<string, number> }
        return {
          qmpstatus: status,
          diskread: disks.reduce((sum, { stats }) => sum + stats.rd_bytes, 0),
          diskwrite: disks.reduce((sum, { stats }) => sum + stats.wr_bytes, 0),
          'running-qemu': `${qemu.major}.${qemu.minor}.${qemu.micro}`,
        }
      },
      1.5,
    )
  } catch {
    return { qmpstatus: 'running', diskread: 0, diskwrite: 0 }
  }
}
