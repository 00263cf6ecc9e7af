import { describe, expect, test } from 'vitest'
import { createTranslator } from '../../src/i18n/translator.ts'
import type { MachineAudit } from '../../src/kinds/proxmox-vm/facts.ts'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import type { Finding } from '../../src/model/fact.ts'
import type { FailureRecord } from '../../src/model/failure.ts'
import type { PlanContext } from '../../src/model/kind.ts'
import type { Component } from '../../src/model/plan.ts'
import { messages as transportMessages } from '../../src/transport/messages.ts'
import { context, machineComponent, sound } from '../helpers/proxmox-estate.ts'
import { factsOf } from '../helpers/proxmox-plan.ts'

const [disk] = sound.disks ?? []
const [local, thin] = sound.targetStorages ?? []
const [vmbr0, vmbr9] = sound.targetBridges ?? []
const [card] = sound.cards ?? []
if (!disk || !local || !thin || !vmbr0 || !vmbr9 || !card) throw new Error('the sound estate is whole')
const gone = Symbol('not found out')

function find(
  audit: { [Key in keyof MachineAudit]?: MachineAudit[Key] | typeof gone } = {},
  spec: Record<string, unknown> = {},
  declaredSizeBytes?: { from: number; to: number },
): Finding[] {
  const entries = Object.entries({ ...sound, ...audit }).filter(([, value]) => value !== gone)
  const component = { ...machineComponent(spec), ...(declaredSizeBytes ? { declaredSizeBytes } : {}) }
  return findingsOf(component, Object.fromEntries(entries))
}
/** By the name of the rule alone. */
function findingsOf(component: Component, audit: MachineAudit, of: PlanContext = context): Finding[] {
  const found = kind.findings(component, factsOf(audit), of)
  expect(found.every(({ id }) => id.startsWith(`${component.id}.`))).toBe(true)
  return found.map(finding => ({ ...finding, id: finding.id.slice(component.id.length + 1) }))
}
/** What every machine is told is not looked at again and again: that the kind never ran on a real cluster. */
const judged = (findings: Finding[]) =>
  findings.filter(({ id, level }) => level !== 'ok' && id !== 'unproven')
const translate = createTranslator([kind.messages, transportMessages])

type Case = [
  id: string,
  level: 'ok' | 'warn' | 'block',
  audit: Parameters<typeof find>[0],
  says: (string | number)[],
  spec?: Record<string, unknown>,
]
const refused = (path: string, privileges: string[], wanted = privileges) => ({
  side: 'target' as const,
  path,
  privileges,
  wanted,
})
const failure = {
  text: { key: 'transport.http.certificate', values: { at: 'a', expected: 'b', found: 'c' } },
} satisfies FailureRecord
const files = (path: string, addresses: string[] | null) => ({ guestFiles: [{ path, addresses }] })
const network = machineComponent().spec.network as Record<string, unknown>

