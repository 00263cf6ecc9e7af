import { describe, expect, it } from 'vitest'
import { parseNic } from '../../lab/hypervisor/machines/config/properties.ts'
import { type StartPlan, startMachineArgv } from '../../lab/hypervisor/machines/qemu/commands.ts'
import { cpuModel } from '../../lab/hypervisor/machines/qemu/cpu.ts'
import { plugTap } from '../../lab/hypervisor/machines/qemu/network-commands.ts'
import { sendImage, serveImage } from '../../lab/hypervisor/machines/storage/commands.ts'

const plan: StartPlan = {
  vmid: 101,
  config: {
    name: 'auth',
    memory: '384',
    cores: '1',
    cpu: 'Westmere',
    agent: '1',
    boot: 'order=scsi0',
    scsi0: 'local:101/vm-101-disk-0.qcow2,size=512M',
    net0: 'virtio=BC:24:11:00:00:65,bridge=vmbr0',
  },
  images: { scsi0: { path: '/images/disk.qcow2', format: 'qcow2' } },
  sockets: { qmp: '/run/101.qmp', agent: '/run/101.qga', events: '/run/qmeventd.sock' },
  pidFile: '/run/101.pid',
  serialLog: '/log/101.serial',
}
const pairs = (argv: readonly string[]) => argv.map((word, at) => `${word} ${argv[at + 1] ?? ''}`)

describe('QEMU’s command line', () => {
  it('is a daemon that waits for whoever quits it, with a monitor, events and the agent', () => {
    const argv = startMachineArgv(plan)
    expect(argv[0]).toBe('qemu-system-x86_64')
    expect(argv).toEqual(expect.arrayContaining(['-daemonize', '-no-shutdown']))
    expect(pairs(argv)).toEqual(
      expect.arrayContaining([
        '-pidfile /run/101.pid',
        '-chardev socket,id=qmp,path=/run/101.qmp,server=on,wait=off',
        '-chardev socket,id=qmp-event,path=/run/qmeventd.sock,reconnect=1',
        '-chardev socket,path=/run/101.qga,server=on,wait=off,id=qga0',
        '-accel tcg,thread=multi,tb-size=64',
        '-cpu Westmere',
        '-m 384',
        '-netdev tap,id=net0,ifname=tap101i0,script=no,downscript=no',
      ]),
    )
    expect(argv).not.toContain('-S')
  })

  it('names the disk’s node as PVE names its drives, and boots from it', () => {
    const argv = startMachineArgv(plan)
    const node = JSON.parse(argv[argv.indexOf('-blockdev') + 1] ?? '{}')
    expect(node).toMatchObject({
      driver: 'qcow2',
      'node-name': 'drive-scsi0',
      file: { driver: 'file', filename: '/images/disk.qcow2' },
    })
    expect(argv).toContain(
      'scsi-hd,bus=scsihw0.0,channel=0,scsi-id=0,lun=0,drive=drive-scsi0,id=scsi0,bootindex=100',
    )
  })

  it('waits, for a backup or for another’s memory', () => {
    expect(startMachineArgv({ ...plan, paused: true })).toContain('-S')
    expect(pairs(startMachineArgv({ ...plan, incoming: '/run/101.migrate' }))).toContain(
      '-incoming unix:/run/101.migrate',
    )
  })

  it('reaches nobody through a cable that is in no bridge', () => {
    const argv = startMachineArgv({ ...plan, config: { ...plan.config, net0: 'virtio=BC:24:11:00:00:65' } })
    expect(argv).toContain('user,id=net0,restrict=on')
  })

  it('has no agent where the configuration has none, and stock QEMU’s names for PVE’s CPUs', () => {
    const argv = startMachineArgv({ ...plan, config: { ...plan.config, agent: '0' } })
    expect(argv.join(' ')).not.toContain('guest_agent')
    expect(cpuModel('host')).toBe('max')
    expect(cpuModel('Westmere,flags=+aes;-pcid')).toBe('Westmere,+aes,-pcid')
    expect(cpuModel(undefined)).toBe('kvm64')
  })
})

describe('a cable', () => {
  const port = (nic: string) => ({
    vmid: 101,
    bridge: 'vmbr0',
    uplinks: ['eth0'],
    nic: parseNic('net0', nic),
  })
  const words = (nic: string) => plugTap(port(nic)).map(argv => argv.join(' '))

  it('is a tap in the bridge', () => {
    expect(words('virtio=BC:24:11:00:00:65,bridge=vmbr0')).toEqual([
      'ip tuntap add dev tap101i0 mode tap',
      'ip link set dev tap101i0 master vmbr0',
      'ip link set dev tap101i0 up',
    ])
  })

  it('is in its VLAN alone: untagged towards the guest, tagged towards the network', () => {
    expect(words('virtio=BC:24:11:00:00:65,bridge=vmbr0,tag=20,link_down=1')).toEqual([
      'ip tuntap add dev tap101i0 mode tap',
      'ip link set dev tap101i0 master vmbr0',
      'ip link set vmbr0 type bridge vlan_filtering 1',
      'bridge vlan delete dev tap101i0 vid 1',
      'bridge vlan add dev tap101i0 vid 20 pvid untagged',
      'bridge vlan add dev eth0 vid 20',
      'ip link set dev tap101i0 down',
    ])
  })
})

describe('images', () => {
  it('travel without their zeros, as fast as allowed', () => {
    const argv = sendImage({ path: '/a.qcow2', format: 'qcow2' }, 'nbd+unix:///x?socket=/s', 1_048_576)
    expect(argv.join(' ')).toBe(
      'qemu-img convert -p -n --target-is-zero -r 1048576 -f qcow2 -O raw /a.qcow2 nbd+unix:///x?socket=/s',
    )
    expect(sendImage({ path: '/a', format: 'raw' }, 'uri', 0)).not.toContain('-r')
    expect(serveImage('/b.qcow2', 'qcow2', 'drive-scsi0', '/s')).not.toContain('--persistent')
  })
})
