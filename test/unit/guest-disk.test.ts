import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAppendLog, readAppendLog } from '../../lab/estate/common/append-log.ts'
import { parseSiteNetworks, siteByAddress } from '../../lab/estate/common/site.ts'
import { hashOf } from '../../lab/guest/cache.ts'
import { diskBytes, partitionTable, rootPartition } from '../../lab/guest/disk.ts'
import { type GuestIdentity, identityFiles } from '../../lab/guest/identity.ts'
import { parseLdd } from '../../lab/guest/libraries.ts'
import { modulesInOrder, needsOf } from '../../lab/guest/modules.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const directory = temporaryFolder('guest-disk')

describe('the parts of a guest', () => {
  const module = (depends: string, more = '') => `ELF\0license=GPL\0depends=${depends}\0${more}name=x\0`

  it('loads drivers after what they need, each once, whatever dash their name is written with', () => {
    const modules = join(directory, 'modules')
    mkdirSync(join(modules, 'net'), { recursive: true })
    writeFileSync(join(modules, 'virtio-net.ko'), module('net_failover,virtio'))
    writeFileSync(join(modules, 'net', 'net_failover.ko'), module('failover'))
    writeFileSync(join(modules, 'net', 'failover.ko'), module(''))
    writeFileSync(join(modules, 'virtio.ko'), module('', 'softdep=pre: crc post: late\0'))
    writeFileSync(join(modules, 'crc.ko'), module(''))
    const order = modulesInOrder(modules, ['virtio_net', 'virtio', 'built_in'])
    const names = ['failover', 'net_failover', 'crc', 'virtio', 'virtio-net']
    expect(order.map(file => file.split('/').at(-1))).toEqual(names.map(name => `${name}.ko`))
  })

  it('reads what a module needs from itself', () => {
    expect(needsOf(Buffer.from(module('a,b', 'softdep=pre: c d\0')))).toEqual(['a', 'b', 'c', 'd'])
    expect(needsOf(Buffer.from('ELF\0'))).toEqual([])
  })

  it('takes the libraries and the loader, not what the kernel provides', () => {
    const said = `\tlinux-vdso.so.1 (0x00007f)\n\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f)
\tlibgone.so => not found\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n`
    expect(parseLdd(said)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2'])
  })

  it('has two partitions that lie side by side and end with the disk', () => {
    const sector = partitionTable(Buffer.alloc(440, 0x90))
    const field = (index: number, at: number) => sector.readUInt32LE(446 + index * 16 + at)
    expect([sector[446], sector[462]]).toEqual([0x80, 0])
    expect(field(0, 8) + field(0, 12)).toBe(field(1, 8))
    expect((field(1, 8) + field(1, 12)) * 512).toBe(diskBytes)
    expect(field(1, 8) * 512).toBe(rootPartition.startBytes)
    expect(sector.readUInt16LE(510)).toBe(0xaa55)
  })

  it('is another one as soon as a byte, a name or a text is', () => {
    const tree = join(directory, 'tree')
    mkdirSync(tree)
    writeFileSync(join(tree, 'a'), 'one')
    const first = hashOf([tree], ['x', 'y'])
    expect(hashOf([tree], ['x', 'y'])).toBe(first)
    expect(hashOf([tree], ['xy'])).not.toBe(first)
    writeFileSync(join(tree, 'a'), 'two')
    expect(hashOf([tree], ['x', 'y'])).not.toBe(first)
  })
})

describe('what makes a disk one guest’s', () => {
  const identity: GuestIdentity = {
    program: 'auth',
    address: '10.80.1.30/20',
    gateway: '10.80.1.1',
    others: { database: '10.80.1.10' },
    environment: { PGHOST: 'database', PGPASSWORD: "it's" },
  }
  const content = (path: string) => identityFiles(identity).find(file => file.path === path)

  it('names addresses in two files, whole and alone', () => {
    expect(content('/etc/network/interfaces')?.content).toContain(
      '    address 10.80.1.30\n    netmask 255.255.240.0\n    gateway 10.80.1.1\n',
    )
    expect(content('/etc/hosts')?.content).toBe('127.0.0.1 localhost\n10.80.1.30 auth\n10.80.1.10 database\n')
    const elsewhere = identityFiles(identity).filter(({ content }) => content.includes('10.80.'))
    expect(elsewhere).toHaveLength(2)
  })

  it('keeps secrets from everyone but root, quoted for a shell', () => {
    const file = content('/etc/estate/program.env')
    expect(file?.mode).toBe(0o600)
    expect(file?.content).toContain(`PGPASSWORD='it'\\''s'\n`)
    expect(file?.content).toContain(`STATE_DIRECTORY='/var/lib/estate/auth'\n`)
  })
})

describe('state on a disk', () => {
  it('reads back what was acknowledged, and leaves out a line torn by a power cut', async () => {
    const file = join(directory, 'log')
    const log = openAppendLog<number>(file, [1])
    await Promise.all([log.append(2), log.append(3)])
    await log.append(4)
    expect(readAppendLog(file)).toEqual([1, 2, 3, 4])
    writeFileSync(file, '1\n2\n{"to')
    expect(readAppendLog(file)).toEqual([1, 2])
    writeFileSync(file, '1\n{"to\n2\n')
    expect(() => readAppendLog(file)).toThrow(`${file}:2 is damaged`)
  })

  it('tells its site from its address', () => {
    expect(siteByAddress(parseSiteNetworks('a=198.51.100.0/24,b=127.0.0.0/8'))).toBe('b')
    expect(siteByAddress(parseSiteNetworks('a=198.51.100.0/24'))).toBe('nowhere')
    expect(parseSiteNetworks('')).toEqual(new Map())
    expect(() => parseSiteNetworks('a=elsewhere')).toThrow('a=elsewhere is not NAME=NETWORK/LENGTH')
  })
})