const cases: Case[] = [
  ['api-source', 'block', { sourceApiFailure: failure, sourceVersion: gone, found: gone }, ['b', 'c']],
  ['api-target', 'block', { targetApiFailure: failure, targetVersion: gone }, ['b', 'c']],
  [
    'ssh-source',
    'block',
    { sourceSshFailure: { text: { key: 'transport.unreachable', values: { host: 'h', detail: 'd' } } } },
    ['h'],
  ],
  [
    'ssh-target',
    'block',
    { targetSshFailure: { text: { key: 'transport.unreachable', values: { host: 'h', detail: 'd' } } } },
    ['h'],
  ],
  [
    'rights-missing',
    'block',
    {
      targetMissingRights: [
        refused(
          '/storage/local',
          ['Datastore.AllocateSpace'],
          ['Datastore.AllocateSpace', 'Datastore.Audit'],
        ),
      ],
    },
    [
      'Datastore.AllocateSpace',
      '/storage/local',
      "pveum role add BasculeStorageLocal --privs 'Datastore.AllocateSpace Datastore.Audit'",
      "pveum acl modify /storage/local --users bascule@pve --tokens 'bascule@pve!move' --roles BasculeStorageLocal",
    ],
  ],
  [
    'rights-missing-for-way',
    'warn',
    { targetMissingRights: [{ ...refused('/', ['Sys.Incoming']), ways: ['remote-migrate'] }] },
    ['remote-migrate', 'pveum acl modify / '],
  ],
  [
    'rights-missing-for-way',
    'block',
    { targetMissingRights: [{ ...refused('/', ['Sys.Incoming']), ways: ['remote-migrate'] }] },
    ['Sys.Incoming'],
    { way: 'remote-migrate' },
  ],
  ['node-offline', 'block', { targetNodeStatus: 'offline' }, ['toulouse', 'pvecm nodes']],
  [
    'tool-missing',
    'block',
    { missingTools: ['toulouse-hypervisor: qemu-img'] },
    ['ssh toulouse-hypervisor apt install qemu-utils'],
  ],
  ['no-login-between', 'block', { sshBetween: false }, ['10.80.2.60', '10.80.1.60']],
  ['machine', 'ok', {}, [101, 'scsi0 qcow2 local', '0.1 GB', '0.5 GB']],
  ['machine-missing', 'block', { found: false }, ['ssh montpellier-hypervisor qm list']],
  ['machine-elsewhere', 'block', { found: false, foundOnNode: 'montpellier-2' }, ['montpellier-2']],
  ['no-disk', 'block', { disks: [] }, ['qm config 101']],
  ['template', 'block', { template: true }, ['qm list']],
  ['locked', 'block', { lock: 'migrate' }, ['migrate', 'ssh montpellier-hypervisor qm unlock 101']],
  ['protected', 'warn', { protection: true }, ['qm set 101 --protection 0']],
  ['onboot', 'ok', { onboot: true }, ['Authentication']],
  ['machine-off', 'warn', { running: false, agent: false }, ['qm start 101']],
  ['machine-halted', 'block', { qmpStatus: 'io-error' }, ['io-error', 'qm resume 101']],
  [
    'bitmap-broken',
    'warn',
    { bitmaps: [{ node: 'drive-scsi0', name: 'bascule-x-0', dirtyBytes: 0, usable: false }] },
    ['bascule-x-0'],
  ],
  ['snapshots', 'warn', { snapshots: ['before', 'after'] }, ['before, after', 'qm delsnapshot 101']],
  [
    'snapshots-held',
    'warn',
    {
      snapshots: ['before'],
      bitmaps: [{ node: 'drive-scsi0', name: 'bascule-x-0', dirtyBytes: 0, usable: true }],
    },
    ['before', 'drive-scsi0 bascule-x-0', 'qemu-img bitmap --remove'],
  ],
  ['local-devices', 'warn', { localDevices: ['hostpci0', 'ide2'] }, ['hostpci0, ide2']],
  ['ha', 'block', { ha: true }, ['ha-manager remove vm:101']],
  ['replicated', 'warn', { replicated: true }, ['pvesr']],
  ['agent-answers', 'ok', {}, ['auth', 'Debian']],
  ['agent-off', 'block', { agentEnabled: false, agent: false }, ['qm set 101 --agent 1']],
  ['agent-off', 'warn', { agentEnabled: false, agent: false }, [101], { network: undefined, probes: [] }],
  ['agent-silent', 'block', { agent: false }, ['qm agent 101 ping']],
  [
    'storage-missing',
    'block',
    {},
    ['elsewhere', 'local, thin', 'pvesm status'],
    { target: { storage: 'elsewhere' } },
  ],
  [
    'storage-inactive',
    'block',
    { targetStorages: [{ ...local, active: false }] },
    ['pvesm set local --disable 0'],
  ],
  [
    'storage-content',
    'block',
    { targetStorages: [{ ...local, content: ['backup', 'iso'] }] },
    ['pvesm set local --content backup,iso,images'],
  ],
  [
    'storage-format',
    'warn',
    {},
    ['scsi0', 'qcow2', 'lvmthin', 'raw', 'local'],
    { target: { storage: 'thin' } },
  ],
  ['storage-format', 'block', {}, ['qcow2'], { target: { storage: 'thin' }, way: 'seed-and-delta' }],
  ['no-room', 'block', { targetStorages: [{ ...local, freeBytes: 130e6 }] }, ['0.1 GB']],
  ['room-when-full', 'warn', { targetStorages: [{ ...local, freeBytes: 300e6 }] }, ['0.3 GB', '0.5 GB']],
  [
    'no-room-staging',
    'warn',
    { sourceStagingFreeBytes: 1e6 },
    ['/var/lib/vz/bascule', 'ssh montpellier-hypervisor df'],
  ],
  [
    'bridge-missing',
    'block',
    {},
    ['vmbr7', 'vmbr0, vmbr9', 'pvesh create /nodes/toulouse/network'],
    { target: { bridge: 'vmbr7' } },
  ],
  ['bridge-down', 'block', { targetBridges: [{ ...vmbr0, active: false }, vmbr9] }, ['ifup vmbr0']],
  ['test-bridge-open', 'block', { targetBridges: [vmbr0, { ...vmbr9, ports: 'eth1' }] }, ['eth1', 'vmbr9']],
  ['test-bridge-open', 'block', {}, ['vmbr0'], { target: { testBridge: 'vmbr0' } }],
  [
    'bridge-vlan-unaware',
    'warn',
    { targetBridges: [{ ...vmbr0, vlanAware: false }, vmbr9] },
    [20, 'vmbr0'],
    { target: { vlan: 20 } },
  ],
  ['vlan-left-behind', 'warn', { cards: [{ ...card, vlan: 20 }] }, ['net0 20']],
  [
    'cards-merged',
    'warn',
    { cards: [card, { ...card, slot: 'net1', bridge: 'vmbr1' }] },
    ['net0 vmbr0, net1 vmbr1'],
  ],
  ['mac-changes', 'warn', {}, ['BC:24:11:0A:01:1E'], { target: { keepMac: false } }],
  ['vmid-ours', 'ok', { targetVmidHolder: { name: 'auth', node: 'toulouse', ours: true } }, [101]],
  [
    'vmid-taken',
    'block',
    { targetVmidHolder: { name: 'mail', node: 'toulouse', ours: false } },
    ['mail', 'target.vmid', 'pvesh get /cluster/nextid'],
  ],
  ['cpu-of-host', 'warn', { cpuType: 'host' }, ['qm set 101 --cpu']],
  ['cpu-of-host', 'block', { cpuType: 'host' }, ['host'], { way: 'remote-migrate-online' }],
  ['cpu-unknown', 'block', { cpuType: 'EPYC-Genoa' }, ['EPYC-Genoa', 'Toulouse']],
  ['address-unsaid', 'warn', {}, ['10.80.1.30'], { network: undefined }],
  ['address-to-keep', 'block', {}, ['10.9.9.9', '10.80.1.30'], { network: { keep: '10.9.9.9' } }],
  [
    'address-not-found',
    'block',
    { guestInterfaces: [{ name: 'eth0', mac: '', addresses: ['10.80.1.31/24'] }] },
    ['10.80.1.30', '10.80.1.31'],
  ],
  ['address-no-way', 'block', {}, ['network.files'], { network: { ...network, files: [] } }],
  ['cloud-init-missing', 'block', {}, ['cloudinit'], { network: { ...network, cloudInit: true } }],
  ['cloud-init-rewrites', 'warn', { cloudInit: true }, ['cloudInit: true']],
  ['file-unreadable', 'block', files('/etc/hosts', null), ['/etc/hosts']],
  ['file-without-address', 'warn', files('/etc/hosts', ['127.0.0.1']), ['/etc/hosts']],
  ['address-elsewhere', 'warn', files('/etc/resolv.conf', ['10.80.1.1']), ['/etc/resolv.conf', '10.80.1.1']],
  ['address-unmentioned', 'warn', files('/etc/hosts', ['10.80.1.30', '10.80.1.20']), ['10.80.1.20']],
  ['way-chosen', 'ok', {}, ['seed-and-delta', 180]],
]

