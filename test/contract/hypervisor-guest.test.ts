import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildGuest } from '../../lab/guest/build.ts'
import type { Json, Machines } from '../../lab/hypervisor/machines/index.ts'
import { withQmp } from '../../lab/hypervisor/machines/qemu/qmp.ts'
import { type Gate, openGate } from '../helpers/hypervisor-tunnel.ts'
import { imagePath, newLog, raiseHypervisor, type TestHypervisor, tool } from '../helpers/hypervisor-world.ts'

let west: TestHypervisor
let east: TestHypervisor
let gate: Gate
const guest = {
  name: 'auth',
  memory: '384',
  cpu: 'Westmere',
  agent: '1',
  ostype: 'l26',
  scsihw: 'virtio-scsi-pci',
}
const disk = (hypervisor: TestHypervisor, vmid: number) =>
  imagePath(hypervisor, `${vmid}/vm-${vmid}-disk-0.qcow2`)

/** An emulated machine on a busy host boots in anything from 6 s on. */
async function untilAgentAnswers(machines: Machines, vmid: number): Promise<void> {
  const giveUpAt = performance.now() + 150_000
  for (;;) {
    try {
      await machines.agent(vmid, 'ping')
      return
    } catch (error) {
      if (performance.now() > giveUpAt) throw error
      await sleep(300)
    }
  }
}

/** The agent of a guest that has no CPU for some seconds is silent, as PVE's limit of 3 s has it. */
async function inGuest(machines: Machines, vmid: number, ...command: string[]): Promise<string> {
  await untilAgentAnswers(machines, vmid)
  const { pid } = (await machines.agent(vmid, 'exec', { command })) as { pid: number }
  const giveUpAt = performance.now() + 60_000
  for (;;) {
    await untilAgentAnswers(machines, vmid)
    const status = (await machines.agent(vmid, 'exec-status', { pid })) as Record<string, Json>
    if (status.exited === 1) return String(status['out-data'] ?? '')
    if (performance.now() > giveUpAt) throw new Error(`${command.join(' ')} does not end`)
    await sleep(100)
  }
}

beforeAll(async () => {
  west = await raiseHypervisor('montpellier')
  east = await raiseHypervisor('toulouse')
  gate = await openGate(east.machines, east.root)
  await buildGuest({
    ...{
      program: 'auth',
      address: '192.0.2.30/24',
      gateway: '192.0.2.1',
      others: { database: '192.0.2.10' },
    },
    environment: {},
    output: disk(west, 101),
  })
  const scsi0 = 'local:101/vm-101-disk-0.qcow2'
  await west.machines.createMachine(101, { ...guest, scsi0 }, newLog())
})
afterAll(async () => {
  await west?.end()
  await east?.end()
  await gate?.close()
})

describe('a guest with an operating system', () => {
  it('boots from its disk, and its agent does what is asked', async () => {
    const { machines } = west
    await machines.startMachine(101, {}, newLog())
    await untilAgentAnswers(machines, 101)
    expect(await inGuest(machines, 101, 'hostname')).toBe('auth\n')
    const content = 'écrit par l’agent\n'
    await machines.agent(101, 'file-write', { file: '/root/note', content })
    await inGuest(machines, 101, 'sync')
    expect(await machines.agent(101, 'file-read', { file: '/root/note' })).toEqual({
      content,
      'bytes-read': Buffer.byteLength(content),
    })
    const interfaces = (await machines.agent(101, 'network-get-interfaces')) as { result: { name: string }[] }
    expect(interfaces.result.map(({ name }) => name)).toContain('lo')
    expect(await machines.agent(101, 'get-osinfo')).toHaveProperty(['result', 'kernel-release'])
    await machines.agent(101, 'fsfreeze-freeze')
    expect(await machines.agent(101, 'fsfreeze-status')).toEqual({ result: 'frozen' })
    await machines.agent(101, 'fsfreeze-thaw')
    await expect(machines.agent(101, 'file-read', { file: '/nowhere' })).rejects.toThrow(/^Agent error: /)
  })

  it('is backed up while it runs, frozen for the instant; the copy boots by itself', async () => {
    const { machines } = west
    const log = newLog()
    const { volid } = await machines.vzdump(
      { vmid: 101, storage: 'local', mode: 'snapshot', compress: 'zstd' },
      log,
    )
    expect(log.lines).toContain("INFO: issuing guest-agent 'fs-freeze' command")
    expect(log.lines.filter(line => line.startsWith('ERROR'))).toEqual([])
    expect(await machines.agent(101, 'fsfreeze-status')).toEqual({ result: 'thawed' })
    const [archive] = await machines.storageContent('local', { content: 'backup' })
    expect(archive?.size).toBeLessThan(statSync(disk(west, 101)).size)
    await machines.restore({ vmid: 102, archive: volid, unique: true, start: true }, newLog())
    await untilAgentAnswers(machines, 102)
    expect(await inGuest(machines, 102, 'cat', '/root/note')).toBe('écrit par l’agent\n')
    await machines.stopMachine(102, {}, newLog())
    await machines.destroyMachine(102, {}, newLog())
  })

  it('moves while it runs: what it held in memory alone is there', async () => {
    await inGuest(west.machines, 101, 'sh', '-c', 'echo in memory >/run/held')
    const log = newLog()
    await west.machines.migrateOut(
      101,
      {
        ...{ targetVmid: 101, online: true, delete: true, storageMap: {}, bridgeMap: {} },
        endpoint: gate.endpoint,
      },
      log,
    )
    await gate.ended
    expect(log.lines.some(line => /downtime \d+ ms$/.test(line))).toBe(true)
    await untilAgentAnswers(east.machines, 101)
    expect(await inGuest(east.machines, 101, 'cat', '/run/held')).toBe('in memory\n')
    expect(await inGuest(east.machines, 101, 'cat', '/root/note')).toBe('écrit par l’agent\n')
    expect(await west.machines.listMachines()).toEqual([])
  })

  it('shuts down in order: QEMU ends, and its bitmap knows every write', async () => {
    const { machines, root } = east
    const socket = join(root, 'var/run/qemu-server/101.qmp')
    const bitmap = { node: 'drive-scsi0', name: 'bascule', persistent: true }
    await withQmp(socket, qmp => qmp.execute('block-dirty-bitmap-add', bitmap))
    await inGuest(machines, 101, 'sh', '-c', 'dd if=/dev/urandom of=/root/more bs=64k count=20; sync')
    await machines.shutdownMachine(101, { timeoutSeconds: 60 }, newLog())
    expect((await machines.currentStatus(101)).status).toBe('stopped')
    const info = JSON.parse(tool('qemu-img', 'info', '--output=json', disk(east, 101)))
    expect(info['format-specific'].data.bitmaps).toMatchObject([{ name: 'bascule', flags: ['auto'] }])
  })

  it('that powers itself off is not left as a QEMU without a guest', async () => {
    const { machines } = east
    await machines.startMachine(101, {}, newLog())
    await untilAgentAnswers(machines, 101)
    await machines.agent(101, 'exec', { command: ['poweroff'] })
    await expect
      .poll(async () => (await machines.currentStatus(101)).status, { interval: 200 })
      .toBe('stopped')
  })
})
