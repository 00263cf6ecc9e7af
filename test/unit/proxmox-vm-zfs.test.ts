import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import {
  dropSnapshot,
  estimate,
  parseEstimate,
  resume,
  resumeToken,
  rollBack,
  send,
  snapshotName,
  takeSnapshots,
} from '../../src/adapters/proxmox-vm/ways/seed-and-delta/zfs.ts'

const receiver = { address: '192.0.2.61', dataset: 'rpool/data/vm-101-disk-0' }
const snapshots = [0, 1].map(sequence => snapshotName('tank/vm-101-disk-0', 'ab12', sequence))

describe('ZFS at both ends', () => {
  it('takes the snapshots of all disks at once', () => {
    expect(takeSnapshots(snapshots)).toEqual([
      'zfs',
      'snapshot',
      'tank/vm-101-disk-0@bascule-ab12-0',
      'tank/vm-101-disk-0@bascule-ab12-1',
    ])
  })

  it('sends what changed since the snapshot that the other end has', () => {
    const argv = send(receiver, snapshots[1] ?? '', snapshots[0])
    expect(argv.slice(6, 12)).toEqual(['6', 'zfs', 'send', '-c', '-i', snapshots[0]])
    expect(argv.slice(-7)).toEqual(
      ['--', receiver.address, 'zfs', 'receive', '-s', '-u', '-F', receiver.dataset].slice(1),
    )
  })

  it('goes on with a transfer that broke', () => {
    expect(resume(receiver, 'token')).toEqual(expect.arrayContaining(['zfs', 'send', '-t', 'token']))
    expect(resumeToken(receiver.dataset).slice(-2)).toEqual(['receive_resume_token', receiver.dataset])
  })

  it('touches one snapshot by its whole name, never a dataset', () => {
    expect(dropSnapshot(snapshots[0] ?? '')).toEqual(['zfs', 'destroy', 'tank/vm-101-disk-0@bascule-ab12-0'])
    expect(rollBack(snapshots[0] ?? '').at(-1)).toBe('tank/vm-101-disk-0@bascule-ab12-0')
    expect(() => dropSnapshot('tank/vm-101-disk-0')).toThrow(TypeError)
    expect(() => rollBack('tank/vm-101-disk-0')).toThrow(TypeError)
  })

  it('asks first how much it is', () => {
    expect(estimate(snapshots[1] ?? '', snapshots[0])).toEqual(
      expect.arrayContaining(['-n', '-v', '-P', '-i', snapshots[0]]),
    )
    expect(parseEstimate('incremental\ta\tb\t4096\nsize\t4096\n')).toBe(4096)
    expect(parseEstimate('cannot open')).toBeUndefined()
  })

  it('fails when its first half fails, and keeps every word whole', () => {
    const [bash = '', ...words] = send(receiver, 'a b', undefined)
    const script = words[3] ?? ''
    const run = (...argv: string[]) =>
      execFileSync(bash, ['-o', 'pipefail', '-c', script, 'test', ...argv], { encoding: 'utf8' })
    expect(run('3', 'printf', '%s|', 'a b', 'cat', '-')).toBe('a b|')
    expect(() => run('1', 'false', 'cat')).toThrow()
  })
})
