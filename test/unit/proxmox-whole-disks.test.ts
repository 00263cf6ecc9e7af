import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { backupRestore } from '../../src/kinds/proxmox-vm/methods/backup-restore/index.ts'
import { remoteMigrate } from '../../src/kinds/proxmox-vm/methods/remote-migrate/index.ts'
import { endsOf } from '../../src/kinds/proxmox-vm/sides.ts'
import type { TransferMethod } from '../../src/kinds/proxmox-vm/transfer-method.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { StepContext } from '../../src/model/kind.ts'
import { PaperHypervisors } from '../doubles/paper-hypervisors.ts'
import { type Die, isKilled } from '../helpers/judged-io.ts'
import { actionsOf, contextOf, machineOf } from '../helpers/proxmox-plan.ts'

const context = contextOf('live')

/** A crash at any point, then the same call again, as the engine does it. */
async function again(work: (io: ChangeIo) => Promise<unknown>, paper: PaperHypervisors, io: ChangeIo) {
  try {
    await work(io)
    return false
  } catch (error) {
    if (!isKilled(error)) throw error
    await work(paper.io())
    return true
  }
}

/** As the step would be taken up again: asked whether it is done, else applied. */
const taken = (way: TransferMethod, step: string, of: StepContext) => async (io: ChangeIo) => {
  const action = actionsOf(way)[step]
  return (await action?.isDone(of, io)) || action?.apply(of, io)
}

/** The guest is shut down, moved, used at the target, shut down there and brought home, dying at one change on the way. */
async function thereAndBack(way: TransferMethod, die: Die & { step: string }) {
  const paper = new PaperHypervisors()
  const { source, target } = paper
  const dying = (step: string): ChangeIo => paper.io(die.step === step ? die : undefined)
  let died = false
  paper.write(source, 'written before')
  Object.assign(source.machines.get(101) ?? {}, { running: false })
  for (const step of ['final-delta', 'compare', 'way-back'])
    died = (await again(taken(way, step, context), paper, dying(step))) || died
  expect(target.image(101)).toBe(source.image(101))
  expect(target.machines.get(101)).toMatchObject({ running: false })
  paper.write(target, 'written at the target')
  const undo = (step: string) => (io: ChangeIo) =>
    actionsOf(way)[step]?.undo?.(context, io) ?? Promise.resolve()
  died = (await again(undo('way-back'), paper, dying('undo way-back'))) || died
  died = (await again(undo('final-delta'), paper, dying('undo final-delta'))) || died
  return { paper, died }
}

