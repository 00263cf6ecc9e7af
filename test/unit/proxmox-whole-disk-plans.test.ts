import { describe, expect, it } from 'vitest'
import { type MachineFacts, machineFacts } from '../../src/kinds/proxmox-vm/facts.ts'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { backupRestore } from '../../src/kinds/proxmox-vm/methods/backup-restore/index.ts'
import { backupStorageOf } from '../../src/kinds/proxmox-vm/methods/backup-restore/storage.ts'
import {
  remoteMigrate,
  remoteMigrateOnline,
} from '../../src/kinds/proxmox-vm/methods/remote-migrate/index.ts'
import { machineSpec } from '../../src/kinds/proxmox-vm/spec.ts'
import type { TransferMethod } from '../../src/kinds/proxmox-vm/transfer-method.ts'
import type { RunMode } from '../../src/model/step.ts'
import type { Text } from '../../src/model/text.ts'
import { component, contextOf, factsOf, plan } from '../helpers/proxmox-plan.ts'

const spec = machineSpec.parse(component.spec)
const gib = 1024 ** 3
const machine: MachineFacts = {
  ...machineFacts({}),
  disks: [
    {
      slot: 'scsi0',
      volume: 'local:101/vm-101-disk-0.qcow2',
      storage: 'local',
      storageType: 'dir',
      format: 'qcow2',
      sizeBytes: 40 * gib,
      usedBytes: 20 * gib,
    },
  ],
  running: true,
  agent: true,
  sourceVersion: '9.1.1',
  targetVersion: '8.4',
  targetFreeBytes: 500 * gib,
}

/** The way's own. */
const stepsOf = (way: TransferMethod, mode: RunMode) =>
  kind
    .plan({ ...component, spec: { ...component.spec, way: way.name } }, factsOf(machine), {
      ...contextOf(mode),
      plan,
    })
    .filter(({ action }) => action.startsWith(`${way.name}.`))

describe('what a way may not be used for', () => {
  const refusals: [TransferMethod, Partial<MachineFacts>, string][] = [
    [backupRestore, { disks: [] }, 'whole.impossible.noDisks'],
    [backupRestore, { sshBetween: false }, 'whole.impossible.ssh'],
    [backupRestore, { missingTools: ['toulouse-hypervisor: rsync'] }, 'whole.impossible.tools'],
    [backupRestore, { targetFreeBytes: 19 * gib }, 'whole.impossible.room'],
    [remoteMigrate, { snapshots: ['before-upgrade'] }, 'migrate.impossible.snapshots'],
    [remoteMigrate, { ha: true }, 'migrate.impossible.ha'],
    [remoteMigrate, { replicated: true }, 'migrate.impossible.replicated'],
    [remoteMigrate, { localDevices: ['hostpci0'] }, 'migrate.impossible.devices'],
    [remoteMigrate, { targetVersion: '7.2-11' }, 'migrate.impossible.version'],
    [remoteMigrate, { sshBetween: false }, 'whole.impossible.ssh'],
    [remoteMigrateOnline, { running: false }, 'migrate.impossible.off'],
    [remoteMigrateOnline, { agent: false }, 'migrate.impossible.agent'],
  ]
  it.each(refusals)('$name: %o', (way, facts, key) => {
    const answer = way.possible({ ...machine, ...facts }, spec)
    expect(answer).toMatchObject({ possible: false, why: { key: `proxmox-vm.${key}` } })
    if (!answer.possible) for (const text of [answer.why, answer.remedy]) expectSaid(text)
  })

  it('is nothing, where all is well; a version that nobody told is not too old', () => {
    for (const way of [backupRestore, remoteMigrate, remoteMigrateOnline]) {
      expect(way.possible(machine, spec)).toEqual({ possible: true })
      expect(way.possible({ ...machine, sourceVersion: '', targetVersion: '7.3' }, spec).possible).toBe(true)
    }
  })

  it('snapshots stop a migration and no archive', () => {
    const facts = { ...machine, snapshots: ['before-upgrade'] }
    expect(backupRestore.possible(facts, spec).possible).toBe(true)
    expect(remoteMigrate.possible(facts, spec).possible).toBe(false)
  })
})

