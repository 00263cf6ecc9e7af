import { expect, test } from 'vitest'
import { addressesIn } from '../../src/kinds/proxmox-vm/audit/source.ts'
import { proxmoxVm } from '../../src/kinds/proxmox-vm/facts.ts'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { rightsFor } from '../../src/kinds/proxmox-vm/rights.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Json } from '../../src/model/json.ts'
import { recordingIo } from '../doubles/recording.ts'
import { type Answer, type HttpCall, onCommand, onHttp } from '../doubles/recording-answers.ts'
import { askedOf } from '../helpers/proxmox-api.ts'
import { context, machineComponent, secrets } from '../helpers/proxmox-estate.ts'

const source = /10\.80\.1\.60.*/
/** What a PVE with all rights says to whom asks for nothing in particular. */
function answerOf(call: HttpCall): Json {
  const { path, params } = askedOf(call)
  if (path === '/version') return { version: '9.1.2', release: '9.1', repoid: '0123abcd' }
  if (path === '/access/permissions') return { [String(params.path)]: everything }
  if (path === '/cluster/nextid') return '101'
  if (path.endsWith('/config')) return config
  if (path.endsWith('/current'))
    return { status: 'running', qmpstatus: 'running', uptime: 7200, diskwrite: 1e9 }
  if (path === '/nodes') return [{ node: 'toulouse', status: 'online' }]
  if (path.endsWith('/get-osinfo')) return { result: { 'pretty-name': 'Debian' } }
  if (path.endsWith('/get-host-name')) return { result: { 'host-name': 'auth' } }
  if (path.endsWith('/network-get-interfaces')) return { result: [] }
  if (path.endsWith('/file-read')) return { content: '# 10.0.0.1\naddress 10.80.1.30/24\n' }
  return []
}
const everything = Object.fromEntries(
  ['source', 'target']
    .flatMap(side =>
      rightsFor(proxmoxVm.specOf(machineComponent()), side as 'source', '9.1', {
        disks: ['local'],
        archives: 'local',
      }),
    )
    .flatMap(({ privileges }) => privileges.map(name => [name, 1])),
)
const config: Json = {
  name: 'auth',
  memory: '384',
  agent: 'enabled=1,fstrim_cloned_disks=1',
  scsi0: 'local:101/vm-101-disk-0.qcow2,size=512M',
  ide2: 'local:iso/debian.iso,media=cdrom',
  ide3: 'local:101/vm-101-cloudinit.qcow2,media=cdrom',
  hostpci0: '0000:01:00.0',
  usb0: 'mapping=key',
  serial0: 'socket',
  net0: 'virtio=BC:24:11:0A:01:1E,bridge=vmbr0,tag=20',
  digest: 'a'.repeat(40),
}

async function audited(...before: Answer[]) {
  const io = recordingIo({
    secrets,
    answers: [
      ...before,
      onCommand(': df ', '    Avail\n1000\n9000\n'),
      onCommand(
        ': which ',
        '/usr/bin/rsync\n/usr/bin/qemu-img\n/usr/bin/qemu-storage-daemon\n/usr/bin/socat\n',
      ),
      onCommand(': socat ', { exitCode: 1 }),
      onCommand(': ssh '),
      onCommand(': zfs list ', { exitCode: 127 }),
      onHttp(/./, call => ({ body: { data: answerOf(call) } })),
    ],
  })
  const facts = await kind.audit(machineComponent(), context, io)
  return { io, facts, audit: proxmoxVm.factsOf(facts) }
}
const refused = (status: number, message: string) => ({ status, body: { data: null, message } })

test('all is read, nothing is changed: every request is a GET, every command a reading one', async () => {
  const { io, facts } = await audited()
  expect(io.changes()).toEqual([])
  expect(io.calls.length).toBeGreaterThan(30)
  expect(facts.churnBytesPerDay).toMatchObject({ value: 12e9, unit: 'B/d' })
  expect(facts.sourceStagingFreeBytes).toMatchObject({ value: 1000, unit: 'B' })
})

test('settings are understood: what belongs to one hypervisor, what a card’s VLAN is, cloud-init', async () => {
  const { audit } = await audited()
  expect(audit).toMatchObject({
    localDevices: ['hostpci0', 'ide2'],
    cloudInit: true,
    cpuType: 'kvm64',
    agentEnabled: true,
    agent: true,
    qmp: false,
    missingTools: [],
    cards: [{ slot: 'net0', vlan: 20 }],
    disks: [{ slot: 'scsi0', format: 'qcow2', sizeBytes: 512 * 1024 ** 2, usedBytes: 512 * 1024 ** 2 }],
    sourceMissingRights: [],
    targetMissingRights: [],
  })
  expect(audit.guestFiles?.map(({ addresses }) => addresses)).toEqual([
    ['10.80.1.30'],
    ['10.80.1.30'],
    ['10.80.1.30'],
  ])
})