describe.each([backupRestore, remoteMigrate])('$name', way => {
  it.each(['final-delta', 'compare', 'way-back', 'undo way-back', 'undo final-delta'])(
    'loses nothing when the program dies at any change of %s',
    async step => {
      let change = 0
      for (let died = true; died; ) {
        change += 1
        for (const when of ['before', 'after'] as const) {
          const end = await thereAndBack(way, { step, change, when })
          const { source, target } = end.paper
          expect(source.image(101)).toBe('as it was installed; written before; written at the target')
          expect(source.machines.get(101)?.lock).toBeUndefined()
          expect(source.machines.get(101)?.running).toBe(false)
          expect([...source.files.keys(), ...target.files.keys()].filter(isLitter)).toEqual([])
          died = end.died
        }
      }
      expect(change).toBeGreaterThan(step === 'undo final-delta' && way === backupRestore ? 0 : 1)
    },
  )

  it('moves again on another night, in the place of what the first has left', async () => {
    const { paper } = await thereAndBack(way, { step: 'none', change: 0, when: 'before' })
    paper.write(paper.source, 'a day later')
    for (const step of ['final-delta', 'compare']) await taken(way, step, context)(paper.io())
    expect(paper.target.image(101)).toBe(paper.source.image(101))
    expect(paper.target.image(101)).toMatch(/a day later$/)
  })

  it('never destroys a machine that has run there and whose writes are not home', async () => {
    const paper = new PaperHypervisors()
    Object.assign(paper.source.machines.get(101) ?? {}, { running: false })
    for (const step of ['final-delta', 'way-back']) await taken(way, step, context)(paper.io())
    paper.write(paper.target, 'only here')
    paper.write(paper.source, 'another state')
    delete paper.source.machines.get(101)?.lock
    const apply = actionsOf(way)['final-delta']?.apply(context, paper.io())
    await expect(apply).rejects.toMatchObject({ text: { key: 'proxmox-vm.moved.inUse' } })
    expect(paper.target.image(101)).toMatch(/only here$/)
  })

  it('leaves a machine of another’s alone', async () => {
    const paper = new PaperHypervisors()
    Object.assign(paper.source.machines.get(101) ?? {}, { running: false })
    paper.target.machines.set(101, { config: { scsi0: 'local:101/vm-101-disk-0.qcow2' }, running: false })
    const apply = actionsOf(way)['final-delta']?.apply(context, paper.io())
    await expect(apply).rejects.toMatchObject({ text: { key: 'proxmox-vm.moved.taken' } })
    expect(paper.target.machines.has(101)).toBe(true)
  })

  it('brings nothing home while either machine runs', async () => {
    for (const running of ['source', 'target'] as const) {
      const paper = new PaperHypervisors()
      Object.assign(paper.source.machines.get(101) ?? {}, { running: false })
      for (const step of ['final-delta', 'way-back']) await taken(way, step, context)(paper.io())
      paper.write(paper.target, 'at the target')
      Object.assign(paper[running].machines.get(101) ?? {}, { running: true })
      const undo = actionsOf(way)['way-back']?.undo?.(context, paper.io())
      await expect(undo).rejects.toMatchObject({ text: { key: 'proxmox-vm.moved.runs' } })
      expect(paper.source.image(101)).toBe('as it was installed')
    }
  })

  it('tells a difference of content, slot by slot', async () => {
    const paper = new PaperHypervisors()
    Object.assign(paper.source.machines.get(101) ?? {}, { running: false })
    await taken(way, 'final-delta', context)(paper.io())
    paper.write(paper.target, 'a bit flipped')
    const compared = actionsOf(way).compare?.apply(context, paper.io())
    await expect(compared).rejects.toMatchObject({
      text: { key: 'proxmox-vm.moved.different', values: { slots: 'scsi0' } },
    })
  })
})

/** What a step must take away again: all but images and the notes that say what stands. */
const isLitter = (path: string): boolean => /vzdump|\.raw$|\.bascule|return-/.test(path)

