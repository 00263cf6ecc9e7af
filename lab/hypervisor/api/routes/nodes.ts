import { readFileSync, statfsSync } from 'node:fs'
import { arch, cpus, freemem, loadavg, release, type as systemType, totalmem, uptime, version } from 'node:os'
import type { Hypervisor } from '../http/call.ts'
import type { Route } from '../http/route.ts'
import { node, optional } from '../parameters/property.ts'
import { everybody } from '../permissions/check.ts'
import { cpuModels } from './cpu-models.ts'
import { manager } from './version.ts'

/** The kernel counts freed pages that still hold a cache as available. */
function memory() {
  const available =
    Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) * 1024
  return { total: totalmem(), free: freemem(), available, used: totalmem() - available }
}

const load = () => Math.min(1, (loadavg()[0] ?? 0) / cpus().length)

export function nodeEntry({ node, certificateFingerprint }: Hypervisor) {
  return {
    node,
    status: 'online',
    level: '',
    cpu: load(),
    maxcpu: cpus().length,
    mem: memory().used,
    maxmem: totalmem(),
    uptime: Math.floor(uptime()),
    ssl_fingerprint: certificateFingerprint,
  }
}

export const nodeRoutes: Route[] = [
  {
    method: 'GET',
    path: '/nodes',
    permissions: everybody,
    parameters: {},
    handle: call => {
      const { node, status, level, ...figures } = nodeEntry(call.hypervisor)
      const entry = { id: `node/${node}`, type: 'node', node, status, level }
      return [call.holds(`/nodes/${node}`, 'Sys.Audit') ? { ...entry, ...figures } : entry]
    },
  },
  {
    method: 'GET',
    path: '/nodes/{node}/status',
    permissions: { check: ['perm', '/nodes/{node}', ['Sys.Audit']] },
    parameters: { node },
    handle: call => nodeStatus(call.hypervisor.root),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/capabilities/qemu/cpu',
    permissions: everybody,
    parameters: { node, arch: optional({ type: 'string', enum: ['x86_64', 'aarch64'] }) },
    handle: () => cpuModels.map(({ name, vendor }) => ({ name, vendor, custom: 0 })),
  },
]

function nodeStatus(root: string) {
  const { bsize, blocks, bfree, bavail } = statfsSync(root)
  const [first] = cpus()
  return {
    'boot-info': { mode: 'legacy-bios' },
    cpu: load(),
    cpuinfo: {
      model: first?.model ?? '',
      mhz: String(first?.speed ?? 0),
      cpus: cpus().length,
      cores: cpus().length,
      sockets: 1,
      hvm: '0',
      user_hz: 100,
      flags: '',
    },
    'current-kernel': { sysname: systemType(), release: release(), version: version(), machine: arch() },
    kversion: `${systemType()} ${release()} ${version()}`,
    loadavg: loadavg().map(value => value.toFixed(2)),
    memory: memory(),
    pveversion: manager,
    rootfs: {
      total: blocks * bsize,
      free: bfree * bsize,
      avail: bavail * bsize,
      used: (blocks - bfree) * bsize,
    },
    swap: { total: 0, used: 0, free: 0 },
    uptime: Math.floor(uptime()),
    wait: 0,
    idle: 0,
  }
}
