import { describe, expect, test } from 'vitest'
import { type ChangePve, changePve } from '../../src/kinds/proxmox-vm/client/change.ts'
import { type Guest, guestOf } from '../../src/kinds/proxmox-vm/client/guest.ts'
import { type ReadPve, readPve } from '../../src/kinds/proxmox-vm/client/read.ts'
import type { Json } from '../../src/model/json.ts'
import { recordingIo } from '../doubles/recording.ts'
import { type HttpCall, onHttp } from '../doubles/recording-answers.ts'
import { askedOf, at, data, secrets, taskAnswers, upid } from '../helpers/proxmox-api.ts'
import { absent, loadPveSchema } from '../helpers/pve-schema.ts'

const schema = await loadPveSchema()

/** Every helper once with all that it can be given: a helper that is not here makes the last test fail. */
const reading: Record<keyof ReadPve, (pve: ReadPve) => Promise<unknown>> = {
  version: pve => pve.version(),
  permissions: pve => pve.permissions(),
  resources: pve => pve.resources('vm'),
  nextId: pve => pve.nextId(101),
  nodes: pve => pve.nodes(),
  bridges: pve => pve.bridges(),
  storages: pve => pve.storages(),
  content: pve => pve.content('local', { content: 'images', vmid: 101 }),
  cpuModels: pve => pve.cpuModels(),
  config: pve => pve.config({ pending: true }),
  status: pve => pve.status(),
  snapshots: pve => pve.snapshots(),
  replication: pve => pve.replication(),
  activeTasks: pve => pve.activeTasks(),
  taskStatus: pve => pve.taskStatus(upid),
  taskLog: pve => pve.taskLog(upid, 50, 500),
}
const endpoint = {
  host: '10.80.2.60',
  port: 8006,
  token: 'bascule@pve!move',
  secret: 'b0a7c2de-5d8f-4f0e-9a51-2f6f3c1d7e90',
  fingerprint: at.api.fingerprint,
}
const dump = {
  storage: 'local',
  mode: 'snapshot',
  compress: 'zstd',
  bwlimit: 10_000,
  'notes-template': '{{guestname}}',
  protected: true,
  remove: false,
} as const
const changing: Record<keyof ChangePve, (pve: ChangePve) => Promise<unknown>> = {
  follow: pve => pve.follow(upid),
  stopTask: pve => pve.stopTask(upid),
  configure: pve =>
    pve.configure(
      {
        onboot: false,
        net0: 'virtio=BC:24:11:0A:01:1E,bridge=vmbr0',
        ipconfig0: 'ip=10.80.2.30/24,gw=10.80.2.1',
      },
      { remove: ['net1', 'usb0'], digest: 'a'.repeat(40) },
    ),
  create: pve =>
    pve.create({
      name: 'auth',
      memory: '512',
      cores: '1',
      cpu: 'Westmere',
      ostype: 'l26',
      scsihw: 'virtio-scsi-single',
      scsi0: 'local:101/vm-101-disk-0.qcow2,size=512M',
      net0: 'virtio=BC:24:11:0A:01:1E,bridge=vmbr0,tag=20',
      boot: 'order=scsi0',
      agent: '1',
      description: 'made by bascule',
    }),
  restore: pve =>
    pve.restore({
      archive: 'local:backup/vzdump-qemu-101-2026_12_12-22_00_00.vma.zst',
      storage: 'local',
      unique: false,
      force: true,
      start: false,
      bwlimit: 0,
      settings: { onboot: '0', name: 'auth-test', description: 'made by bascule', protection: '0' },
    }),
  destroy: pve => pve.destroy({ purge: true, destroyUnreferenced: true }),
  start: pve => pve.start({ timeoutSeconds: 120 }),
  shutdown: pve => pve.shutdown({ timeoutSeconds: 59.5, forceStop: true }),
  stop: pve => pve.stop(),
  dump: pve => pve.dump(dump),
  remoteMigrate: pve =>
    pve.remoteMigrate({
      endpoint,
      targetVmid: 101,
      storages: 'local:local',
      bridges: 'vmbr0:vmbr0',
      online: true,
      delete: false,
      bwlimit: 25_000,
    }),
  deleteVolume: pve => pve.deleteVolume('local:101/vm-101-disk-0.qcow2'),
  writeGuestFile: pve => pve.writeGuestFile('/etc/hosts', '127.0.0.1 café\n'),
}
const inGuest: Record<keyof Guest, (guest: Guest) => Promise<unknown>> = {
  answers: guest => guest.answers(),
  osInfo: guest => guest.osInfo(),
  hostName: guest => guest.hostName(),
  interfaces: guest => guest.interfaces(),
  readFile: guest => guest.readFile('/etc/hosts'),
  run: guest => guest.run(['wget', '-qO-', 'http://127.0.0.1/'], { input: 'x', timeoutSeconds: 5 }),
}

