import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMachines } from '../../lab/hypervisor/machines/index.ts'
import { withQmp } from '../../lab/hypervisor/machines/qemu/qmp.ts'
import {
  bareMachine,
  imagePath,
  newLog,
  raiseHypervisor,
  scribble,
  type TestHypervisor,
  tool,
} from '../helpers/hypervisor-world.ts'

let hypervisor: TestHypervisor
const disk = () => imagePath(hypervisor, '101/vm-101-disk-0.qcow2')
const qmp = (command: string, args?: Record<string, never>) =>
  withQmp(join(hypervisor.root, 'var/run/qemu-server/101.qmp'), one => one.execute(command, args))

beforeAll(async () => {
  hypervisor = await raiseHypervisor('montpellier')
  const { machines } = hypervisor
  await machines.createMachine(101, { ...bareMachine('local:0.125,format=qcow2'), net0: 'virtio' }, newLog())
  scribble(disk(), 'qcow2', 'write -P 0x11 0 1M', 'write -P 0x22 40M 300k', 'write -P 0x33 134213632 4096')
})
afterAll(() => hypervisor?.end())

describe('a machine', () => {
  it('has a configuration in PVE’s own text', async () => {
    const text = readFileSync(join(hypervisor.root, 'etc/pve/qemu-server/101.conf'), 'utf8')
    expect(text).toMatch(/^scsi0: local:101\/vm-101-disk-0\.qcow2,size=128M$/m)
    expect(text).toMatch(/^net0: virtio=BC:24:11(:[0-9A-F]{2}){3}$/m)
    expect(text).toMatch(/^boot: order=scsi0$/m)
    const { digest } = await hypervisor.machines.readConfig(101)
    await expect(
      hypervisor.machines.changeConfig(101, { set: { onboot: '0' }, digest: 'ffff' }),
    ).rejects.toThrow('checksum mismatch (file change by other user?)')
    await hypervisor.machines.changeConfig(101, { set: { onboot: '0' }, digest })
    expect((await hypervisor.machines.readConfig(101)).config.onboot).toBe('0')
  })

  it('runs in a QEMU that another process finds, and that ends in order', async () => {
    const { machines, root } = hypervisor
    await machines.startMachine(101, {}, newLog())
    await expect(machines.startMachine(101, {}, newLog())).rejects.toThrow('VM 101 already running')
    const other = openMachines({ root, node: 'montpellier' })
    expect(await other.currentStatus(101)).toMatchObject({
      status: 'running',
      qmpstatus: 'running',
      vmid: 101,
    })
    const nodes = (await qmp('query-named-block-nodes')) as { 'node-name': string }[]
    expect(nodes.map(node => node['node-name'])).toContain('drive-scsi0')
    await expect(machines.destroyMachine(101, {}, newLog())).rejects.toThrow(
      'VM 101 is running - destroy failed',
    )
    await expect(machines.agent(101, 'ping')).rejects.toThrow('No QEMU guest agent configured')
    await other.stopMachine(101, {}, newLog())
    expect(await machines.currentStatus(101)).toMatchObject({ status: 'stopped', qmpstatus: 'stopped' })
  })

  it('that does not hear the power button is left running, or stopped when forced', async () => {
    const { machines } = hypervisor
    await machines.startMachine(101, {}, newLog())
    await expect(machines.shutdownMachine(101, { timeoutSeconds: 1 }, newLog())).rejects.toThrow(
      'VM quit/powerdown failed - got timeout',
    )
    expect((await machines.currentStatus(101)).status).toBe('running')
    const log = newLog()
    await machines.shutdownMachine(101, { timeoutSeconds: 1, forceStop: true }, log)
    expect(log.warnings).toEqual(['VM still running - terminating now with SIGTERM'])
    expect((await machines.currentStatus(101)).status).toBe('stopped')
  })

  it('is refused while something else is done with it', async () => {
    const { machines } = hypervisor
    await machines.changeConfig(101, { set: { lock: 'migrate' } })
    await expect(machines.startMachine(101, {}, newLog())).rejects.toThrow('VM is locked (migrate)')
    await machines.changeConfig(101, { remove: ['lock'], skiplock: true })
  })
})

