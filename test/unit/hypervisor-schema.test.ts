import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Property } from '../../lab/hypervisor/api/parameters/property.ts'
import { allRoutes } from '../../lab/hypervisor/api/routes/all.ts'
import { node, openTestApi, type PaperApi } from '../helpers/hypervisor-api.ts'
import { absent, loadPveSchema, type PveSchema } from '../helpers/pve-schema.ts'

const schema = await loadPveSchema()
type Described = Property & { properties?: unknown; format?: unknown }
const isText = (value: unknown): value is string => typeof value === 'string'

describe.skipIf(schema !== undefined)('PVE’s schema', () => {
  it.skip(absent, () => undefined)
})

describe.skipIf(schema === undefined)('each method is PVE’s own', () => {
  const cases = allRoutes.map(route => [`${route.method} ${route.path}`, route] as const)

  it.each(cases)('%s', (_, route) => {
    const method = schemaOf().method(route.method, route.path)
    expect(method, 'PVE has it').toBeDefined()
    const { user, check } = (method?.permissions ?? {}) as Record<string, unknown>
    expect(route.permissions).toEqual(check ? { check } : { user })

    const theirs = (method?.parameters?.properties ?? {}) as Record<string, Described>
    expect(Object.keys(route.parameters).sort()).toEqual(Object.keys(theirs).sort())
    for (const [name, own] of Object.entries(route.parameters)) {
      const wanted = theirs[name]
      expect(own.type, name).toBe(wanted?.type)
      expect(own.optional === 1, `${name} optional`).toBe(Boolean(wanted?.optional))
      for (const bound of ['minimum', 'maximum', 'minLength', 'maxLength', 'requires', 'enum'] as const)
        if (own[bound] !== undefined)
          expect(own[bound], `${name} ${bound}`).toEqual(numbered(wanted?.[bound]))
      if (isText(own.format) && isText(wanted?.format)) expect(own.format, name).toBe(wanted.format)
    }
  })
})

describe.skipIf(schema === undefined)('what it answers is of PVE’s form', () => {
  let api: PaperApi
  beforeAll(async () => {
    api = await openTestApi()
    writeFileSync(join(api.root, 'etc/pve/ha/resources.cfg'), 'vm: 102\n\tstate started\n')
    writeFileSync(join(api.root, 'etc/pve/replication.cfg'), 'local: 102-0\n\ttarget lyon\n\tschedule */15\n')
    await api.task('POST', `/nodes/${node}/vzdump`, { vmid: 101, storage: 'local', compress: 'zstd' })
  })
  afterAll(() => api.close())
  const machine = `/nodes/${node}/qemu/101`
  const backup = 'local:backup/vzdump-qemu-101-2026_12_12-22_00_01.vma.zst'

  it.each<[string, string, Record<string, string | number | string[]>?]>([
    ['GET', '/version'],
    ['GET', `/nodes/${node}/version`],
    ['GET', '/access/permissions'],
    ['GET', '/cluster/resources'],
    ['GET', '/cluster/status'],
    ['GET', '/cluster/nextid'],
    ['GET', '/cluster/tasks'],
    ['GET', '/cluster/ha/resources'],
    ['GET', '/cluster/replication'],
    ['GET', '/nodes'],
    ['GET', `/nodes/${node}/status`],
    ['GET', `/nodes/${node}/network`],
    ['GET', `/nodes/${node}/storage`, { format: 1 }],
    ['GET', `/nodes/${node}/storage/local/status`],
    ['GET', `/nodes/${node}/storage/local/content`],
    ['GET', `/nodes/${node}/storage/local/content/${encodeURIComponent(backup)}`],
    ['GET', `/nodes/${node}/capabilities/qemu/cpu`],
    ['GET', '/storage'],
    ['GET', `/nodes/${node}/tasks`],
    ['GET', `/nodes/${node}/qemu`],
    ['GET', machine],
    ['GET', `${machine}/status`],
    ['GET', `${machine}/config`],
    ['GET', `${machine}/status/current`],
    ['GET', `${machine}/snapshot`],
    ['GET', `${machine}/migrate`],
    ['GET', `${machine}/agent`],
    ['POST', `${machine}/agent/ping`],
    ['POST', `${machine}/agent/exec`, { command: ['true'] }],
    ['GET', `${machine}/agent/exec-status`, { pid: 7 }],
    ['GET', `${machine}/agent/file-read`, { file: '/etc/hosts' }],
    ['POST', `${machine}/agent/file-write`, { file: '/etc/hosts', content: '' }],
    ['GET', `${machine}/agent/network-get-interfaces`],
    ['PUT', `/nodes/${node}/qemu/102/config`, { onboot: 0, net0: 'virtio=BC:24:11:00:00:02,bridge=vmbr0' }],
    ['POST', `/nodes/${node}/qemu/102/status/start`],
    ['POST', `${machine}/status/shutdown`, { timeout: 5, forceStop: 1 }],
    ['POST', `/nodes/${node}/qemu`, { vmid: 103, name: 'new', memory: '512', agent: '1' }],
    ['POST', `/nodes/${node}/qemu`, { vmid: 104, archive: backup, storage: 'local', unique: 1 }],
    ['POST', `/nodes/${node}/vzdump`, { vmid: '101', storage: 'local', mode: 'stop', 'notes-template': 'x' }],
    ['POST', `/nodes/${node}/qemu/106/mtunnel`, { storages: 'local' }],
    ['DELETE', `/nodes/${node}/storage/local/content/${encodeURIComponent(backup)}`],
  ])('%s %s', async (method, path, given = {}) => {
    const answer = await api.ask(method, path, given)
    expect(answer).toMatchObject({ status: 200, errors: {} })
    const asked = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, Array.isArray(value) ? value : String(value)]),
    )
    expect(schemaOf().checkRequest(method, path, asked)).toEqual([])
    expect(schemaOf().checkResponse(method, path, answer.data)).toEqual([])
  })

  it('its tasks too', async () => {
    const { data } = await api.ask('GET', `/nodes/${node}/tasks`, { limit: 1 })
    const upid = encodeURIComponent((data as { upid: string }[])[0]?.upid ?? '')
    for (const path of ['status', 'log', ''].map(rest =>
      `/nodes/${node}/tasks/${upid}/${rest}`.replace(/\/$/, ''),
    )) {
      const answer = await api.ask('GET', path)
      expect(answer.status).toBe(200)
      expect(schemaOf().checkResponse('GET', path, answer.data)).toEqual([])
    }
  })
})

function schemaOf(): PveSchema {
  if (!schema) throw new Error(absent)
  return schema
}

/** Some of PVE's bounds are text. */
const numbered = (bound: unknown): unknown => (isText(bound) && /^\d+$/.test(bound) ? Number(bound) : bound)
