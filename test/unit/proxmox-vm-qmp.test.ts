import { describe, expect, it } from 'vitest'
import { qmpInput, readAnswers } from '../../src/kinds/proxmox-vm/machine/qmp.ts'
import { nodeOf, parseNodes, sequencesOn } from '../../src/kinds/proxmox-vm/methods/seed-and-delta/bitmaps.ts'
import { copyAll, copyChanged, parseJobs } from '../../src/kinds/proxmox-vm/methods/seed-and-delta/jobs.ts'
import { bitmapName, sequenceOf } from '../../src/kinds/proxmox-vm/methods/seed-and-delta/names.ts'
import { parseInfo } from '../../src/kinds/proxmox-vm/methods/seed-and-delta/seeded-disks.ts'

const socket = { ssh: 'hypervisor', path: '/run/qemu-server/101.qmp' }
const commands = [{ execute: 'query-jobs' }, { execute: 'quit' }]

describe('QMP over one connection', () => {
  it('asks for its capabilities first, and numbers what it asks', () => {
    expect(
      qmpInput(commands)
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toEqual([
      { execute: 'qmp_capabilities', id: 0 },
      { execute: 'query-jobs', id: 1 },
      { execute: 'quit', id: 2 },
    ])
  })

  it('finds the answers among greeting and events', () => {
    const output = [
      '{"QMP": {"version": {}}}',
      '{"return": {}, "id": 0}',
      '{"timestamp": {}, "event": "JOB_STATUS_CHANGE", "data": {}}',
      '{"return": [], "id": 1}',
      '{"return": {}, "id": 2}',
    ].join('\n')
    expect(readAnswers(socket, commands, output)).toEqual([[], {}])
  })

  it('tells what was refused, in QEMU’s words', () => {
    const output = '{"return": {}, "id": 0}\n{"id": 1, "error": {"class": "GenericError", "desc": "no"}}\n'
    expect(() => readAnswers(socket, commands, output)).toThrow(
      expect.objectContaining({
        text: expect.objectContaining({ values: expect.objectContaining({ detail: 'no' }) }),
      }),
    )
  })

  it('takes an answer that never came for a refusal', () => {
    expect(() => readAnswers(socket, commands, '{"return": [], "id": 1}\n')).toThrow(/qmp.refused/)
  })
})

describe('records', () => {
  const node = (bitmap: object) => [
    {
      'node-name': '#block120',
      drv: 'file',
      file: '/images/d.qcow2',
      image: { filename: '/images/d.qcow2', 'virtual-size': 1 },
    },
    {
      'node-name': 'f1',
      drv: 'qcow2',
      file: '/images/d.qcow2',
      image: { filename: '/images/d.qcow2', 'virtual-size': 512 },
      'dirty-bitmaps': [{ busy: false, count: 65536, persistent: true, ...bitmap }],
    },
  ]

  it('are looked for on the format’s node, whatever its name', () => {
    const found = nodeOf(parseNodes(node({ name: 'bascule-ab-0' })), '/images/d.qcow2')
    expect(found).toMatchObject({ name: 'f1', sizeBytes: 512 })
    expect(found?.bitmaps).toEqual([{ name: 'bascule-ab-0', dirtyBytes: 65536, usable: true }])
  })

  it('are of no use when QEMU was killed, or when they would end with it', () => {
    for (const flaw of [{ inconsistent: true }, { persistent: false }]) {
      const [, found] = parseNodes(node({ name: 'bascule-ab-0', ...flaw }))
      expect(found?.bitmaps[0]?.usable).toBe(false)
    }
  })

  it('are told apart by seed and number', () => {
    expect(sequenceOf('ab', bitmapName('ab', 12))).toBe(12)
    expect(sequenceOf('ab', bitmapName('cd', 12))).toBeUndefined()
    expect(sequenceOf('ab', 'bascule-back-ab')).toBeUndefined()
    const [, found] = parseNodes(node({ name: 'bascule-ab-10' }))
    expect(found && sequencesOn(found, 'ab')).toEqual([10])
  })

  it('are read from an image at rest; one in use was not stored', () => {
    const info = {
      'virtual-size': 512,
      'actual-size': 10,
      'format-specific': {
        data: {
          bitmaps: [
            { name: 'a', flags: ['auto'] },
            { name: 'b', flags: ['in-use'] },
          ],
        },
      },
    }
    expect(parseInfo(JSON.stringify(info)).bitmaps).toEqual([
      { name: 'a', usable: true },
      { name: 'b', usable: false },
    ])
  })
})

describe('copies', () => {
  const copies = ['scsi0', 'scsi1'].map(slot => ({ slot, node: `drive-${slot}`, into: `/s/${slot}` }))

  it('of all disks begin in one instant, with their records', () => {
    const { arguments: given } = copyAll(copies, 'bascule-ab-0')
    const actions = (given?.actions ?? []) as { type: string; data: object }[]
    expect(actions.map(({ type }) => type)).toEqual([
      'block-dirty-bitmap-add',
      'blockdev-backup',
      'block-dirty-bitmap-add',
      'blockdev-backup',
    ])
    expect(actions[1]?.data).toMatchObject({ sync: 'full', 'auto-dismiss': false })
  })

  it('of what changed never clear the record they read', () => {
    const { arguments: given } = copyChanged(copies, 'bascule-ab-0', 'bascule-ab-1')
    const backups = ((given?.actions ?? []) as { type: string; data: object }[]).filter(
      ({ type }) => type === 'blockdev-backup',
    )
    expect(backups).toHaveLength(2)
    for (const { data } of backups)
      expect(data).toMatchObject({ sync: 'bitmap', bitmap: 'bascule-ab-0', 'bitmap-mode': 'never' })
  })

  it('of others are left alone', () => {
    const job = { status: 'running', type: 'backup', 'current-progress': 1, 'total-progress': 2 }
    expect(
      parseJobs([
        { ...job, id: 'pbs-1' },
        { ...job, id: 'bascule-job-scsi0' },
      ]),
    ).toEqual([{ id: 'bascule-job-scsi0', ended: false, doneBytes: 1, totalBytes: 2 }])
  })
})
