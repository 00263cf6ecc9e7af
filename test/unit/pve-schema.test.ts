import { describe, expect, test } from 'vitest'
import { absent, loadPveSchema, pveSchema } from '../helpers/pve-schema.ts'

/** Small, in PVE's dialect, so that the judge is judged even where PVE's own file is absent. */
const schema = pveSchema([
  {
    path: '/nodes',
    children: [
      {
        path: '/nodes/{node}',
        children: [
          {
            path: '/nodes/{node}/qemu',
            info: {
              POST: {
                name: 'create',
                parameters: {
                  additionalProperties: 0,
                  properties: {
                    node: { type: 'string', format: 'pve-node' },
                    vmid: { type: 'integer', minimum: 100, maximum: 999_999_999 },
                    onboot: { type: 'boolean', optional: 1 },
                    archive: { type: 'string', optional: 1 },
                    force: { type: 'boolean', optional: 1, requires: 'archive' },
                    ostype: { type: 'string', optional: 1, enum: ['l26', 'win11'] },
                    serial0: { type: 'string', optional: 1, pattern: '(?^:(/dev/.+|socket))' },
                    'target-storage': { type: 'string', optional: 1, format: 'storage-pair-list' },
                    command: { type: 'array', optional: 1, items: { type: 'string' } },
                    'net[n]': {
                      type: 'string',
                      optional: 1,
                      format: {
                        model: { type: 'string', enum: ['virtio', 'e1000'] },
                        macaddr: { type: 'string', optional: 1, format: 'mac-addr' },
                        virtio: { alias: 'macaddr', keyAlias: 'model' },
                        bridge: { type: 'string', optional: 1 },
                        tag: { type: 'integer', optional: 1, minimum: 1, maximum: 4094 },
                      },
                    },
                    'scsi[n]': {
                      type: 'string',
                      optional: 1,
                      format: {
                        file: { type: 'string', default_key: 1, format: 'pve-volume-id-or-qm-path' },
                        volume: { alias: 'file' },
                        size: { type: 'string', optional: 1, format: 'disk-size' },
                      },
                    },
                  },
                },
                returns: { type: 'string' },
              },
              GET: {
                name: 'list',
                returns: {
                  type: 'array',
                  items: {
                    type: 'object',
                    properties: { vmid: { type: 'integer' }, template: { type: 'boolean', optional: 1 } },
                  },
                },
              },
            },
          },
          { path: '/nodes/{node}/{word}', info: { GET: { name: 'any' } } },
        ],
      },
    ],
  },
])
const post = (params: Record<string, string | string[]>) =>
  schema.checkRequest('POST', '/nodes/toulouse/qemu', { vmid: '101', ...params }).map(({ at }) => at)

describe('a request', () => {
  test.each([
    [{}],
    [{ onboot: '1' }],
    [{ archive: 'local:backup/x', force: '0' }],
    [{ ostype: 'l26', serial0: 'socket' }],
    [{ net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=20' }],
    [{ net12: 'model=e1000' }],
    [{ scsi0: 'local:101/vm-101-disk-0.qcow2,size=512M' }],
    [{ scsi0: 'volume=local:101/x.qcow2' }],
    [{ 'target-storage': 'local:thin,other:thin' }],
    [{ command: ['wget', '-qO-'] }],
    [{ command: 'true' }],
  ])('that PVE takes: %j', params => {
    expect(post(params)).toEqual([])
  })

  test.each([
    [{ vmid: '99' }, 'vmid'],
    [{ vmid: '1e3' }, 'vmid'],
    [{ color: 'blue' }, 'color'],
    [{ onboot: 'perhaps' }, 'onboot'],
    [{ force: '1' }, 'force'],
    [{ ostype: 'l27' }, 'ostype'],
    [{ serial0: 'a socket' }, 'serial0'],
    [{ net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=4095' }, 'net0.tag'],
    [{ net0: 'virtio=01:00:00:00:00:01' }, 'net0.macaddr'],
    [{ net0: 'bridge=vmbr0' }, 'net0.model'],
    [{ net0: 'vmxnet=BC:24:11:00:00:01' }, 'net0.vmxnet'],
    [{ netx: 'virtio' }, 'netx'],
    [{ scsi0: 'local:x,local:y' }, 'scsi0'],
    [{ scsi0: 'nowhere' }, 'scsi0.file'],
    [{ 'target-storage': 'a:b:c' }, 'target-storage'],
    [{ node: 'toulouse' }, 'node'],
  ])('that PVE refuses: %j', (params, at) => {
    expect(post(params as Record<string, string>)).toContain(at)
  })

  test('that PVE does not have', () => {
    expect(schema.checkRequest('DELETE', '/nodes/toulouse/qemu', {})).toHaveLength(1)
    expect(schema.checkRequest('GET', '/elsewhere', {})).toHaveLength(1)
    expect(schema.find('/nodes/a%2Fb/other')).toMatchObject({ template: '/nodes/{node}/{word}' })
  })
})

test('an answer', () => {
  const check = (data: unknown) => schema.checkResponse('GET', '/nodes/x/qemu', data).map(({ at }) => at)
  expect(
    check([
      { vmid: 101, template: 0 },
      { vmid: '102', more: 'is let be' },
    ]),
  ).toEqual([])
  expect(check([{ template: 1 }])).toEqual(['data[0].vmid'])
  expect(check([{ vmid: 101, template: true }])).toEqual(['data[0].template'])
  expect(check({})).toEqual(['data'])
  expect(check(null)).toEqual(['data'])
})

const real = await loadPveSchema()
describe.skipIf(!real)(real ? 'PVE’s own file' : absent, () => {
  test('is whole: calls that have long been there are in it', () => {
    expect(real?.find('/nodes/toulouse/qemu/101/agent/ping')?.template).toBe(
      '/nodes/{node}/qemu/{vmid}/agent/ping',
    )
    expect(real?.find('/nodes/toulouse/storage/local/content/local%3Abackup%2Fx.vma.zst')?.inPath).toEqual({
      node: 'toulouse',
      storage: 'local',
      volume: 'local:backup/x.vma.zst',
    })
    expect(real?.checkRequest('GET', '/version', {})).toEqual([])
    expect(
      real?.checkResponse('GET', '/version', { version: '9.1.2', release: '9.1', repoid: '0123abcd' }),
    ).toEqual([])
    expect(real?.checkResponse('GET', '/version', { version: '9.1.2' })).toHaveLength(2)
  })

  test('machines’ settings', () => {
    const set = (params: Record<string, string>) =>
      real?.checkRequest('PUT', '/nodes/toulouse/qemu/101/config', params).map(({ at }) => at)
    const good = {
      cpu: 'Westmere',
      scsi0: 'local:101/vm-101-disk-0.qcow2,size=512M,discard=on',
      net0: 'virtio=BC:24:11:0A:01:1E,bridge=vmbr0,firewall=1',
      agent: '1',
      machine: 'q35',
      memory: '512',
      boot: 'order=scsi0',
      ipconfig0: 'ip=10.80.2.30/24,gw=10.80.2.1',
      onboot: '0',
    }
    expect(set(good)).toEqual([])
    const bad = { ...good, agent: 'enabled=maybe', net0: 'virtio,brigde=vmbr0', ostype: 'linux' }
    expect(set(bad)?.sort()).toEqual(['agent.enabled', 'net0.brigde', 'ostype'])
  })
})
