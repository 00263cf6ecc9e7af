import { describe, expect, it } from 'vitest'
import { named, parseWriters } from '../../src/kinds/files/fence.ts'
import { kernelWriters, parseMountTables, placesOf } from '../../src/kinds/files/mounts.ts'

const tables = (...lines: string[]) => parseMountTables(['tree /srv/files', ...lines, ''].join('\n'))
const root = 'mount 20 1 8:1 / / rw,relatime shared:1 - ext4'
const fence = 'mount 90 20 8:1 /srv/files /srv/files ro,relatime shared:9 - ext4'
const placesAt = (...lines: string[]) =>
  placesOf(tables(...lines)).map(({ pid, path, isWritable, isReached }) =>
    [pid, path, isWritable ? 'writable' : 'read-only', isReached ? 'reached' : 'passed'].join(' '),
  )

describe('where a tree can be written', () => {
  it('is its own path before the fence, and nowhere after it', () => {
    expect(placesAt('process 0 -', root)).toEqual(['0 /srv/files writable reached'])
    expect(placesAt('process 0 -', root, fence)).toEqual(['0 /srv/files read-only reached'])
  })

  it('is a second mount of it, of what it is in, or of a part of it', () => {
    const second = [
      'mount 30 20 8:1 /srv /export rw shared:1 - ext4',
      'mount 31 20 8:1 /srv/files/a /home/a\\040b rw shared:31 - ext4',
      'mount 32 20 8:2 /srv/files /other rw - ext4',
      'mount 33 20 8:1 /srv/files2 /beside rw - ext4',
    ]
    expect(placesAt('process 0 -', root, ...second, fence)).toEqual([
      '0 /srv/files read-only reached',
      '0 /export/files writable passed',
      '0 /home/a b writable passed',
    ])
  })

  it('is not what another mount covers', () => {
    const covered = ['mount 30 20 8:1 /srv /export rw - ext4', 'mount 31 30 0:40 / /export/files rw - tmpfs']
    expect(placesAt('process 0 -', root, ...covered, fence)).toEqual(['0 /srv/files read-only reached'])
  })

  it('is a file system that is mounted in it, wherever else that is mounted', () => {
    const nested = [
      'mount 40 20 8:3 / /srv/files/big rw shared:4 - xfs',
      'mount 41 20 8:3 / /mnt/big rw - xfs',
      fence,
      'mount 91 90 8:3 / /srv/files/big ro shared:10 - xfs',
    ]
    expect(placesAt('process 0 -', root, ...nested)).toEqual([
      '0 /srv/files read-only reached',
      '0 /srv/files/big read-only reached',
      '0 /mnt/big writable passed',
    ])
  })

  it('is the view of a service that a mount reaches, or does not', () => {
    const others = [
      ...['process 50 slave', 'mount 120 1 8:1 / / rw master:1 - ext4'],
      ...['process 60 private', 'mount 121 1 8:1 / / rw - ext4'],
      ...['process 70 strict', 'mount 122 1 8:1 / / ro master:1 - ext4'],
      ...['process 80 container', 'mount 123 1 0:50 / / rw - overlay'],
      'mount 124 123 8:1 /srv/files /data rw - ext4',
    ]
    expect(placesAt('process 0 -', root, ...others)).toEqual([
      '0 /srv/files writable reached',
      '50 /srv/files writable reached',
      '60 /srv/files writable passed',
      '70 /srv/files read-only reached',
      '80 /data writable passed',
    ])
  })

  it('is known of a tree with a disk of its own, and of nothing when nothing was said', () => {
    const disk = 'mount 21 20 8:9 / /srv/files rw shared:3 - xfs'
    expect(placesAt('process 0 -', root, disk)).toEqual(['0 /srv/files writable reached'])
    expect(placesOf(parseMountTables(''))).toEqual([])
  })
})

it('the kernel writes to exports that have to do with the tree, and to disks that are files in it', () => {
  const known = tables(
    ...['kernel nfsd /srv', 'kernel nfsd /srv/files/a\\040b', 'kernel nfsd /srv/files2', 'kernel nfsd /home'],
    ...['kernel loop0 /srv/files/disk.img', 'kernel loop1 /srv'],
  )
  expect(named(kernelWriters(known))).toBe('nfsd (/srv), nfsd (/srv/files/a b), loop0 (/srv/files/disk.img)')
})

it('processes are named with what they hold, the first ten', () => {
  expect(named(parseWriters('812\tsmbd\t/srv/files/a b\n'))).toBe('812 smbd (/srv/files/a b)')
  const many = Array.from({ length: 11 }, (_, at) => `${at + 1}\tp\t/f\n`).join('')
  expect(named(parseWriters(many))).toMatch(/10 p \(\/f\), …$/)
})
