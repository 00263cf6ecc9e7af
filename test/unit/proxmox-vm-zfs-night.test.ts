import { describe, expect, it } from 'vitest'
import { machineFacts } from '../../src/kinds/proxmox-vm/facts.ts'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { zfsSend } from '../../src/kinds/proxmox-vm/methods/zfs-send/index.ts'
import { machineSpec } from '../../src/kinds/proxmox-vm/spec.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { StepContext } from '../../src/model/kind.ts'
import { ZfsHypervisors } from '../doubles/paper-zfs-hypervisors.ts'
import { type Die, isKilled, Killed } from '../helpers/judged-io.ts'
import { actionsOf, component, contextOf, machineOf } from '../helpers/proxmox-plan.ts'

const spec = { ...component.spec, target: { ...(component.spec.target as JsonObject), storage: 'zfs' } }
const context: StepContext = { ...contextOf('live'), component: { ...component, spec } }

type DieIn = Die & { step: string }
const actions = actionsOf(zfsSend)
const never: DieIn = { step: 'none', change: 0, when: 'before' }

/** As the engine takes a step up, and once more after a crash in it. Gives whether there was one. */
async function takes(paper: ZfsHypervisors, name: string, die: DieIn = never): Promise<boolean> {
  const [verb, undone] = name.split(' ')
  const action = actions[undone ?? verb ?? '']
  const work = async (io: ChangeIo) =>
    undone === undefined
      ? (await action?.isDone(context, io)) || (await action?.apply(context, io))
      : action?.undo?.(context, io)
  try {
    await work(paper.io(die.step === name ? die : undefined))
    return false
  } catch (error) {
    if (!isKilled(error)) throw error
    await work(paper.io())
    return true
  }
}

async function prepared(die: DieIn = never): Promise<{ paper: ZfsHypervisors; died: boolean }> {
  const paper = new ZfsHypervisors()
  let died = await takes(paper, 'seed', die)
  paper.writes(paper.source, 'a day later')
  died = (await takes(paper, 'delta', die)) || died
  expect(paper.disks(paper.target)).toEqual(paper.disks(paper.source))
  return { paper, died }
}

/** Prepared, moved in the night, used at the target, brought home: dying at one change on the way. */
async function thereAndBack(die: DieIn = never): Promise<{ paper: ZfsHypervisors; died: boolean }> {
  const begun = await prepared(die)
  const { paper } = begun
  let { died } = begun
  const { source, target } = paper
  paper.writes(source, 'the last evening')
  paper.turn(source, false)
  for (const step of ['final-delta', 'compare', 'way-back']) died = (await takes(paper, step, die)) || died
  expect(paper.disks(target)).toEqual(paper.disks(source))
  paper.turn(target, true)
  paper.writes(target, 'written at the target')
  paper.turn(target, false)
  died = (await takes(paper, 'undo way-back', die)) || died
  return { paper, died }
}
const all = 'installed; a day later; the last evening; written at the target'

