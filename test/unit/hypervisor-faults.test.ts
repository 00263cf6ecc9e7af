import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clearFault, setFault } from '../../lab/hypervisor/faults/faults.ts'
import { openMachines } from '../../lab/hypervisor/machines/index.ts'
import { node, openTestApi, type PaperApi } from '../helpers/hypervisor-api.ts'
import { newLog } from '../helpers/hypervisor-world.ts'

let api: PaperApi
beforeEach(async () => {
  api = await openTestApi()
})
afterEach(() => api.close())
const machine = (vmid: number, rest = '') => `/nodes/${node}/qemu/${vmid}${rest}`
const ping = () => api.ask('POST', machine(101, '/agent/ping'))

describe('what can be made to go wrong', () => {
  it('the agent is silent, until it is not', async () => {
    setFault(api.root, { name: 'agent-silent', vmid: 101 })
    expect(await ping()).toMatchObject({ status: 500, reason: 'QEMU guest agent is not running' })
    clearFault(api.root, 'agent-silent')
    expect((await ping()).status).toBe(200)
  })

  it('a shutdown hangs; forced, it stops', async () => {
    setFault(api.root, { name: 'shutdown-hangs' })
    expect(await api.task('POST', machine(101, '/status/shutdown'), { timeout: 0 })).toBe(
      'VM quit/powerdown failed - got timeout',
    )
    expect(api.site.isRunning(101)).toBe(true)
    expect(await api.task('POST', machine(101, '/status/shutdown'), { timeout: 0, forceStop: 1 })).toBe('OK')
    expect(api.site.isRunning(101)).toBe(false)
  })

  it('a lock is left behind, before the snapshots, and taken away again', async () => {
    const file = join(api.root, 'etc/pve/qemu-server/102.conf')
    const before = 'memory: 512\nname: courses\n\n[first]\nname: courses\n'
    writeFileSync(file, before)
    const machines = openMachines({ root: api.root, node })
    setFault(api.root, { name: 'stale-lock', vmid: 102, lock: 'migrate' })
    expect(readFileSync(file, 'utf8')).toMatch(/\nlock: migrate\n\n\[first\]/)
    await expect(machines.startMachine(102, {}, newLog())).rejects.toThrow('VM is locked (migrate)')
    clearFault(api.root)
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect((await machines.readConfig(102)).config).toEqual({ memory: '512', name: 'courses' })
  })

  it('a storage is full', async () => {
    setFault(api.root, { name: 'storage-full', storage: 'local' })
    expect((await api.ask('GET', `/nodes/${node}/storage/local/status`)).data).toMatchObject({
      avail: 0,
      used: 2e9,
    })
    expect(await api.task('POST', `/nodes/${node}/vzdump`, { vmid: 101, storage: 'local' })).toBe(
      'job errors',
    )
    const archive = 'local:backup/vzdump-qemu-101-2026_01_02-03_04_05.vma.zst'
    const restore = { vmid: 300, archive, storage: 'local' }
    expect(await api.task('POST', `/nodes/${node}/qemu`, restore)).toMatch(
      /^unable to restore VM 300 - .*No space left/,
    )
  })

  it('a storage takes no qcow2', async () => {
    setFault(api.root, { name: 'format-refused', storage: 'local', format: 'qcow2' })
    const { data } = await api.ask('GET', `/nodes/${node}/storage`, { format: 1, storage: 'local' })
    expect(data).toMatchObject([{ formats: { supported: ['raw', 'vmdk'] } }])
    const given = { vmid: 300, scsi0: 'local:300/vm-300-disk-0.qcow2' }
    expect(await api.task('POST', `/nodes/${node}/qemu`, given)).toBe("unsupported format 'qcow2'")
  })

  it('a task warns after its work, as often as said', async () => {
    setFault(api.root, { name: 'task-warnings', type: 'qmstart', text: 'slow', times: 1 })
    expect(await api.task('POST', machine(102, '/status/start'))).toBe('WARNINGS: 1')
    expect(api.site.isRunning(102)).toBe(true)
    expect(await api.task('POST', machine(102, '/status/stop'))).toBe('OK')
    expect(await api.task('POST', machine(102, '/status/start'))).toBe('OK')
  })

  it('a task fails, before its work or after it', async () => {
    setFault(api.root, { name: 'task-error', type: 'qmstart', vmid: 102, text: 'broken', times: 2 })
    const start = () => api.task('POST', machine(102, '/status/start'))
    expect([await start(), await start(), await start()]).toEqual(['broken', 'broken', 'OK'])
    setFault(api.root, { name: 'task-error', type: 'qmstop', afterwards: true })
    expect(await api.task('POST', machine(102, '/status/stop'))).toBe('the task was made to fail')
    expect(api.site.isRunning(102)).toBe(false)
  })

  it('a tunnel that fails before it is open is told at once', async () => {
    setFault(api.root, { name: 'task-error', type: 'qmtunnel', text: 'no tunnel' })
    expect(await api.ask('POST', machine(300, '/mtunnel'))).toMatchObject({
      status: 500,
      reason: 'no tunnel',
    })
  })

  it('the token has lost its rights', async () => {
    setFault(api.root, { name: 'token-without-rights' })
    expect((await api.ask('GET', '/access/permissions')).data).toEqual({})
    expect((await ping()).reason).toMatch(/^Permission check failed \(\/vms\/101, VM\.GuestAgent\.Audit\|/)
    expect((await api.ask('GET', '/version')).status).toBe(200)
  })

  it('the node is not to be reached', async () => {
    setFault(api.root, { name: 'node-unreachable' })
    await expect(api.ask('GET', '/version')).rejects.toThrow(/socket hang up|ECONNRESET|disconnected/)
    clearFault(api.root, 'node-unreachable')
    expect((await api.ask('GET', '/version')).status).toBe(200)
  })
})