describe('a backup', () => {
  const archives = () =>
    readdirSync(join(hypervisor.root, 'var/lib/vz/dump')).filter(file => file.endsWith('.vma.zst'))

  it('of a running machine, restored, is the same disk; as qcow2 and onto raw volumes', async () => {
    const { machines, root } = hypervisor
    await machines.startMachine(101, {}, newLog())
    const log = newLog()
    const { volid } = await machines.vzdump(
      {
        vmid: 101,
        storage: 'local',
        mode: 'snapshot',
        compress: 'zstd',
        notesTemplate: '{{guestname}} of {{node}}',
      },
      log,
    )
    expect(volid).toMatch(/^local:backup\/vzdump-qemu-101-\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d\.vma\.zst$/)
    expect(log.lines).toContain('INFO: Backup job finished successfully')
    expect(log.lines.find(line => /INFO: 100% /.test(line))).toBeDefined()
    expect(await machines.archiveConfig(volid)).toMatch(/^#qmdump#map:scsi0:drive-scsi0:local:qcow2:$/m)
    expect((await machines.currentStatus(101)).status).toBe('running')
    expect((await machines.readConfig(101)).config.lock).toBeUndefined()
    const [found] = await machines.storageContent('local', { content: 'backup' })
    expect(found).toMatchObject({ volid, vmid: 101, notes: 'bare of montpellier', format: 'vma.zst' })
    await machines.stopMachine(101, {}, newLog())

    await machines.restore({ vmid: 201, archive: volid, unique: true }, newLog())
    await machines.restore({ vmid: 202, archive: volid, storage: 'thin' }, newLog())
    tool('qemu-img', 'compare', disk(), imagePath(hypervisor, '201/vm-201-disk-0.qcow2'))
    const thin = join(root, 'var/lib/pve-volumes/pve/vm-202-disk-0')
    tool('qemu-img', 'compare', '-f', 'qcow2', '-F', 'raw', disk(), thin)
    expect(Number(tool('stat', '-c', '%b', thin)) * 512).toBeLessThan(4 * 2 ** 20)
    const [original, unique, kept] = await Promise.all([101, 201, 202].map(vmid => machines.readConfig(vmid)))
    expect(unique?.config.net0).not.toBe(original?.config.net0)
    expect(kept?.config.net0).toBe(original?.config.net0)
    expect(kept?.config.scsi0).toBe('thin:vm-202-disk-0,size=128M')
    await expect(machines.restore({ vmid: 202, archive: volid }, newLog())).rejects.toThrow(
      "unable to restore VM 202 - VM 202 already exists on node 'montpellier'",
    )
    await machines.restore({ vmid: 202, archive: volid, force: true }, newLog())
    expect((await machines.readConfig(202)).config.scsi0).toBe('local:202/vm-202-disk-0.qcow2,size=128M')
    for (const vmid of [201, 202]) await machines.destroyMachine(vmid, {}, newLog())
    expect(existsSync(imagePath(hypervisor, '202'))).toBe(false)
  })

  it('of a machine that is off starts a QEMU for it, and ends it', async () => {
    const { machines } = hypervisor
    const before = archives().length
    const log = newLog()
    await machines.vzdump({ vmid: 101, storage: 'local', mode: 'snapshot', compress: '0' }, log)
    expect(log.lines).toContain('INFO: starting kvm to execute backup task')
    expect(log.lines).toContain('INFO: stopping kvm after backup task')
    expect((await machines.currentStatus(101)).status).toBe('stopped')
    expect(archives().length).toBe(before)
  })

  it('whose bytes are wrong is refused, and leaves nothing behind', async () => {
    const { machines, root } = hypervisor
    const [archive] = (await machines.storageContent('local', { content: 'backup' })).filter(
      ({ format }) => format === 'vma',
    )
    const path = join(root, 'var/lib/vz/dump', archive?.volid.split('/').at(-1) ?? '')
    const headerBytes = readFileSync(path).readUInt32BE(56)
    tool('dd', 'if=/dev/urandom', `of=${path}`, 'bs=1', 'count=4', `seek=${headerBytes + 45}`, 'conv=notrunc')
    await expect(machines.restore({ vmid: 203, archive: path }, newLog())).rejects.toThrow(
      'wrong vma extent header checksum',
    )
    expect(existsSync(imagePath(hypervisor, '203'))).toBe(false)
    expect((await machines.listMachines()).map(({ vmid }) => vmid)).toEqual([101])
    await expect(
      machines.vzdump({ vmid: 101, storage: 'thin', mode: 'stop', compress: 'zstd' }, newLog()),
    ).rejects.toThrow("can't use storage 'thin' for backups - wrong content type")
  })
})

describe('a disk', () => {
  it('keeps its persistent bitmap over an end in order', async () => {
    const { machines } = hypervisor
    await machines.startMachine(101, {}, newLog())
    const bitmap = { node: 'drive-scsi0', name: 'bascule', persistent: true } as never
    await qmp('block-dirty-bitmap-add', bitmap)
    await machines.stopMachine(101, {}, newLog())
    const bitmaps = () =>
      JSON.parse(tool('qemu-img', 'info', '--output=json', disk()))['format-specific'].data.bitmaps
    expect(bitmaps()).toMatchObject([{ name: 'bascule', flags: ['auto'] }])
    const { pid = 0 } = await machines.startMachine(101, {}, newLog()).then(() => machines.currentStatus(101))
    process.kill(pid, 'SIGKILL')
    await expect.poll(async () => (await machines.currentStatus(101)).status).toBe('stopped')
    expect(bitmaps()[0].flags).toContain('in-use')
    tool('qemu-img', 'bitmap', '--remove', disk(), 'bascule')
  })

  it('has snapshots inside, running or off', async () => {
    const { machines } = hypervisor
    await machines.snapshot(101, { name: 'before', description: 'à froid' }, newLog())
    await machines.startMachine(101, {}, newLog())
    await machines.snapshot(101, { name: 'after' }, newLog())
    expect((await machines.listSnapshots(101)).map(({ name, parent }) => [name, parent])).toEqual([
      ['before', undefined],
      ['after', 'before'],
      ['current', 'after'],
    ])
    await machines.deleteSnapshot(101, 'before', newLog())
    await machines.stopMachine(101, {}, newLog())
    await machines.deleteSnapshot(101, 'after', newLog())
    expect(JSON.parse(tool('qemu-img', 'info', '--output=json', disk())).snapshots).toBeUndefined()
    expect((await machines.readConfig(101)).config.parent).toBeUndefined()
  })

  it('is refused in a format that its storage does not take', async () => {
    const { machines } = hypervisor
    await expect(
      machines.createMachine(301, bareMachine('thin:0.01,format=qcow2'), newLog()),
    ).rejects.toThrow("unable to create VM 301 - unsupported format 'qcow2'")
    await expect(machines.deleteVolume('local:101/vm-101-disk-0.qcow2')).rejects.toThrow('used by VM 101')
    expect((await machines.listStorages()).map(({ storage, type }) => [storage, type])).toEqual([
      ['local', 'dir'],
      ['thin', 'lvmthin'],
    ])
  })
})

describe('whoever comes by ssh', () => {
  const type = (program: string, ...args: string[]) =>
    execFileSync(join(import.meta.dirname, '../../lab/hypervisor/bin', program), args, {
      ...{ encoding: 'utf8', timeout: 200_000, stdio: ['ignore', 'pipe', 'pipe'] },
      env: { ...process.env, PVE_ROOT: hypervisor.root },
    })

  it('finds qm and pvesm', async () => {
    const { machines } = hypervisor
    expect(type('qm', 'set', '101', '--tags', 'moved', '--delete', 'onboot')).toBe('')
    expect(type('qm', 'config', '101')).toMatch(/^tags: moved$/m)
    await machines.changeConfig(101, { set: { lock: 'migrate' } })
    expect(() => type('qm', 'start', '101')).toThrow('VM is locked (migrate)')
    type('qm', 'unlock', '101')
    type('qm', 'start', '101')
    expect(type('qm', 'status', '101')).toBe('status: running\n')
    expect(type('qm', 'list')).toMatch(/^ +101 bare +running +64 +0\.13 +\d+$/m)
    type('qm', 'stop', '101')
    expect((await machines.currentStatus(101)).status).toBe('stopped')
    expect(type('pvesm', 'path', 'local:101/vm-101-disk-0.qcow2').trim()).toBe(disk())
    expect(type('pvesm', 'status')).toMatch(/^thin +lvmthin +active( +\d+){3} +[\d.]+%$/m)
    expect(type('pvesm', 'list', 'local', '--content', 'images')).toMatch(
      /^local:101\/vm-101-disk-0\.qcow2 qcow2 +images +134217728 101$/m,
    )
    expect(() => type('pvesm', 'free', 'local:101/vm-101-disk-0.qcow2')).toThrow('used by VM 101')
  })
})
