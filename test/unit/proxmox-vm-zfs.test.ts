import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import {
  dropDisk,
  dropSnapshot,
  dryRun,
  parseEstimate,
  pull,
  push,
  resumedSnapshot,
  resuming,
  rollBack,
  sending,
  snapshotName,
  takeSnapshots,
} from '../../src/kinds/proxmox-vm/methods/zfs-send/commands.ts'

const other = { address: '192.0.2.61', become: 'runuser' as const }
const dataset = 'rpool/data/vm-101-disk-0'
const snapshots = [0, 1].map(sequence => snapshotName('tank/vm-101-disk-0', 'ab12', sequence))
const [first = '', second = ''] = snapshots

describe('ZFS at both ends', () => {
  it('takes the snapshots of all disks at once', () => {
    expect(takeSnapshots(snapshots)).toEqual(['zfs', 'snapshot', ...snapshots])
    expect(first).toBe('tank/vm-101-disk-0@bascule-ab12-0')
  })

  it('sends what changed since the snapshot that the other end has', () => {
    const argv = push(sending(second, first), other, dataset)
    expect(argv.slice(6, 13)).toEqual(['6', 'zfs', 'send', '-c', '-i', first, second])
    expect(argv.slice(-7)).toEqual(['--', other.address, 'zfs', 'receive', '-s', '-u', dataset])
  })

  it('brings home from the side that has the key', () => {
    const argv = pull(sending(second, first), { ...other, become: 'sudo' }, dataset)
    expect(argv.slice(-5)).toEqual(['zfs', 'receive', '-s', '-u', dataset])
    expect(argv.join(' ')).toContain(`-- ${other.address} sudo -n zfs send -c -i ${first} ${second} zfs`)
  })

  it('never forces: ZFS itself refuses to replace what is there', () => {
    expect(push(sending(first), other, dataset)).not.toContain('-F')
  })

  it('touches one snapshot by its whole name, and a disk of that machine alone', () => {
    expect(dropSnapshot(first)).toEqual(['zfs', 'destroy', first])
    expect(rollBack(first).at(-1)).toBe(first)
    expect(() => dropSnapshot('tank/vm-101-disk-0')).toThrow(TypeError)
    expect(() => rollBack('tank/vm-101-disk-0')).toThrow(TypeError)
    expect(dropDisk(dataset, 101).at(-1)).toBe(dataset)
    for (const name of ['rpool/data', 'rpool/data/vm-102-disk-0', `${dataset}@bascule-ab12-0`])
      expect(() => dropDisk(name, 101)).toThrow(TypeError)
  })

  it('asks first how much it is, and of what a token is', () => {
    expect(dryRun(sending(second, first))).toEqual(expect.arrayContaining(['-n', '-v', '-P', '-i', first]))
    expect(dryRun(resuming('token'))).toEqual(['zfs', 'send', '-n', '-v', '-P', '-t', 'token'])
    expect(parseEstimate('incremental\ta\tb\t4096\nsize\t4096\n')).toBe(4096)
    expect(parseEstimate('cannot open')).toBeUndefined()
    expect(resumedSnapshot(`resume token contents:\n\ttoname = ${first}\n`)).toBe(first)
  })

  it('fails when its first half fails, and keeps every word whole', () => {
    const [bash = '', ...words] = push(sending('a b'), other, dataset)
    const script = words[3] ?? ''
    const run = (...argv: string[]) =>
      execFileSync(bash, ['-o', 'pipefail', '-c', script, 'test', ...argv], { encoding: 'utf8' })
    expect(run('3', 'printf', '%s|', 'a b', 'cat', '-')).toBe('a b|')
    expect(() => run('1', 'false', 'cat')).toThrow()
  })
})