test('a machine on another node is said to be there', async () => {
  const { audit } = await audited(
    onHttp(/10\.80\.1\.60.*\/config/, refused(500, 'Configuration file does not exist\n')),
    onHttp(/10\.80\.1\.60.*\/resources/, { body: { data: [{ id: 'qemu/101', vmid: 101, node: 'other' }] } }),
  )
  expect([audit.found, audit.foundOnNode]).toEqual([false, 'other'])
})

test('a token that may see nothing: the rights that it lacks are what is said', async () => {
  const { audit } = await audited(
    onHttp(/permissions/, { body: { data: {} } }),
    onHttp(
      /\/(config|current|content|get-osinfo)/,
      refused(403, 'Permission check failed (/vms/101, VM.Audit)\n'),
    ),
  )
  expect(audit.sourceMissingRights?.[0]).toMatchObject({
    path: '/vms/101',
    privileges: expect.arrayContaining(['VM.Audit', 'VM.PowerMgmt']),
    wanted: expect.arrayContaining(['VM.Backup', 'VM.Migrate']),
  })
  expect(audit.targetMissingRights?.map(({ path }) => path)).toContain('/sdn/zones/localnetwork/vmbr9')
})

test('one door closed does not hide what is behind the others', async () => {
  const { audit } = await audited(
    onHttp(source, new Failure({ key: 'transport.http.failed', values: { at: 'x' } }, { code: 'no-answer' })),
    onCommand(
      'toulouse-hypervisor: which',
      new Failure({ key: 'transport.unreachable' }, { code: 'unreachable' }),
    ),
  )
  expect(audit.sourceApiFailure?.text.key).toBe('transport.http.failed')
  expect(audit.targetSshFailure?.text.key).toBe('transport.unreachable')
  expect(audit).toMatchObject({ targetVersion: '9.1', sourceStagingFreeBytes: 1000 })
  expect(audit.found).toBeUndefined()
})

test.each([
  ['QEMU guest agent is not running\n', 500, false],
  ['Permission check failed\n', 403, undefined],
])('the agent: %s', async (message, status, expected) => {
  const { audit } = await audited(onHttp(/get-osinfo/, refused(status, message)))
  expect(audit.agent).toBe(expected)
})

test('a number that the token may not see is taken all the same', async () => {
  const { audit } = await audited(
    onHttp(/10\.80\.2\.60.*nextid/, refused(400, 'Parameter verification failed.\n')),
  )
  expect(audit.targetVmidHolder).toEqual({ name: '', node: '', ours: false })
})

test('a network of PVE’s SDN is up, and its rights are not those of a local bridge', async () => {
  const { audit } = await audited(
    onHttp(/10\.80\.2\.60.*\/network\?/, { body: { data: [{ iface: 'vmbr0', type: 'vnet' }] } }),
    onHttp(/permissions/, { body: { data: {} } }),
  )
  expect(audit.targetBridges).toMatchObject([{ name: 'vmbr0', active: true }])
  const paths = audit.targetMissingRights?.map(({ path }) => path).filter(path => path.startsWith('/sdn'))
  expect(paths).toEqual(['/sdn/zones/localnetwork/vmbr9'])
})

test('before PVE 8 no right was needed for a bridge', () => {
  const rights = rightsFor(proxmoxVm.specOf(machineComponent()), 'target', '7.4', { disks: [] })
  expect(rights.filter(({ path }) => path.startsWith('/sdn'))).toEqual([])
})

test('before PVE 9 one privilege stood for the agent', () => {
  const rights = rightsFor(proxmoxVm.specOf(machineComponent()), 'source', '8.4', { disks: [] })
  const all = rights.flatMap(({ privileges }) => privileges)
  expect(all).toContain('VM.Monitor')
  expect(all.filter(name => name.includes('GuestAgent'))).toEqual([])
})

test('addresses are whole, and once; what is commented out is none', () => {
  const text = '# 10.0.0.9\n10.0.0.1 a\nx=10.0.0.1/24,1.2.3.4.5 999.1.1.1 10.0.0.12.\n  #10.0.0.8'
  expect(addressesIn(text)).toEqual(['10.0.0.1', '10.0.0.12'])
})