describe('seed-and-delta-zfs, on paper', () => {
  it('carries two disks there and what was written there home', async () => {
    const { paper } = await thereAndBack()
    expect(paper.disks(paper.source)).toEqual([all, all])
    expect(paper.whileFrozen.map(command => command.split(' ').length)).toEqual([4, 4])
    expect(paper.snapshots(paper.source)).toHaveLength(2)
    expect(paper.snapshots(paper.target)).toHaveLength(2)
  })

  it('goes on by deltas after it came home', async () => {
    const { paper } = await thereAndBack()
    paper.writes(paper.source, 'a week later')
    expect(await actions.seed?.isDone(context, paper.io())).toMatchObject({
      disks: ['scsi0', 'scsi1'],
    })
    for (const step of ['final-delta', 'compare']) await takes(paper, step)
    expect(paper.disks(paper.target)).toEqual([`${all}; a week later`, `${all}; a week later`])
  })

  it.each(['seed', 'delta', 'final-delta', 'compare', 'way-back', 'undo way-back'])(
    'loses nothing when the program dies at any change of %s',
    async step => {
      let change = 0
      for (let died = true; died; ) {
        change += 1
        for (const when of ['before', 'after'] as const) {
          const end = await thereAndBack({ step, change, when })
          const { source, target } = end.paper
          expect(end.paper.disks(source)).toEqual([all, all])
          expect(end.paper.disks(target)).toEqual([all, all])
          died = end.died
          // What a crash left is taken away with the next delta.
          await takes(end.paper, 'delta')
          expect(end.paper.snapshots(source)).toHaveLength(2)
          expect(end.paper.snapshots(target)).toHaveLength(2)
        }
      }
      expect(change).toBeGreaterThan(2)
    },
  )

  it.each(['seed', 'undo seed'])(
    'takes a machine that the target’s node was making when it died for nothing, and goes on by %s',
    async next => {
      const paper = new ZfsHypervisors()
      const io = paper.io()
      const http: ChangeIo['http'] = async request => {
        if (request.method !== 'POST' || !request.url.endsWith('/qemu')) return io.http(request)
        paper.target.machines.set(101, { config: {}, running: false, lock: 'create' })
        throw new Killed('the node')
      }
      await expect(actions.seed?.apply(context, { ...io, http })).rejects.toThrow()
      await takes(paper, next)
      const made = paper.target.machines.get(101)
      expect(made?.lock).toBeUndefined()
      expect(made?.config.description).toEqual(
        next === 'seed' ? expect.stringMatching(/^Bascule: auth-machine/) : undefined,
      )
      expect(paper.disks(paper.target)).toEqual(
        next === 'seed' ? ['installed', 'installed'] : [undefined, undefined],
      )
      expect(paper.target.machines.has(101)).toBe(next === 'seed')
    },
  )

  it('leaves nothing of ours when the move is given up, wherever that is cut off', async () => {
    let change = 0
    for (let died = true; died; ) {
      change += 1
      for (const when of ['before', 'after'] as const) {
        const { paper } = await prepared()
        died = await takes(paper, 'undo seed', { step: 'undo seed', change, when })
        expect([...paper.snapshots(paper.source), ...paper.snapshots(paper.target)]).toEqual([])
        expect(paper.disks(paper.target)).toEqual([undefined, undefined])
        expect(paper.target.machines.has(101)).toBe(false)
        expect(paper.disks(paper.source)).toEqual(['installed; a day later', 'installed; a day later'])
      }
    }
    expect(change).toBeGreaterThan(4)
  })

  it.each(['seed', 'delta', 'undo way-back'])('goes on by its token with a %s that broke', async step => {
    const paper = new ZfsHypervisors()
    const steps = ['seed', 'delta', 'final-delta', 'way-back', 'undo way-back']
    for (const one of steps.slice(0, steps.indexOf(step))) {
      if (one === 'final-delta') paper.turn(paper.source, false)
      await takes(paper, one)
    }
    const [writer, receiver] =
      step === 'undo way-back' ? [paper.target, paper.source] : [paper.source, paper.target]
    paper.writes(writer, 'more')
    paper.pool(receiver).breaks = true
    await expect(takes(paper, step)).rejects.toMatchObject({ text: { key: 'proxmox-vm.zfs.notSent' } })
    const io = paper.io()
    const [verb = '', undone] = step.split(' ')
    const action = actions[undone ?? verb]
    await (undone === undefined ? action?.apply(context, io) : action?.undo?.(context, io))
    expect(io.transcript().filter(line => /bash.* zfs send -t 1-g/.test(line))).toHaveLength(1)
    expect(paper.disks(receiver)).toEqual(paper.disks(writer))
  })

  it('forgets what is left of a transfer whose snapshot is gone', async () => {
    const { paper } = await prepared()
    paper.writes(paper.source, 'more')
    paper.pool(paper.target).breaks = true
    await expect(takes(paper, 'delta')).rejects.toThrow()
    for (const { snapshots } of paper.pool(paper.source).datasets.values()) snapshots.pop()
    await takes(paper, 'delta')
    expect(paper.disks(paper.target)).toEqual(paper.disks(paper.source))
  })

  it('replaces no disk that is somebody’s, and removes none', async () => {
    const paper = new ZfsHypervisors()
    const foreign = { content: 'another’s', snapshots: [] }
    paper.pool(paper.target).datasets.set('rpool/data/vm-101-disk-1', foreign)
    const refused = {
      text: { key: 'proxmox-vm.zfs.foreign', values: { dataset: 'rpool/data/vm-101-disk-1' } },
    }
    await expect(takes(paper, 'seed')).rejects.toMatchObject(refused)
    await takes(paper, 'undo seed')
    expect(paper.disks(paper.target)).toEqual([undefined, 'another’s'])
  })

  it('sends nothing onto a disk that was written to at the target', async () => {
    const { paper } = await prepared()
    paper.writes(paper.target, 'only here')
    const broken = { text: { key: 'proxmox-vm.delta.broken.touched' } }
    await expect(takes(paper, 'final-delta')).rejects.toMatchObject(broken)
    expect(paper.disks(paper.target)[0]).toMatch(/only here$/)
  })

  it('tells what was written after the last delta, and a difference of content', async () => {
    const { paper } = await prepared()
    paper.turn(paper.source, false)
    await takes(paper, 'final-delta')
    paper.writes(paper.source, 'too late')
    await expect(takes(paper, 'compare')).rejects.toMatchObject({ text: { key: 'proxmox-vm.delta.unsent' } })
  })

  it('drops nothing that the source has written after the night', async () => {
    const { paper } = await prepared()
    paper.turn(paper.source, false)
    for (const step of ['final-delta', 'way-back']) await takes(paper, step)
    paper.writes(paper.source, 'started by somebody')
    const refused = { text: { key: 'proxmox-vm.zfs.sourceWrote' } }
    await expect(takes(paper, 'undo way-back')).rejects.toMatchObject(refused)
    expect(paper.disks(paper.source)[0]).toMatch(/started by somebody$/)
  })

  it('brings the disks home whole where somebody removed the common snapshot', async () => {
    const { paper } = await prepared()
    paper.turn(paper.source, false)
    for (const step of ['final-delta', 'way-back']) await takes(paper, step)
    paper.writes(paper.target, 'written there')
    for (const { snapshots } of paper.pool(paper.source).datasets.values()) snapshots.length = 0
    await takes(paper, 'undo way-back')
    expect(paper.disks(paper.source)).toEqual(paper.disks(paper.target))
    expect(await actions.seed?.isDone(context, paper.io())).toBe(false)
  })

  it('never sends onto, removes or copies a machine whose writes are not home', async () => {
    const { paper } = await prepared()
    paper.turn(paper.source, false)
    for (const step of ['final-delta', 'way-back']) await takes(paper, step)
    const started = { text: { key: 'proxmox-vm.delta.broken.started' } }
    for (const step of ['seed', 'delta', 'undo seed'])
      await expect(takes(paper, step)).rejects.toMatchObject(started)
    expect(paper.snapshots(paper.source)).toHaveLength(2)
  })

  it('makes a copy of what was received; deltas go on beneath it, and a crash leaves nothing in the way', async () => {
    const { paper } = await prepared()
    const copy = { vmid: 900, bridge: 'vmbr9', name: 'auth-test', description: 'a copy' }
    await expect(
      zfsSend.makeCopy(machineOf(context), copy, paper.io({ change: 2, when: 'after' })),
    ).rejects.toSatisfy(isKilled)
    await zfsSend.makeCopy(machineOf(context), copy, paper.io())
    expect(paper.disks(paper.target, 900)).toEqual(['installed; a day later', 'installed; a day later'])
    expect(paper.target.machines.get(900)?.config).toMatchObject({ scsi1: 'zfs:vm-900-disk-1' })
    paper.writes(paper.source, 'more')
    await takes(paper, 'delta')
    expect(paper.disks(paper.target)).toEqual(paper.disks(paper.source))
    expect(paper.disks(paper.target, 900)[0]).toBe('installed; a day later')
  })

  it.each([
    ['preparation', ['seed', 'delta']],
    ['rehearsal', ['final-delta']],
    ['live', ['final-delta', 'compare', 'way-back']],
  ] as const)('plans its own actions: %s', (mode, names) => {
    const fixed = { ...context.component, spec: { ...spec, way: 'seed-and-delta-zfs' } }
    const all = kind.plan(fixed, {}, { ...context, mode })
    const steps = all.filter(({ action }) => action.startsWith('seed-and-delta-zfs.'))
    expect(steps.map(({ name }) => name)).toEqual(names)
    for (const { action, name } of steps) expect(kind.actions[action], name).toBeDefined()
    expect(steps.map(({ action }) => action)).toEqual(names.map(name => `seed-and-delta-zfs.${name}`))
  })

  it('says what the target holds and what it has not', async () => {
    const { paper } = await prepared()
    expect(await zfsSend.storedCopy(machineOf(context), paper.io())).toMatchObject({ imageBytes: 18 })
    expect(await zfsSend.unsentBytes?.(machineOf(context), paper.io())).toBe(0)
    paper.writes(paper.source, 'more')
    expect(await zfsSend.unsentBytes?.(machineOf(context), paper.io())).toBeGreaterThan(0)
  })
})

