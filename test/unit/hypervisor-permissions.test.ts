import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allPermissionsOf, permissionsOf } from '../../lab/hypervisor/api/permissions/permissions.ts'
import { parseUsers } from '../../lab/hypervisor/api/permissions/users.ts'
import { node, openTestApi, type PaperApi, rights } from '../helpers/hypervisor-api.ts'

const held = (config: string, who: string, path: string) =>
  Object.keys(permissionsOf(parseUsers(config), who, path))
const users = `user:a@pve:1:0:::::
token:a@pve!own:0:1::
token:a@pve!same:0:0::
group:ops:a@pve::
role:Read:VM.Audit:
role:Power:VM.Audit,VM.PowerMgmt:
`

describe('what is held on a path', () => {
  it.each([
    ['inherited from above', 'acl:1:/vms:a@pve:Power:', '/vms/101', ['VM.Audit', 'VM.PowerMgmt']],
    ['not inherited without propagation', 'acl:0:/vms:a@pve:Power:', '/vms/101', []],
    ['there without propagation', 'acl:0:/vms:a@pve:Power:', '/vms', ['VM.Audit', 'VM.PowerMgmt']],
    ['replaced deeper down', 'acl:1:/:a@pve:Power:\nacl:1:/vms/101:a@pve:Read:', '/vms/101', ['VM.Audit']],
    ['taken away', 'acl:1:/:a@pve:Power:\nacl:1:/vms/101:a@pve:NoAccess:', '/vms/101', []],
    ['a group’s', 'acl:1:/:@ops:Read:', '/vms/101', ['VM.Audit']],
    ['the user’s own rather than a group’s', 'acl:1:/:@ops:Power:\nacl:1:/:a@pve:Read:', '/', ['VM.Audit']],
    ['of several roles together', 'acl:1:/:a@pve:Read,Power:', '/', ['VM.Audit', 'VM.PowerMgmt']],
  ])('is %s', (_, acl, path, privileges) => {
    expect(held(`${users}${acl}\n`, 'a@pve', path)).toEqual(privileges)
  })

  it('by a separated token is nothing to start with, and never more than its user’s', () => {
    const own = 'a@pve!own'
    expect(held(`${users}acl:1:/:a@pve:Power:\n`, own, '/vms/101')).toEqual([])
    expect(held(`${users}acl:1:/:${own}:Power:\n`, own, '/vms/101')).toEqual([])
    expect(held(`${users}acl:1:/:${own}:Power:\nacl:1:/:a@pve:Read:\n`, own, '/vms/101')).toEqual([
      'VM.Audit',
    ])
  })

  it('by another token is its user’s', () => {
    expect(held(`${users}acl:1:/:a@pve:Read:\n`, 'a@pve!same', '/vms/101')).toEqual(['VM.Audit'])
  })

  it('is told for the paths where there is any', () => {
    const all = allPermissionsOf(parseUsers(`${users}acl:1:/vms/101:a@pve:Read:\n`), 'a@pve')
    expect(all).toEqual({ '/vms/101': { 'VM.Audit': 1 } })
  })
})