/** Enough of an answer for each helper to come to its end. */
function answerOf({ method, path }: ReturnType<typeof askedOf>): Json {
  if (path.endsWith('/agent/exec')) return { pid: 7 }
  if (path.endsWith('/exec-status')) return { exited: 1, exitcode: 0 }
  if (path.endsWith('/file-read')) return { content: '' }
  if (path.includes('/agent/')) return { result: { 'host-name': 'auth' } }
  if (path.endsWith('/nextid')) return '101'
  return method === 'GET' ? [] : upid
}

async function requestsOf(use: (io: ReturnType<typeof recordingIo>) => Promise<unknown>) {
  const answers = [...taskAnswers(), onHttp(/./, call => data(answerOf(askedOf(call))))]
  const io = recordingIo({ secrets, answers })
  await use(io)
  return io.calls.filter((call): call is HttpCall => call.method === 'http')
}

const helpers: [string, (io: ReturnType<typeof recordingIo>) => Promise<unknown>][] = [
  ...Object.entries(reading).map(([name, use]) => [name, io => use(readPve(at, io))] as (typeof helpers)[0]),
  ...Object.entries(changing).map(
    ([name, use]) => [name, io => use(changePve(at, io))] as (typeof helpers)[0],
  ),
  ...Object.entries(inGuest).map(([name, use]) => [name, io => use(guestOf(at, io))] as (typeof helpers)[0]),
]

test('no helper is left out', () => {
  const io = recordingIo({ secrets })
  const all = [readPve(at, io), changePve(at, io), guestOf(at, io)].flatMap(Object.keys)
  expect(helpers.map(([name]) => name).sort()).toEqual(all.sort())
})

test.each(helpers)(
  '%s: the token, the certificate and the API’s path go with every request',
  async (_, use) => {
    for (const { request } of await requestsOf(use)) {
      expect(request.url).toMatch(/^https:\/\/10\.80\.2\.60:8006\/api2\/json\//)
      expect(request.pinnedCertificateSha256).toBe(at.api.fingerprint)
      expect(request.headers?.authorization).toBe(
        'PVEAPIToken=bascule@pve!move=b0a7c2de-5d8f-4f0e-9a51-2f6f3c1d7e90',
      )
      expect(request.url).not.toContain('b0a7c2de')
    }
  },
)

test.each(Object.entries(reading))('%s only reads', async (_, use) => {
  const calls = await requestsOf(io => use(readPve(at, io)))
  expect(calls.map(({ request }) => request.method)).toEqual(['GET'])
})

describe.skipIf(!schema)(schema ? 'as PVE’s own schema has them' : absent, () => {
  test.each(helpers)('%s', async (_, use) => {
    const asked = (await requestsOf(use)).map(askedOf)
    expect(asked.length).toBeGreaterThan(0)
    for (const { method, path, params } of asked)
      expect({ method, path, problems: schema?.checkRequest(method, path, params) }).toEqual({
        method,
        path,
        problems: [],
      })
  })
})
