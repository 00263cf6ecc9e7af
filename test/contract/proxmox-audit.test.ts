import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { clearFault, setFault } from '../../lab/hypervisor/faults/faults.ts'
import { treeOf } from '../../lab/paths.ts'
import { type MachineAudit, proxmoxVm } from '../../src/kinds/proxmox-vm/facts.ts'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import type { Finding } from '../../src/model/fact.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Component } from '../../src/model/plan.ts'
import { measuredLink } from '../helpers/files-world.ts'
import { type MachineSites, raiseMachineSites } from '../helpers/machine-sites.ts'
import { judgedIo } from '../helpers/pve-judged-io.ts'
import { absent, loadPveSchema } from '../helpers/pve-schema.ts'

const schema = await loadPveSchema()
const misspoken = new Set<string>()
let sites: MachineSites
beforeAll(async () => {
  sites = await raiseMachineSites('proxmox-audit')
})
afterAll(() => sites?.close())

const treeAt = (site: 'montpellier' | 'toulouse') => treeOf(sites.lab.name, `${site}-hypervisor`)
const written: string[] = []
/** A file of PVE's own, taken away after the test. */
function write(site: 'montpellier' | 'toulouse', path: string, text: string): void {
  const file = join(treeAt(site), path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  written.push(file)
}
afterEach(() => {
  clearFault(treeAt('montpellier'))
  clearFault(treeAt('toulouse'))
  for (const file of written.splice(0)) rmSync(file)
})

type Changes = { source?: JsonObject; target?: JsonObject; others?: JsonObject }
function componentWith({ source = {}, target = {}, others = {} }: Changes): Component {
  const spec = sites.component.spec as { source: JsonObject; target: JsonObject }
  const changed = {
    ...spec,
    ...others,
    source: { ...spec.source, ...source },
    target: { ...spec.target, ...target },
  }
  return { ...sites.component, spec: changed }
}
async function audited(changes: Changes = {}) {
  const component = componentWith(changes)
  const roles = measuredLink(200)
  const context = { plan: sites.plan, mode: 'preparation' as const, facts: {}, roles }
  const io = schema ? judgedIo(sites.io(), schema, what => misspoken.add(what)) : sites.io()
  const facts = await kind.audit(component, context, io)
  return { audit: proxmoxVm.factsOf(facts), findings: kind.findings(component, facts, context) }
}
const byId = (findings: Finding[], rule: string) =>
  findings.filter(({ id, component }) => id === `${component}.${rule}`)
const wrong = (findings: Finding[]) => findings.filter(({ level }) => level !== 'ok').map(({ id }) => id)

describe('a guest that serves', () => {
  let audit: MachineAudit
  let findings: Finding[]
  let changed: number
  beforeAll(async () => {
    const before = sites.transport.changes()
    ;({ audit, findings } = await audited())
    changed = sites.transport.changes() - before
  })

  test('is audited without changing anything', () => {
    expect(changed).toBe(0)
  })

  test('is known with its disk, its card and its state', () => {
    expect(audit).toMatchObject({
      found: true,
      running: true,
      qmpStatus: 'running',
      cpuType: 'Westmere',
      memoryMegabytes: 384,
      onboot: true,
      lock: '',
      snapshots: [],
      ha: false,
      replicated: false,
      localDevices: [],
      sourceVersion: expect.stringMatching(/^\d+\.\d+/),
      targetVersion: expect.stringMatching(/^\d+\.\d+/),
      cards: [{ slot: 'net0', model: 'virtio', bridge: 'vmbr0', vlan: null }],
      disks: [
        {
          slot: 'scsi0',
          volume: 'local:101/vm-101-disk-0.qcow2',
          storageType: 'dir',
          format: 'qcow2',
          sizeBytes: 512 * 1024 ** 2,
        },
      ],
    })
    const [disk] = audit.disks ?? []
    // its real bytes, not what it may grow to
    expect(disk?.usedBytes).toBeGreaterThan(50e6)
    expect(disk?.usedBytes).toBeLessThan(400e6)
  })

  test('tells of itself by its agent', () => {
    expect(audit.agent).toBe(true)
    const addresses = audit.guestInterfaces?.flatMap(card => card.addresses) ?? []
    expect(addresses.some(address => address.startsWith(`${sites.lab.prefix}.1.30/`))).toBe(true)
    expect(audit.guestFiles?.find(({ path }) => path === '/etc/hosts')?.addresses).toContain(
      `${sites.lab.prefix}.1.10`,
    )
  })

  test('can be reached in its QEMU, where no bitmap of ours is yet', () => {
    expect([audit.qmp, audit.bitmaps, audit.missingTools, audit.sshBetween]).toEqual([true, [], [], true])
    expect(audit.sourceStagingFreeBytes).toBeGreaterThan(1e6)
  })

  test('finds a target that can hold it', () => {
    expect(audit.targetNodeStatus).toBe('online')
    expect(audit.targetStorages?.map(({ storage, formats }) => [storage, formats.includes('qcow2')])).toEqual(
      [
        ['local', true],
        ['thin', false],
      ],
    )
    expect(audit.targetBridges?.map(({ name }) => name)).toEqual(expect.arrayContaining(['vmbr0', 'vmbr9']))
    expect(audit.targetCpuModels).toContain('Westmere')
    expect([audit.targetVmidHolder, audit.sourceMissingRights, audit.targetMissingRights]).toEqual([
      undefined,
      [],
      [],
    ])
  })

  test('has nothing in its way, and each way is told with its figures', () => {
    expect(findings.filter(({ level }) => level === 'block')).toEqual([])
    expect(wrong(findings)).toEqual([`${sites.component.id}.unproven`])
    expect(byId(findings, 'way-chosen')).toMatchObject([{ text: { values: { way: 'seed-and-delta' } } }])
    expect(byId(findings, 'way-possible').length).toBeGreaterThanOrEqual(1)
  })
})

describe('what is wrong ends in its finding', () => {
  /** The figures of the finding of that name. */
  async function found(id: string, level: string, changes: Changes = {}) {
    const { findings } = await audited(changes)
    const [finding] = byId(findings, id)
    expect(finding, `found: ${wrong(findings).join(', ')}`).toMatchObject({ level })
    return finding?.text.values ?? {}
  }

  test('the agent is silent', async () => {
    setFault(treeAt('montpellier'), { name: 'agent-silent' })
    await found('agent-silent', 'block')
  })
  test('a lock that nobody holds', async () => {
    setFault(treeAt('montpellier'), { name: 'stale-lock', vmid: 101, lock: 'migrate' })
    expect(await found('locked', 'block')).toMatchObject({ lock: 'migrate' })
  })
  test('the target’s storage is full', async () => {
    setFault(treeAt('toulouse'), { name: 'storage-full', storage: 'local' })
    await found('no-room', 'block')
  })
  test('the storage takes no qcow2', async () => {
    setFault(treeAt('toulouse'), { name: 'format-refused', storage: 'local', format: 'qcow2' })
    await found('storage-format', 'warn')
    await found('storage-format', 'block', { others: { way: 'seed-and-delta' } })
    expect(await found('storage-format', 'warn', { target: { storage: 'thin' } })).toMatchObject({
      type: 'lvmthin',
    })
  })
  test('a token without rights', async () => {
    setFault(treeAt('toulouse'), { name: 'token-without-rights' })
    const { findings } = await audited()
    const paths = byId(findings, 'rights-missing').map(({ text }) => text.values?.path)
    expect(paths).toEqual(expect.arrayContaining(['/vms', '/storage/local', '/sdn/zones/localnetwork/vmbr0']))
  })
  test('a node that cannot be reached', async () => {
    setFault(treeAt('montpellier'), { name: 'node-unreachable' })
    await found('api-source', 'block')
  })
  test('a token with a wrong secret', async () => {
    const api = (sites.component.spec.source as { api: JsonObject }).api
    const other = (sites.component.spec.target as { api: JsonObject }).api
    const { findings } = await audited({ source: { api: { ...api, secret: other.secret ?? '' } } })
    expect(byId(findings, 'api-source')).toMatchObject([
      { level: 'block', text: { key: 'proxmox-vm.api.unauthorised' } },
    ])
  })
  test('a certificate that is not the plan’s', async () => {
    const api = (sites.component.spec.target as { api: JsonObject }).api
    const fingerprint = Array(32).fill('00').join(':')
    const { findings } = await audited({ target: { api: { ...api, fingerprint } } })
    expect(byId(findings, 'api-target')).toMatchObject([
      { text: { key: 'transport.http.certificate', values: { expected: fingerprint } } },
    ])
  })
  test('a bridge that is not there', async () => {
    expect(await found('bridge-missing', 'block', { target: { bridge: 'vmbr5' } })).toMatchObject({
      bridge: 'vmbr5',
    })
  })
  test('a test bridge that leads outside', async () => {
    await found('test-bridge-open', 'block', { target: { testBridge: 'vmbr0' } })
  })
  test('a number that another machine has', async () => {
    write('toulouse', 'etc/pve/qemu-server/101.conf', 'name: mail\nmemory: 128\n')
    expect(await found('vmid-taken', 'block')).toMatchObject({ vmid: 101, holder: 'mail' })
  })
  test('a number that an earlier copy of ours has', async () => {
    write('toulouse', 'etc/pve/qemu-server/101.conf', '#Bascule%3A auth-machine\nname: auth\nmemory: 128\n')
    await found('vmid-ours', 'ok')
  })
  test('HA and replication', async () => {
    write('montpellier', 'etc/pve/ha/resources.cfg', 'vm: 101\n\tstate started\n')
    write('montpellier', 'etc/pve/replication.cfg', 'local: 101-0\n\ttarget other\n')
    await found('ha', 'block')
    await found('replicated', 'warn')
  })
  test('a machine that is not there', async () => {
    await found('machine-missing', 'block', { others: { vmid: 999 } })
  })
  test('a way that the plan fixes and the storage does not allow', async () => {
    const { findings } = await audited({ target: { storage: 'thin' }, others: { way: 'seed-and-delta' } })
    expect(byId(findings, 'way-seed-and-delta')).toMatchObject([{ level: 'block' }])
  })
})

test.skipIf(!schema)(
  schema ? 'all that was asked and answered is as PVE’s own schema has it' : absent,
  () => {
    expect([...misspoken]).toEqual([])
  },
)