describe('a token', () => {
  let api: PaperApi
  beforeEach(async () => {
    api = await openTestApi()
  })
  afterEach(() => api.close())
  const machine = (rest: string) => `/nodes/${node}/qemu/101${rest}`

  it('with no rights sees nothing, and is told that it may nothing', async () => {
    const as = { as: rights.bare }
    expect(await api.ask('GET', '/access/permissions', {}, as)).toMatchObject({ status: 200, data: {} })
    expect(await api.ask('GET', `/nodes/${node}/qemu`, {}, as)).toMatchObject({ data: [] })
    expect(await api.ask('GET', `/nodes/${node}/storage`, {}, as)).toMatchObject({ data: [] })
    expect(await api.ask('GET', machine('/config'), {}, as)).toMatchObject({
      status: 403,
      reason: 'Permission check failed (/vms/101, VM.Audit)',
      message: 'Permission check failed (/vms/101, VM.Audit)\n',
    })
  })

  it.each([
    ['POST', machine('/status/start'), {}, '/vms/101, VM.PowerMgmt'],
    ['POST', machine('/status/shutdown'), {}, '/vms/101, VM.PowerMgmt'],
    ['POST', machine('/agent/exec'), { command: 'id' }, '/vms/101, VM.GuestAgent.Unrestricted'],
    ['POST', machine('/snapshot'), { snapname: 'before' }, '/vms/101, VM.Snapshot'],
    ['POST', machine('/remote_migrate'), {}, '/vms/101, VM.Migrate'],
    ['DELETE', machine(''), {}, '/vms/101, VM.Allocate'],
    ['POST', `/nodes/${node}/vzdump`, { vmid: 101 }, '/storage/local, Datastore.AllocateSpace'],
    ['POST', `/nodes/${node}/vzdump`, { vmid: 101, bwlimit: 1 }, '/, Sys.Modify'],
    ['POST', `/nodes/${node}/qemu/101/mtunnel`, {}, '/vms/101, VM.Allocate'],
    [
      'DELETE',
      `/nodes/${node}/storage/local/content/101/vm-101-disk-0.qcow2`,
      {},
      '/storage/local, Datastore.Allocate',
    ],
    ['PUT', machine('/config'), { name: 'x' }, /^\/vms\/101, VM.Config.Disk\|VM.Config.CDROM\|/],
  ])('that only audits may not %s %s', async (method, path, given, missing) => {
    const answer = await api.ask(method, path, given as Record<string, string | number>, { as: rights.audit })
    expect(answer.status).toBe(403)
    expect(/^Permission check failed \((.*)\)$/.exec(answer.reason)?.[1]).toMatch(missing)
    expect(api.site.done).toEqual([])
  })

  it('that only audits may ping the agent and look at the node', async () => {
    const as = { as: rights.audit }
    expect((await api.ask('POST', machine('/agent/ping'), {}, as)).status).toBe(200)
    expect((await api.ask('GET', `/nodes/${node}/status`, {}, as)).status).toBe(200)
    expect((await api.ask('GET', '/cluster/status', {}, as)).status).toBe(200)
  })

  it('needs more to name a bridge, another’s disk, or root’s options', async () => {
    const role = 'VM.Allocate,VM.Config.Network,VM.Config.Options,VM.Config.CPU,VM.Config.Disk'
    appendFileSync(
      join(api.root, 'etc/pve/user.cfg'),
      `role:Some:${role}:\nacl:1:/vms:bascule@pve!bare:Some:\n`,
    )
    const create = (given: Record<string, string | number>) =>
      api.ask('POST', `/nodes/${node}/qemu`, { vmid: 200, ...given }, { as: rights.bare })
    expect((await create({ net0: 'virtio,bridge=vmbr0' })).reason).toBe(
      'Permission check failed (/sdn/zones/localnetwork/vmbr0, SDN.Use)',
    )
    expect((await create({ net0: 'virtio,bridge=vmbr0,tag=7' })).reason).toBe(
      'Permission check failed (/sdn/zones/localnetwork/vmbr0/7, SDN.Use)',
    )
    expect((await create({ scsi0: 'local:101/vm-101-disk-0.qcow2' })).reason).toBe(
      'Permission check failed (/storage/local, Datastore.Audit)',
    )
    expect((await create({ scsi0: 'local:4' })).reason).toBe(
      'Permission check failed (/storage/local, Datastore.AllocateSpace)',
    )
    expect((await create({ args: '-S' })).reason).toBe("only root can set 'args' config")
    expect((await create({ memory: '512' })).reason).toBe(
      'Permission check failed (/vms/200, VM.Config.Memory)',
    )
    expect((await create({ hostpci0: '01:00.0' })).reason).toBe(
      "only root can set 'hostpci0' config for non-mapped devices",
    )
    expect((await create({ scsi0: 'local:200/vm-200-disk-0.qcow2' })).status).toBe(200)
  })

  it('sees its own tasks, and not another’s', async () => {
    const { data: upid } = await api.ask('POST', machine('/status/stop'))
    await api.hypervisor.tasks.settled()
    const path = `/nodes/${node}/tasks/${encodeURIComponent(String(upid))}/status`
    expect((await api.ask('GET', path)).status).toBe(200)
    expect((await api.ask('GET', path, {}, { as: rights.audit })).status).toBe(200)
    expect((await api.ask('GET', path, {}, { as: rights.bare })).reason).toBe(
      `Permission check failed (/nodes/${node}, Sys.Audit)`,
    )
    expect((await api.ask('GET', `/nodes/${node}/tasks`, {}, { as: rights.bare })).data).toEqual([])
  })
})
