import { drivesOf, nicsOf, parseProperties } from '../config/properties.ts'
import type { ImageFormat } from '../storage/types-of-storage.ts'
import type { Config } from '../types.ts'
import { cpuModel } from './cpu.ts'
import { tapName } from './network-commands.ts'

export type StartPlan = {
  vmid: number
  config: Config
  /** Where each drive's volume is, by its key. */
  images: Record<string, { path: string; format: ImageFormat }>
  sockets: { qmp: string; agent: string; events: string }
  pidFile: string
  serialLog: string
  /** Waits with the CPU stopped: for a backup of a machine that is off. */
  paused?: boolean
  /** Waits for another QEMU's RAM at this socket. */
  incoming?: string
}

/** The node a drive's disk has in the running QEMU. */
export const nodeOf = (driveKey: string): string => `drive-${driveKey}`

/** One guest must not take the translation cache of a whole machine. MiB. */
const translationCacheMiB = 64

export function startMachineArgv(plan: StartPlan): string[] {
  const { vmid, config } = plan
  const cores = Number(config.cores ?? 1)
  const sockets = Number(config.sockets ?? 1)
  const machine = parseProperties(config.machine ?? 'pc', 'type').type ?? 'pc'
  return [
    'qemu-system-x86_64',
    ...['-name', `${config.name ?? `vm${vmid}`},debug-threads=on`],
    '-no-shutdown',
    '-daemonize',
    ...['-pidfile', plan.pidFile],
    ...monitor('qmp', `path=${plan.sockets.qmp},server=on,wait=off`),
    ...monitor('qmp-event', `path=${plan.sockets.events},reconnect=1`),
    ...['-machine', `type=${machine}`],
    ...['-accel', `tcg,thread=multi,tb-size=${translationCacheMiB}`],
    ...['-cpu', cpuModel(config.cpu)],
    ...['-smp', `${cores * sockets},sockets=${sockets},cores=${cores},maxcpus=${cores * sockets}`],
    ...['-m', parseProperties(config.memory ?? '512', 'current').current ?? '512'],
    ...uuidOf(config),
    '-nodefaults',
    ...['-display', 'none', '-vga', /^(none|serial)/.test(config.vga ?? '') ? 'none' : 'std'],
    ...['-chardev', `file,id=serial0,path=${plan.serialLog},append=on`],
    ...['-device', 'isa-serial,chardev=serial0'],
    ...['-object', 'rng-random,id=rng0,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=rng0'],
    ...agentDevices(config, plan.sockets.agent),
    ...drives(plan),
    ...nics(plan),
    ...(plan.paused || plan.incoming ? ['-S'] : []),
    ...(plan.incoming ? ['-incoming', `unix:${plan.incoming}`] : []),
  ]
}

const monitor = (id: string, socket: string): string[] => [
  ...['-chardev', `socket,id=${id},${socket}`, '-mon', `chardev=${id},mode=control`],
]

/** A guest knows its machine by this; it stays the same when the machine moves. */
function uuidOf(config: Config): string[] {
  const { uuid } = parseProperties(config.smbios1 ?? '', 'uuid')
  return uuid === undefined ? [] : ['-uuid', uuid]
}

export const agentEnabled = (config: Config): boolean =>
  ['1', 'yes', 'on', 'true'].includes(parseProperties(config.agent ?? '0', 'enabled').enabled ?? '0')

function agentDevices(config: Config, socket: string): string[] {
  if (!agentEnabled(config)) return []
  return [
    ...['-chardev', `socket,path=${socket},server=on,wait=off,id=qga0`],
    ...['-device', 'virtio-serial,id=qga0'],
    ...['-device', 'virtserialport,chardev=qga0,name=org.qemu.guest_agent.0'],
  ]
}

function drives({ config, images }: StartPlan): string[] {
  const order = parseProperties(config.boot ?? '', 'legacy').order?.split(';')
  const all = drivesOf(config)
  const controller = all.some(({ key }) => key.startsWith('scsi'))
    ? ['-device', 'virtio-scsi-pci,id=scsihw0']
    : []
  return [
    ...controller,
    ...all.flatMap(({ key }, index) => {
      const image = images[key]
      if (!image) return []
      const rank = order ? order.indexOf(key) : index
      const boot = rank < 0 ? '' : `,bootindex=${100 + rank}`
      const node = nodeOf(key)
      return [
        '-blockdev',
        JSON.stringify({
          driver: image.format,
          'node-name': node,
          discard: 'unmap',
          'detect-zeroes': 'unmap',
          file: { driver: 'file', 'node-name': `file-${node}`, filename: image.path, discard: 'unmap' },
        }),
        '-device',
        `${driveDevice(key)},drive=${node},id=${key}${boot}`,
      ]
    }),
  ]
}

function driveDevice(key: string): string {
  const number = Number(/\d+$/.exec(key)?.[0])
  if (key.startsWith('scsi')) return `scsi-hd,bus=scsihw0.0,channel=0,scsi-id=${number},lun=0`
  if (key.startsWith('virtio')) return 'virtio-blk-pci'
  return `ide-hd,bus=ide.${number >> 1},unit=${number & 1}`
}

function nics({ vmid, config }: StartPlan): string[] {
  return nicsOf(config).flatMap(nic => {
    const model = nic.model === 'virtio' ? 'virtio-net-pci,romfile=' : nic.model
    const backend =
      nic.bridge === undefined
        ? ['-netdev', `user,id=${nic.key},restrict=on`]
        : ['-netdev', `tap,id=${nic.key},ifname=${tapName(vmid, nic)},script=no,downscript=no`]
    return [...backend, '-device', `${model},mac=${nic.mac},netdev=${nic.key},id=${nic.key}`]
  })
}
