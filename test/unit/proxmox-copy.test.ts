import { describe, expect, it } from 'vitest'
import { fetchOnto, fetchOntoDevice, hash, send } from '../../src/kinds/proxmox-vm/transfer/commands.ts'
import { copyReader, parseHash, parseProgress } from '../../src/kinds/proxmox-vm/transfer/output.ts'
import { copyFailure } from '../../src/kinds/proxmox-vm/transfer/run.ts'

const there = { address: '192.0.2.61', become: 'runuser' } as const

describe('the rsync that sends an archive', () => {
  const argv = send(there, { from: '/dump/a.vma.zst', to: '/dump/.p/a.vma.zst', limitMbps: 80 })

  it('keeps what has arrived, for its owner alone', () => {
    expect(argv).toContain('--inplace')
    expect(argv).toContain('--no-whole-file')
    expect(argv.slice(argv.indexOf('-p'), argv.indexOf('-p') + 2)).toEqual(['-p', '--chmod=F0600'])
  })

  it('stays under the plan’s limit: 80 Mbit/s are 10 000 decimal KB/s', () => {
    expect(argv).toContain('--bwlimit=10000KB')
    expect(send(there, { from: '/a', to: '/b' }).some(word => word.startsWith('--bwlimit'))).toBe(false)
  })

  it('gives paths after --, and through the protocol, never through the far shell', () => {
    expect(argv.slice(-3)).toEqual(['--', '/dump/a.vma.zst', '192.0.2.61:/dump/.p/a.vma.zst'])
    expect(argv).toContain('-s')
  })

  it('never asks, and notices that the link is gone', () => {
    const shell = argv[argv.indexOf('-e') + 1]
    expect(shell).toMatch(/BatchMode=yes.*ServerAliveInterval=5/)
  })

  it('becomes root by sudo only where root is not who logs in', () => {
    expect(argv.some(word => word.startsWith('--rsync-path'))).toBe(false)
    expect(send({ ...there, become: 'sudo' }, { from: '/a', to: '/b' })).toContain(
      '--rsync-path=sudo -n rsync',
    )
  })

  it('puts an IPv6 address in brackets', () => {
    expect(send({ ...there, address: '2001:db8::61' }, { from: '/a', to: '/b' }).at(-1)).toBe(
      '[2001:db8::61]:/b',
    )
  })
})

describe('the rsync that brings a disk home', () => {
  it('makes the new image beside the old one, which stays whole until then', () => {
    const argv = fetchOnto(there, { from: '/i/t.qcow2', onto: '/i/s.qcow2', temporary: '/i/.home' })
    expect(argv).toContain('--temp-dir=/i/.home')
    expect(argv).not.toContain('--inplace')
    expect(argv).toContain('--no-whole-file')
    expect(argv.slice(-2)).toEqual(['192.0.2.61:/i/t.qcow2', '/i/s.qcow2'])
  })

  it('writes a block device in place', () => {
    const argv = fetchOntoDevice(there, { from: '/dev/pve/t', onto: '/dev/pve/s' })
    expect(argv).toContain('--write-devices')
    expect(argv).toContain('--copy-devices')
    expect(argv.some(word => word.startsWith('--temp-dir'))).toBe(false)
  })
})

describe('what is read from their output', () => {
  it('tells progress and the bytes of the wire in the content’s direction', () => {
    const told: number[] = []
    const lines = [
      '      65536  56%   60.00MB/s    0:00:01',
      '     116260864 100%  734.06MB/s    0:00:00 (xfr#1, to-chk=0/1)',
      'Total file size: 116260864 bytes',
      'Total bytes sent: 49455',
      'Total bytes received: 503623',
    ]
    const fetched = copyReader('received', bytes => told.push(bytes))
    const sent = copyReader('sent')
    for (const line of lines) {
      fetched.onLine(line)
      sent.onLine(line)
    }
    expect(told).toEqual([65536, 116260864])
    expect(fetched.report()).toEqual({ imageBytes: 116260864, sentBytes: 503623 })
    expect(sent.report().sentBytes).toBe(49455)
    expect(parseProgress('Total file size: 5 bytes')).toBeUndefined()
  })

  it('takes a hash, of a quoted path too, and nothing else', () => {
    const figures = 'a'.repeat(64)
    expect(parseHash(`${figures} */i/d.qcow2\n`)).toBe(figures)
    expect(parseHash(`\\${figures} */i/d\\n.qcow2\n`)).toBe(figures)
    expect(parseHash('sha256sum: /i/d.qcow2: No such file or directory')).toBeUndefined()
    expect(hash('/i/-d').slice(-2)).toEqual(['--', '/i/-d'])
  })
})

describe('a copy that fails says', () => {
  const copying = {
    component: 'auth-machine',
    at: 'montpellier-hypervisor',
    other: { ssh: 'toulouse-hypervisor', address: '192.0.2.61' },
    into: { ssh: 'toulouse-hypervisor', path: '/dump/a' },
  }
  it.each([
    [11, 'rsync: write failed on "/dump/a": No space left on device (28)', 'full'],
    [255, 'root@192.0.2.61: Permission denied (publickey).', 'refused'],
    [127, 'bash: rsync: command not found', 'missing'],
    [12, 'rsync: connection unexpectedly closed', 'link'],
    [23, 'rsync: something else', 'failed'],
  ])('after %i, %s: %s', (exitCode, stderr, reason) => {
    const failure = copyFailure({ exitCode, stderr, stdout: '' }, copying)
    expect(failure.text.key).toBe(`proxmox-vm.copy.${reason}`)
    expect(failure.remedy?.key).toBe(`proxmox-vm.copy.${reason}.remedy`)
    expect(failure.text.values?.detail).toBe(stderr)
  })
})