describe('the forecast', () => {
  it('counts the whole disk in the night, and less than it where zstd is at work', () => {
    const archive = backupRestore.forecast(machine, 200, spec)
    const migration = remoteMigrate.forecast(machine, 200, spec)
    expect(archive.windowBytes).toBe(10 * gib)
    expect(migration.windowBytes).toBe(20 * gib)
    // 20 GiB at 200 Mbit/s are 859 s raw
    expect(migration.cutSeconds).toBeGreaterThan(859)
    expect(migration.cutSeconds).toBeLessThan(1500)
  })

  it('counts the zeros of a raw disk, which PVE sends', () => {
    const [disk] = machine.disks
    const raw = { ...machine, disks: disk === undefined ? [] : [{ ...disk, format: 'raw' }] }
    expect(remoteMigrate.forecast(raw, 200, spec).windowBytes).toBe(40 * gib)
  })

  it('promises a running guest a cut of seconds, whatever the disk', () => {
    expect(remoteMigrateOnline.forecast(machine, 200, spec).cutSeconds).toBeLessThan(10)
  })

  it.each([backupRestore, remoteMigrate])('$name: is longer on a slower link', way => {
    const at = (mbps: number) => way.forecast(machine, mbps, spec).cutSeconds
    expect(at(50)).toBeGreaterThan(at(200))
    expect(at(200)).toBeGreaterThan(at(1000))
  })

  it('holds the days before to the plan’s bandwidth, and never the night', () => {
    const limited = backupRestore.forecast(machine, 200, { ...spec, bandwidthLimitMbps: 20 })
    const free = backupRestore.forecast(machine, 200, spec)
    expect(limited.steps.seed).toBeGreaterThan((free.steps.seed ?? 0) * 2)
    expect(limited.cutSeconds).toBe(free.cutSeconds)
  })
})

describe('the steps', () => {
  it.each([
    [backupRestore, 'live', ['final-delta', 'compare', 'way-back']],
    [backupRestore, 'rehearsal', ['final-delta']],
    [backupRestore, 'preparation', ['seed']],
    [remoteMigrate, 'live', ['final-delta', 'compare', 'way-back']],
    [remoteMigrate, 'preparation', ['seed']],
    // nothing stands still that could be compared
    [remoteMigrateOnline, 'live', ['final-delta', 'way-back']],
  ] as const)('$name, %s', (way, mode, names) => {
    const steps = stepsOf(way, mode)
    expect(steps.map(({ name }) => name)).toEqual(names)
    for (const { name, action } of steps) {
      // The name is the step's, but in a rehearsal, where the disks are not moved.
      const own = mode === 'rehearsal' ? 'fresh-archive' : name
      expect(action).toBe(`${way.name}.${own}`)
      expect(kind.actions[action]).toBeDefined()
    }
  })

  it('can be undone exactly where an action can undo, and say so in both languages', () => {
    for (const way of [backupRestore, remoteMigrate, remoteMigrateOnline]) {
      for (const mode of ['preparation', 'rehearsal', 'live'] as const) {
        for (const { action, title, undo } of stepsOf(way, mode)) {
          expectSaid(title)
          expectSaid(undo.possible ? undo.byHand : undo.why)
          expect(kind.actions[action]?.undo !== undefined).toBe(undo.possible)
        }
      }
    }
  })

  it('tell a person how to bring a disk home, as the program would', () => {
    const step = stepsOf(backupRestore, 'live').find(({ name }) => name === 'way-back')
    const command = step?.undo.possible ? String(step.undo.byHand.values?.command) : ''
    expect(command).toMatch(/^rsync .*--no-whole-file .*10\.80\.2\.60:\/TARGET-DISK \/SOURCE-DISK$/)
    expect(command).not.toMatch(/--temp-dir|--inplace/)
  })
})

/** Every value that a sentence wants is given. */
function expectSaid(text: Text | undefined): void {
  for (const catalogue of [kind.messages.fr, kind.messages.en]) {
    const sentence = catalogue[text?.key ?? ''] ?? ''
    expect(sentence, text?.key).not.toBe('')
    const wanted = [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name)
    expect(Object.keys(text?.values ?? {})).toEqual(expect.arrayContaining(wanted))
  }
}

describe('the storage for archives', () => {
  it('is one that holds files, takes backups, is there, and has the most room', () => {
    const storage = (name: string, type: string, content: string, avail: number, active: 0 | 1 = 1) => ({
      storage: name,
      type,
      content,
      avail,
      active,
    })
    const all = [
      storage('local', 'dir', 'images,backup,iso', 10),
      storage('share', 'nfs', 'backup', 20),
      storage('pbs', 'pbs', 'backup', 90),
      storage('thin', 'lvmthin', 'images', 90),
      storage('gone', 'nfs', 'backup', 90, 0),
    ]
    expect(backupStorageOf(all)?.storage).toBe('share')
    expect(backupStorageOf(all.slice(2))).toBeUndefined()
  })
})