test('a sound estate: nothing in the way', () => {
  expect(judged(find())).toEqual([])
  expect(find().filter(({ level }) => level !== 'ok')).toMatchObject([{ id: 'unproven', level: 'warn' }])
})

describe('each trap is found, said with its figures, and with what to type', () => {
  test.each(cases)('%s (%s)', (id, level, audit, says, spec) => {
    const found = find(audit, spec).filter(finding => finding.id === id)
    expect(found.map(finding => finding.level)).toContain(level)
    const [finding] = found
    if (!finding) return expect.unreachable()
    for (const language of ['en', 'fr'] as const) {
      const texts = [finding.text, finding.remedy].filter(text => text !== undefined)
      const said = texts.map(text => translate(text, language)).join('\n')
      expect(said).not.toMatch(/\{\{|proxmox-vm\.|transport\./)
      if (language === 'en') for (const what of says) expect(said).toContain(String(what))
    }
    const own = finding.text.key.startsWith('proxmox-vm.finding.')
    if (level !== 'ok' && own) expect(finding.remedy).toBeDefined()
  })
})

test('a size beyond the declared one is told', () => {
  expect(judged(find({}, {}, { from: 0, to: 100e6 })).map(({ id }) => id)).toEqual(['declared-size'])
  expect(judged(find({}, {}, { from: 20e9, to: 20e9 }))).toEqual([])
})

test('a way that the plan fixes and that is not possible blocks; another one is only told', () => {
  const snapshots = { snapshots: ['before'] }
  const fixed = find(snapshots, { way: 'seed-and-delta' }).find(({ id }) => id === 'way-seed-and-delta')
  expect(fixed).toMatchObject({ level: 'block', remedy: {} })
  expect(fixed && translate(fixed.text, 'fr')).toBe(
    'Authentication\u00a0: la méthode seed-and-delta n’est pas possible\u00a0: la VM a des instantanés, qui ne sont pas transférés\u00a0: before.',
  )
  const free = find(snapshots).find(({ id }) => id === 'way-seed-and-delta')
  expect(free?.level).toBe('ok')
})

test('a machine that no way can move', () => {
  const found = find({ sshBetween: false })
  expect(found.find(({ id }) => id === 'no-way')?.level).toBe('block')
  expect(found.filter(({ id }) => /^way-(seed|backup|remote)/.test(id))).toHaveLength(5)
})

test('without a link that is declared or measured, the assumed rate is told', () => {
  const { roles: _roles, ...alone } = context
  const found = findingsOf(machineComponent(), sound, alone)
  expect(judged(found)).toMatchObject([
    { id: 'link-rate-unknown', level: 'warn', text: { values: { linkMbps: 100 } } },
  ])
})

test('what was not found out is no trap: only what is said of it stands', () => {
  const onlyReached = { sourceApiFailure: failure, targetApiFailure: failure }
  const component = machineComponent()
  const found = findingsOf(component, onlyReached)
  expect(found.map(({ id }) => id)).toEqual(['api-source', 'api-target'])
  expect(findingsOf(component, {})).toEqual([])
})

test('what the token may not see is said as a missing right, not as a thing that is not there', () => {
  const hidden = find({
    targetMissingRights: [
      refused('/storage/local', ['Datastore.Audit']),
      refused('/sdn/zones/localnetwork/vmbr9', ['SDN.Use']),
    ],
    targetStorages: [thin],
    targetBridges: [vmbr0],
  })
  const ids = hidden.map(({ id }) => id)
  expect(ids.filter(id => id === 'rights-missing')).toHaveLength(2)
  expect(ids).not.toContain('storage-missing')
  expect(ids).not.toContain('bridge-missing')
})

test('every sentence of preflight is that of a case above', () => {
  const named = new Set([
    ...cases.map(([id]) => id),
    'api-answers',
    'declared-size',
    'way-possible',
    'no-way',
    'link-rate-unknown',
  ])
  const all = Object.keys(kind.messages.en)
    .filter(key => key.startsWith('proxmox-vm.finding.') && !key.endsWith('.remedy'))
    .map(key => key.replace('proxmox-vm.finding.', ''))
  expect(all.filter(name => !named.has(name))).toEqual([])
})
