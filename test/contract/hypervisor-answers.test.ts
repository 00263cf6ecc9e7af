import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { node, prepareRoot, serveTestApi, type TestApi } from '../helpers/hypervisor-api.ts'
import { bareMachine, raiseHypervisor, type TestHypervisor } from '../helpers/hypervisor-world.ts'
import { absent, loadPveSchema } from '../helpers/pve-schema.ts'

const schema = await loadPveSchema()
let hypervisor: TestHypervisor
let api: TestApi

beforeAll(async () => {
  hypervisor = await raiseHypervisor(node)
  prepareRoot(hypervisor.root)
  api = await serveTestApi(hypervisor.machines)
})
afterAll(async () => {
  await api?.close()
  await hypervisor?.end()
})

const machine = (vmid: number, rest = '') => `/nodes/${node}/qemu/${vmid}${rest}`

/** The data, once it is of PVE's form. */
async function read(path: string, given: Record<string, string | number> = {}): Promise<unknown> {
  const { status, reason, data } = await api.ask('GET', path, given)
  expect(`${status} ${reason}`).toBe('200 OK')
  if (schema) expect(schema.checkResponse('GET', path, data), path).toEqual([])
  return data
}

describe(`real machines behind the API${schema ? '' : ` (${absent})`}`, () => {
  it('are made on a storage, and tell what they are', async () => {
    expect(
      await api.task('POST', `/nodes/${node}/qemu`, { vmid: 101, ...bareMachine('local:0.05,format=qcow2') }),
    ).toBe('OK')
    expect(await read(machine(101, '/config'))).toMatchObject({
      scsi0: expect.stringMatching(/^local:101\/vm-101-disk-0/),
    })
    expect(await read(machine(101, '/status/current'))).toMatchObject({
      status: 'stopped',
      ha: { managed: 0 },
    })
    expect(await read(`/nodes/${node}/qemu`)).toMatchObject([{ vmid: 101, name: 'bare' }])
    const [disk] = (await read(`/nodes/${node}/storage/local/content`)) as { volid: string }[]
    const volume = `/nodes/${node}/storage/local/content/${encodeURIComponent(disk?.volid ?? '')}`
    expect(await read(volume)).toMatchObject({ path: expect.stringContaining('/images/101/') })
    expect(await read(machine(101, '/migrate'))).toMatchObject({
      local_disks: [{ volid: disk?.volid, cdrom: 0 }],
    })
  })

  it('run, are backed up, and come back under another number', async () => {
    expect(await api.task('POST', machine(101, '/status/start'))).toBe('OK')
    expect(await api.task('POST', machine(101, '/status/start'))).toBe('VM 101 already running')
    expect(await read(machine(101, '/status/current'))).toMatchObject({
      status: 'running',
      qmpstatus: 'running',
    })
    expect((await api.ask('POST', machine(101, '/agent/ping'))).reason).toBe('No QEMU guest agent configured')
    expect((await api.ask('DELETE', machine(101))).reason).toBe('VM 101 is running - destroy failed')
    const backup = { vmid: 101, storage: 'local', mode: 'snapshot', compress: 'zstd' }
    expect(await api.task('POST', `/nodes/${node}/vzdump`, backup)).toBe('OK')
    const content = `/nodes/${node}/storage/local/content`
    const [archive] = (await read(content, { content: 'backup' })) as { volid: string }[]
    const config = await read(`/nodes/${node}/vzdump/extractconfig`, { volume: archive?.volid ?? '' })
    expect(config).toContain('name: bare')
    const restore = { vmid: 102, archive: archive?.volid ?? '', storage: 'thin', unique: 1 }
    expect(await api.task('POST', `/nodes/${node}/qemu`, restore)).toBe('OK')
    expect(await read('/cluster/resources', { type: 'vm' })).toMatchObject([{ vmid: 101 }, { vmid: 102 }])
    for (const path of [`/nodes/${node}/storage`, '/storage', `/nodes/${node}/storage/thin/status`])
      await read(path)
  })

  it('keep snapshots, end, and are gone', async () => {
    expect(await api.task('POST', machine(101, '/status/stop'))).toBe('OK')
    expect(await api.task('POST', machine(101, '/snapshot'), { snapname: 'before' })).toBe('OK')
    expect(await read(machine(101, '/snapshot'))).toMatchObject([{ name: 'before' }, { name: 'current' }])
    expect(await api.task('DELETE', machine(101, '/snapshot/before'))).toBe('OK')
    for (const vmid of [101, 102]) expect(await api.task('DELETE', machine(vmid))).toBe('OK')
    expect(await read(`/nodes/${node}/qemu`)).toEqual([])
    expect(await read(`/nodes/${node}/storage/thin/content`)).toEqual([])
  })

  it('have a node with a network', async () => {
    for (const path of ['/nodes', `/nodes/${node}/status`, `/nodes/${node}/network`, `/nodes/${node}/tasks`])
      await read(path)
  })
})