describe('whether a machine may go this way', () => {
  const whole = { volume: 'zfs:vm-101-disk-0', storage: 'zfs', format: 'raw' }
  const disk = { ...whole, slot: 'scsi0', storageType: 'zfspool', usedBytes: 10, sizeBytes: 20 }
  const good = {
    disks: [disk],
    targetStorageType: 'zfspool',
    zfs: true,
    sshBetween: true,
    targetFreeBytes: 100,
  }
  const judge = (changes: JsonObject, plan: JsonObject = {}) => {
    return zfsSend.possible(machineFacts({ ...good, ...changes }), machineSpec.parse({ ...spec, ...plan }))
  }

  it('may, with all disks on ZFS at both ends', () => expect(judge({})).toEqual({ possible: true }))

  it.each([
    ['delta.impossible.noDisks', { disks: [] }, {}],
    ['zfs.impossible.disk', { disks: [disk, { ...disk, storageType: 'dir' }] }, {}],
    ['zfs.impossible.storage', { targetStorageType: 'lvmthin' }, {}],
    ['delta.impossible.snapshots', { snapshots: ['before'] }, {}],
    ['zfs.impossible.replicated', { replicated: true }, {}],
    ['zfs.impossible.tool', { zfs: false }, {}],
    ['delta.impossible.ssh', { sshBetween: false }, {}],
    ['zfs.impossible.limit', {}, { bandwidthLimitMbps: 50 }],
    ['whole.impossible.room', { targetFreeBytes: 5 }, {}],
  ])('may not: %s', (key, changes, plan) =>
    expect(judge(changes, plan)).toMatchObject({ possible: false, why: { key: `proxmox-vm.${key}` } }),
  )
})
