import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseEndpoint, parseIdMap } from '../../lab/hypervisor/api/routes/migrate-maps.ts'
import { node, openTestApi, type PaperApi, rights } from '../helpers/hypervisor-api.ts'

let api: PaperApi
beforeEach(async () => {
  api = await openTestApi()
})
afterEach(() => api.close())
const machine = (vmid: number, rest = '') => `/nodes/${node}/qemu/${vmid}${rest}`
const set = (vmid: number, settings: Record<string, string>) =>
  Object.assign(api.site.machines.get(vmid)?.config ?? {}, settings)
const reason = async (method: string, path: string, given = {}) => (await api.ask(method, path, given)).reason
const archive = 'local:backup/vzdump-qemu-101-2026_01_02-03_04_05.vma.zst'

describe('PVE refuses at once', () => {
  it('to make a machine where one is', async () => {
    expect(await reason('POST', `/nodes/${node}/qemu`, { vmid: 101 })).toBe(
      `unable to create VM 101 - VM 101 already exists on node '${node}'`,
    )
    expect(await reason('POST', `/nodes/${node}/qemu`, { vmid: 101, archive })).toBe(
      `unable to restore VM 101 - VM 101 already exists on node '${node}'`,
    )
  })

  it('to restore over one that is locked', async () => {
    set(102, { lock: 'migrate' })
    expect(await reason('POST', `/nodes/${node}/qemu`, { vmid: 102, archive, force: 1 })).toBe(
      'unable to restore VM 102 - VM is locked (migrate)',
    )
  })

  it('a disk beside an archive, or what is no archive', async () => {
    const answer = await api.ask('POST', `/nodes/${node}/qemu`, { vmid: 300, archive, scsi0: 'local:1' })
    expect(answer.errors).toEqual({ scsi0: "option conflicts with option 'archive'" })
    expect(await reason('POST', `/nodes/${node}/qemu`, { vmid: 300, archive: 'local:iso/a.iso' })).toBe(
      "unable to use volume local:iso/a.iso - content type needs to be 'backup'",
    )
    expect(await reason('POST', `/nodes/${node}/qemu`, { vmid: 300, archive, 'live-restore': 1 })).toBe(
      'live-restore is only compatible with backup images from a Proxmox Backup Server',
    )
  })

  it('to remove one that runs, is protected or is under HA', async () => {
    expect(await reason('DELETE', machine(101))).toBe('VM 101 is running - destroy failed')
    writeFileSync(join(api.root, 'etc/pve/ha/resources.cfg'), 'vm: 102\n\tstate started\n')
    expect(await reason('DELETE', machine(102))).toBe(
      'unable to remove VM 102 - used in HA resources and purge parameter not set.',
    )
    set(102, { protection: '1' })
    expect(await reason('DELETE', machine(102))).toBe("can't remove VM 102 - protection mode enabled")
  })

  it('changes that say nothing, or two things at once', async () => {
    expect(await reason('PUT', machine(102, '/config'))).toBe('no options specified')
    expect((await api.ask('PUT', machine(102, '/config'), { name: 'a', delete: 'name' })).errors).toEqual({
      delete: "you can't use '-name' and -delete name' at the same time",
    })
    expect((await api.ask('PUT', machine(102, '/config'), { delete: 'colour' })).errors).toEqual({
      delete: "unknown option 'colour'",
    })
  })

  it('an upload of a backup: only images and templates are taken', async () => {
    const given = { content: 'backup', filename: 'vzdump-qemu-101-2026_01_02-03_04_05.vma.zst' }
    expect((await api.ask('POST', `/nodes/${node}/storage/local/upload`, given)).errors).toEqual({
      content: "value 'backup' does not have a value in the enumeration 'iso, vztmpl, import'",
    })
  })

  it('a storage that is not there, or takes no backups', async () => {
    expect(await reason('GET', `/nodes/${node}/storage/nas/content`)).toBe("storage 'nas' does not exist")
    expect(await reason('POST', `/nodes/${node}/vzdump`, { vmid: 101, storage: 'thin' })).toBe(
      "can't use storage 'thin' for backups - wrong content type",
    )
  })

  it('to suspend or resume one that is off', async () => {
    for (const act of ['suspend', 'resume']) {
      expect(await reason('POST', machine(102, `/status/${act}`))).toBe('VM 102 not running')
      expect(await api.task('POST', machine(101, `/status/${act}`))).toBe('OK')
    }
  })

  it('a snapshot named as what is no snapshot', async () => {
    expect(await reason('POST', machine(101, '/snapshot'), { snapname: 'current' })).toBe(
      "unable to use snapshot name 'current' (reserved name)",
    )
  })
})

describe('PVE refuses in the task', () => {
  it('to start what runs or is locked', async () => {
    expect(await api.task('POST', machine(101, '/status/start'))).toBe('VM 101 already running')
    set(102, { lock: 'backup' })
    expect(await api.task('POST', machine(102, '/status/start'))).toBe('VM is locked (backup)')
  })
})

