import { describe, expect, it } from 'vitest'
import {
  formatArchiveConfig,
  splitArchiveConfig,
} from '../../lab/hypervisor/machines/backup/archive-config.ts'
import { formatDuration, formatProgress, momentInName } from '../../lab/hypervisor/machines/backup/words.ts'
import {
  drivesOf,
  formatNic,
  formatSize,
  nicsOf,
  parseNic,
  parseSize,
} from '../../lab/hypervisor/machines/config/properties.ts'
import { digestOf, formatConfig, parseConfig } from '../../lab/hypervisor/machines/config/text.ts'
import { parseStorages } from '../../lab/hypervisor/machines/storage/configuration.ts'

const text = `#Authentification %3A étudiants
#second line
agent: 1
boot: order=scsi0
ide2: none,media=cdrom
name: auth
net0: virtio=BC:24:11:00:00:65,bridge=vmbr0,tag=20
parent: before
scsi0: local:101/vm-101-disk-0.qcow2,size=512M

[before]
#as it was
name: auth
scsi0: local:101/vm-101-disk-0.qcow2,size=512M
snaptime: 1795000000
`

describe('a configuration', () => {
  it('is read with its description and its snapshots, and written as it was', () => {
    const config = parseConfig(text)
    expect(config.current.description).toBe('Authentification : étudiants\nsecond line')
    expect(config.current.net0).toBe('virtio=BC:24:11:00:00:65,bridge=vmbr0,tag=20')
    expect(config.snapshots.before).toMatchObject({ snaptime: '1795000000', description: 'as it was' })
    expect(parseConfig(formatConfig(config))).toEqual(config)
    const plain = text.replace(/^#Auth.*$/m, '#Auth')
    expect(formatConfig(parseConfig(plain))).toBe(plain)
  })

  it('has the digest that PVE shows: SHA-1 of the file', () => {
    expect(digestOf('name: auth\n')).toBe('c3d88c59102c64f00fd8fa2b4ead0daf95e049e7')
    expect(digestOf('')).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709')
  })

  it('names drives and cables; a CD drive is no disk', () => {
    const { current } = parseConfig(text)
    expect(drivesOf(current)).toEqual([
      { key: 'scsi0', volid: 'local:101/vm-101-disk-0.qcow2', options: { size: '512M' } },
    ])
    expect(nicsOf(current)).toMatchObject([
      { key: 'net0', model: 'virtio', mac: 'BC:24:11:00:00:65', bridge: 'vmbr0', options: { tag: '20' } },
    ])
    for (const nic of ['virtio=BC:24:11:00:00:65,bridge=vmbr0,tag=20', 'e1000=BC:24:11:00:00:66'])
      expect(formatNic(parseNic('net0', nic))).toBe(nic)
    expect(parseNic('net0', 'model=virtio,macaddr=BC:24:11:00:00:67,bridge=vmbr1').mac).toBe(
      'BC:24:11:00:00:67',
    )
  })

  it('gives sizes in the largest unit that fits', () => {
    for (const size of ['512M', '4G', '1025K', '1T', '1000'])
      expect(formatSize(parseSize(size) ?? 0)).toBe(size)
    expect(parseSize('0.5G')).toBe(2 ** 29)
    expect(parseSize('much')).toBeUndefined()
  })
})

describe('what goes into an archive', () => {
  it('is the configuration without lock and snapshots, and where each disk was', () => {
    const { current } = parseConfig(text)
    const archived = formatArchiveConfig({ ...current, lock: 'backup' }, { scsi0: 'qcow2' })
    expect(archived).toMatch(/\n#qmdump#map:scsi0:drive-scsi0:local:qcow2:\n$/)
    expect(archived).not.toMatch(/^(lock|parent|snaptime):/m)
    const { config, drives } = splitArchiveConfig(archived)
    expect(drives).toEqual([{ key: 'scsi0', device: 'drive-scsi0', storage: 'local', format: 'qcow2' }])
    const { parent: _, ...kept } = current
    expect(parseConfig(config).current).toEqual(kept)
  })

  it('is told in PVE’s words', () => {
    expect(momentInName(new Date(2026, 10, 22, 8, 5, 9))).toBe('2026_11_22-08_05_09')
    expect(formatDuration(3725)).toBe('01:02:05')
    const progress = {
      doneBytes: 2 ** 28,
      totalBytes: 2 ** 29,
      seconds: 2,
      readPerSecond: 2 ** 27,
      writePerSecond: 0,
    }
    expect(formatProgress(progress)).toBe(
      ' 50% (256.0 MiB of 512.0 MiB) in 2s, read: 128.0 MiB/s, write: 0 B/s',
    )
  })
})

describe('storages', () => {
  it('are read from PVE’s own file', () => {
    const file =
      'dir: local\n\tpath /srv/pve\n\tcontent images,backup\n\nlvmthin: thin\n\tvgname pve\n\tdisable\n'
    expect(parseStorages(file)).toEqual([
      {
        name: 'local',
        type: 'dir',
        content: ['images', 'backup'],
        disabled: false,
        properties: { path: '/srv/pve' },
      },
      { name: 'thin', type: 'lvmthin', content: ['images'], disabled: true, properties: { vgname: 'pve' } },
    ])
  })
})