describe('an archive in the days before', () => {
  const prepare = contextOf('preparation')

  it('takes the place of the one before, and none stays at the source', async () => {
    const paper = new PaperHypervisors()
    for (const text of ['monday', 'tuesday']) {
      paper.write(paper.source, text)
      await actionsOf(backupRestore).seed?.apply(prepare, paper.io())
    }
    const archives = (files: Map<string, string>) =>
      [...files.keys()].filter(path => path.endsWith('.vma.zst'))
    expect(archives(paper.source.files)).toEqual([])
    expect(archives(paper.target.files)).toHaveLength(1)
    expect(paper.target.files.get(archives(paper.target.files)[0] ?? '')).toMatch(/tuesday$/)
  })

  it('leaves one archive alone, whenever the program dies while a new one takes its place', async () => {
    let change = 0
    for (let died = true; died; ) {
      change += 1
      for (const when of ['before', 'after'] as const) {
        const paper = new PaperHypervisors()
        await actionsOf(backupRestore).seed?.apply(prepare, paper.io())
        paper.write(paper.source, 'tuesday')
        const dying = paper.io({ change, when })
        died = await again(taken(backupRestore, 'seed', prepare), paper, dying)
        const archives = [...paper.source.files, ...paper.target.files].filter(([path]) => isLitter(path))
        expect(archives.map(([, content]) => content)).toEqual([expect.stringMatching(/tuesday$/)])
      }
    }
    expect(change).toBeGreaterThan(10)
  })

  it('is held once it is whole, and no more when it is removed', async () => {
    const paper = new PaperHypervisors()
    expect(await backupRestore.storedCopy(machineOf(prepare), paper.io())).toBeUndefined()
    await actionsOf(backupRestore).seed?.apply(prepare, paper.io())
    const held = await backupRestore.storedCopy(machineOf(prepare), paper.io())
    expect(held?.id).toMatch(/^[0-9a-f]{64}$/)
    await actionsOf(backupRestore).seed?.undo?.(prepare, paper.io())
    expect(await backupRestore.storedCopy(machineOf(prepare), paper.io())).toBeUndefined()
    expect([...paper.target.files.keys()].filter(isLitter)).toEqual([])
  })

  it('is never one that leaves a disk out', async () => {
    const paper = new PaperHypervisors()
    const machine = paper.source.machines.get(101)
    if (machine) machine.config.scsi1 = 'local:101/vm-101-disk-1.qcow2,backup=0,size=1G'
    const seeding = actionsOf(backupRestore).seed?.apply(prepare, paper.io())
    await expect(seeding).rejects.toMatchObject({ text: { key: 'proxmox-vm.backup.excluded' } })
  })

  it('becomes a copy with a number and a bridge of its own', async () => {
    const paper = new PaperHypervisors()
    await actionsOf(backupRestore).seed?.apply(prepare, paper.io())
    const copy = { vmid: 900, bridge: 'vmbr9', name: 'auth-test', description: 'Bascule' }
    await backupRestore.makeCopy(machineOf(prepare), copy, paper.io())
    expect(paper.target.machines.get(900)?.config).toMatchObject({
      net0: 'virtio=BC:24:11:00:00:65,bridge=vmbr9',
      name: 'auth-test',
      onboot: '0',
    })
    expect(endsOf(machineOf(prepare)).target.vmid).toBe(101)
    expect(paper.target.machines.has(101)).toBe(false)
  })
})

describe('the target’s token', () => {
  it('travels in the body of the one request that needs it, and in nothing else', async () => {
    const paper = new PaperHypervisors()
    Object.assign(paper.source.machines.get(101) ?? {}, { running: false })
    const io = paper.io()
    const result = await actionsOf(remoteMigrate)['final-delta']?.apply(context, io)
    const holding = io.calls.filter(call => JSON.stringify({ ...call, options: {} }).includes(paper.secret))
    const beyondHeader = holding.filter(
      call =>
        call.method !== 'http' ||
        call.request.url.includes(paper.secret) ||
        (call.request.body ?? '').includes(paper.secret),
    )
    expect(
      beyondHeader.map(call => (call.method === 'http' ? new URL(call.request.url).pathname : call)),
    ).toEqual(['/api2/json/nodes/montpellier/qemu/101/remote_migrate'])
    expect(JSON.stringify([result, io.progress])).not.toContain(paper.secret)
  })

  it('is not told when PVE repeats it, neither in what a step keeps nor in what it shows', async () => {
    const paper = new PaperHypervisors()
    Object.assign(paper.source.machines.get(101) ?? {}, { running: false })
    const io = paper.io()
    const result = await kind.actions['remote-migrate.final-delta']?.apply(context, io)
    expect(JSON.stringify(result)).toContain('target-endpoint')
    expect(JSON.stringify(io.progress)).toContain('target-endpoint')
    expect(JSON.stringify([result, io.progress])).not.toContain(paper.secret)
  })

  it('is not told by a refusal that repeats it', async () => {
    const paper = new PaperHypervisors()
    paper.refusesAloud = true
    Object.assign(paper.source.machines.get(101) ?? {}, { running: false })
    const refused = await actionsOf(remoteMigrate)
      ['final-delta']?.apply(context, paper.io())
      .catch(error => error)
    const told = JSON.stringify([refused.text, refused.remedy, String(refused.cause), refused.message])
    expect(told).toContain('target-endpoint')
    expect(told).not.toContain(paper.secret)
  })
})