describe('a migration to another cluster', () => {
  const endpoint = () => {
    const { certificateFingerprint } = api.hypervisor
    const token = rights.full.replace('PVEAPIToken=', '')
    return `host=127.0.0.1,port=${api.port},apitoken=PVEAPIToken=${token},fingerprint=${certificateFingerprint}`
  }
  const given = (more: Record<string, string | number> = {}) => ({
    'target-vmid': 901,
    'target-endpoint': endpoint(),
    'target-storage': 'local',
    'target-bridge': 'vmbr0:vmbr1',
    ...more,
  })
  const migrate = (vmid: number, more = {}) => api.ask('POST', machine(vmid, '/remote_migrate'), given(more))

  it('asks the other side first, then goes', async () => {
    expect(await api.task('POST', machine(102, '/remote_migrate'), given())).toBe('OK')
    expect(api.site.done).toEqual(['migrate to 127.0.0.1 as 901 102'])
  })

  it('is not for one that runs, unless online; one that is off only warns of that', async () => {
    expect((await migrate(101)).reason).toBe("can't migrate running VM without --online")
    expect(await api.task('POST', machine(102, '/remote_migrate'), given({ online: 1 }))).toBe('WARNINGS: 1')
  })

  it('is not for one that is locked, under HA or replicated', async () => {
    writeFileSync(join(api.root, 'etc/pve/replication.cfg'), 'local: 102-0\n\ttarget lyon\n')
    expect((await migrate(102)).reason).toBe('cannot remote-migrate replicated VM')
    writeFileSync(join(api.root, 'etc/pve/ha/resources.cfg'), 'vm: 102\n')
    expect((await migrate(102)).errors).toEqual({
      vmid: 'cannot remote-migrate VM that is configured for HA',
    })
    set(102, { lock: 'migrate' })
    expect((await migrate(102)).reason).toBe('VM is locked (migrate)')
  })

  it('needs its storages named', async () => {
    expect((await migrate(102, { 'target-storage': '1' })).reason).toBe(
      'remote migration requires explicit storage mapping!',
    )
  })

  it('stops at snapshots and at devices of the node', async () => {
    await api.task('POST', machine(102, '/snapshot'), { snapname: 'before' })
    const status = () => api.task('POST', machine(102, '/remote_migrate'), given())
    expect(await status()).toBe(
      'Problem found while scanning volumes - remote migration with snapshots not supported yet',
    )
    set(102, { hostpci0: '01:00.0' })
    expect(await status()).toBe("can't migrate VM which uses local devices: hostpci0")
  })

  it('goes only to the certificate that was named, with a token that may ask', async () => {
    const other = endpoint().replace(/fingerprint=..:../, 'fingerprint=00:00')
    expect((await migrate(102, { 'target-endpoint': other })).reason).toMatch(
      /^fingerprint '.*' not verified, abort!/,
    )
    const bare = endpoint().replace(/full=secret-full/, 'bare=secret-bare')
    expect((await migrate(102, { 'target-endpoint': bare })).reason).toBe(
      '403 Permission check failed (/, Sys.Audit)',
    )
    const nowhere = endpoint().replace(/port=\d+/, 'port=1')
    expect((await migrate(102, { 'target-endpoint': nowhere })).reason).toMatch(
      /^500 Can't connect to 127\.0\.0\.1:1 \(.*ECONNREFUSED/,
    )
  })

  it('reads PVE’s maps and endpoints', () => {
    expect(parseIdMap('target-storage', 'a:b,c:d,e')).toEqual({
      map: { a: 'b', c: 'd', '*': 'e' },
      identity: false,
    })
    expect(parseIdMap('target-bridge', '1')).toEqual({ map: {}, identity: true })
    expect(() => parseEndpoint('host=a')).toThrow('Parameter verification failed.')
    expect(() => parseEndpoint('host=a,apitoken=u@pve!t=s,fingerprint=AA')).toThrow('401 No ticket')
  })
})

describe('a tunnel', () => {
  const upgrade = (headers: string, path = machine(105, '/mtunnelwebsocket?socket=%2Frun%2Fs&ticket=T')) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({
        port: api.port,
        host: '127.0.0.1',
        ca: api.certificate,
        servername: 'localhost',
      })
      let heard = ''
      socket.setEncoding('utf8').on('data', chunk => {
        heard += chunk
      })
      socket.once('end', () => resolve(heard.split('\r\n')[0] ?? ''))
      socket.once('error', reject)
      socket.write(
        `GET /api2/json${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: pve-tunnel\r\n${headers}\r\n`,
      )
    })

  it('is joined by whoever is signed in and shows its ticket', async () => {
    expect(await upgrade(`Authorization: ${rights.bare}\r\n`)).toBe('HTTP/1.1 101 Switching Protocols')
    expect(api.site.done).toEqual(['join /run/s T 105'])
  })

  it('is not opened for a number that is taken', async () => {
    expect((await api.ask('POST', machine(101, '/mtunnel'))).errors).toEqual({
      vmid: `unable to create empty VM config - VM 101 already exists on node '${node}'`,
    })
  })

  it('is closed to others, and there is no other', async () => {
    expect(await upgrade('')).toBe('HTTP/1.1 401 Authentication failed!')
    expect(await upgrade(`Authorization: ${rights.full}\r\n`, '/version')).toBe('HTTP/1.1 501 no such uri')
    expect(api.site.done).toEqual([])
  })
})
