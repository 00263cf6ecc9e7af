import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Action, StepContext } from '../../src/model/kind.ts'
import { PaperHypervisors } from '../doubles/paper-hypervisors.ts'
import type { Die } from '../helpers/judged-io.ts'
import { component, contextOf } from '../helpers/proxmox-plan.ts'

const interfaces = '/etc/network/interfaces'
const network = {
  source: { address: '10.80.1.30/24', gateway: '10.80.1.1' },
  target: { address: '10.80.2.30/24', gateway: '10.80.2.1' },
  files: [interfaces],
  apply: ['/sbin/apply-network'],
}
const spec = { ...component.spec, network, startSeconds: 20, probes: [{ name: 'answers', exec: ['true'] }] }
const live = contextOf('live')
const context: StepContext = {
  ...live,
  component: { ...component, spec },
  step: { ...live.step, params: { way: 'backup-restore' } },
  results: { 'auth-machine.shutdown': { onboot: '1' } },
}
const action = (name: string): Required<Action> => kind.actions[name] as Required<Action>

/** The guest runs at the source; its machine is at the target too, off. */
function estate(): PaperHypervisors {
  const paper = new PaperHypervisors()
  Object.assign(paper.source.machines.get(101)?.config ?? {}, { onboot: '1', description: 'theirs' })
  paper.target.machines.set(101, { config: { onboot: '0' }, running: false })
  return paper
}
const off = (paper: PaperHypervisors): PaperHypervisors => {
  Object.assign(paper.source.machines.get(101) ?? {}, { running: false })
  return paper
}

/** Each change of the world in turn is the last one, and then the whole is taken up again as the engine does. */
async function everywhere(
  make: () => PaperHypervisors,
  act: (paper: PaperHypervisors, die?: Die) => Promise<unknown>,
) {
  const ends: PaperHypervisors[] = []
  for (let change = 1; change < 100; change += 1) {
    let killed = false
    for (const when of ['before', 'after'] as const) {
      const paper = make()
      const die: Die = { change, when }
      try {
        await act(paper, die)
      } catch (error) {
        // A probe that could not be run is told as one that failed.
        if (!die.died) throw error
        killed = true
        await act(paper)
      }
      ends.push(paper)
    }
    if (!killed) return ends
  }
  throw new Error('it never came through')
}
const taken = (name: string) => async (paper: PaperHypervisors, die?: Die) =>
  (await action(name).isDone(context, paper.io())) || action(name).apply(context, paper.io(die))

describe('the shutdown at the source', () => {
  it('remembers how the machine was set, wherever it is killed, and puts it back', async () => {
    for (const paper of await everywhere(estate, taken('shutdown'))) {
      const { source } = paper
      expect(source.machines.get(101)).toMatchObject({ running: false, config: { onboot: '0' } })
      expect(await action('shutdown').isDone(context, paper.io())).toEqual({ onboot: '1' })
      await action('shutdown').undo(context, paper.io())
      expect(source.machines.get(101)).toMatchObject({
        running: true,
        config: { onboot: '1', description: 'theirs' },
      })
    }
  })

  it('is undone wherever that is killed: unlocked, up, at its own address', async () => {
    const made = () => {
      const paper = off(estate())
      Object.assign(paper.source.machines.get(101) ?? {}, { lock: 'migrate' })
      paper.source.guest().files.set(interfaces, 'address 10.80.2.30/24\ngateway 10.80.2.1\n')
      return paper
    }
    const undo = (paper: PaperHypervisors, die?: Die) => action('shutdown').undo(context, paper.io(die))
    for (const { source } of await everywhere(made, undo)) {
      expect(source.machines.get(101)).toMatchObject({ running: true })
      expect(source.machines.get(101)?.lock).toBeUndefined()
      expect(source.guest().address).toBe('10.80.1.30')
      expect(source.guest().files.get(interfaces)).toBe('address 10.80.1.30/24\ngateway 10.80.1.1\n')
    }
  })

  it('changes nothing of a machine that somebody has locked, nor does its undo take that lock away', async () => {
    const paper = estate()
    const machine = paper.source.machines.get(101)
    Object.assign(machine ?? {}, { lock: 'backup' })
    const before = structuredClone(machine)
    await expect(action('shutdown').apply(context, paper.io())).rejects.toMatchObject({
      text: { key: 'proxmox-vm.shutdown.locked', values: { vmid: 101, lock: 'backup' } },
    })
    await action('shutdown').undo(context, paper.io())
    expect(machine).toEqual(before)
  })

  it('is never undone while the machine runs at the target', async () => {
    const paper = off(estate())
    Object.assign(paper.target.machines.get(101) ?? {}, { running: true })
    await expect(action('shutdown').undo(context, paper.io())).rejects.toMatchObject({
      text: { key: 'proxmox-vm.moved.runs' },
    })
    expect(paper.source.machines.get(101)?.running).toBe(false)
  })
})

describe('the start at the target', () => {
  it('never happens while the machine runs at the source', async () => {
    const paper = estate()
    await expect(action('start').apply(context, paper.io())).rejects.toMatchObject({
      text: { key: 'proxmox-vm.moved.runs' },
    })
    expect(paper.target.machines.get(101)?.running).toBe(false)
  })

  it('gives the guest its new address, wherever it is killed, and then takes up what onboot was', async () => {
    for (const { target } of await everywhere(() => off(estate()), taken('start'))) {
      expect(target.machines.get(101)).toMatchObject({ running: true, config: { onboot: '1' } })
      expect(target.guest().address).toBe('10.80.2.30')
    }
  })

  it('leaves the machine off when a probe fails, and the next attempt is a fresh one', async () => {
    const paper = off(estate())
    paper.target.guest().probe = false
    const network = { ...spec.network, apply: undefined }
    const failing = { ...context, component: { ...component, spec: { ...spec, network } } }
    paper.target.guest().address = '10.80.2.30'
    paper.target.guest().files.set(interfaces, 'address 10.80.2.30/24\n')
    await expect(action('start').apply(failing as unknown as StepContext, paper.io())).rejects.toMatchObject({
      text: { key: 'proxmox-vm.wake.probes' },
    })
    expect(paper.target.machines.get(101)?.running).toBe(false)
    paper.target.guest().probe = true
    await action('start').apply(context, paper.io())
    expect(paper.target.machines.get(101)?.running).toBe(true)
  })

  it('tells of an agent that never answers', async () => {
    const paper = off(estate())
    paper.target.guest().agent = false
    await expect(action('start').apply(context, paper.io())).rejects.toMatchObject({
      text: { key: 'proxmox-vm.wake.silent' },
    })
  })

  it('lets a guest boot before it is asked to go: until then it hears nobody', async () => {
    const paper = off(estate())
    Object.assign(paper.target.machines.get(101) ?? {}, { running: true })
    paper.target.guest().files.set(interfaces, 'address 10.80.2.30/24\n')
    paper.target.guest().agent = false
    let looks = 0
    const sleep = async () => {
      looks += 1
      paper.target.guest().agent = looks > 2
    }
    await action('start').undo(context, { ...paper.io(), sleep })
    expect(paper.target.machines.get(101)?.running).toBe(false)
    expect(paper.target.guest().files.get(interfaces)).toBe('address 10.80.1.30/24\n')
  })

  it('waits for a silent agent only as long as the plan gives a start', async () => {
    const paper = off(estate())
    Object.assign(paper.target.machines.get(101) ?? {}, { running: true })
    paper.target.guest().agent = false
    await action('start').undo(context, paper.io())
    expect(paper.target.machines.get(101)?.running).toBe(false)
  })

  const silence = (): never => {
    throw new Failure(
      { key: 'transport.http.failed', values: { detail: 'ECONNREFUSED' } },
      { code: 'no-answer' },
    )
  }
  const refusal = () => {
    const body = JSON.stringify({ data: null, message: 'Permission check failed (/vms/101, VM.Audit)' })
    return { status: 403, headers: {}, milliseconds: 1, body: new TextEncoder().encode(body) }
  }
  it.each([
    ['nobody answers at the target’s API', silence],
    ['the target’s token has lost its rights', refusal],
  ])('is undone by root when %s, and the source serves again', async (_, answer) => {
    const paper = off(estate())
    const { source, target } = paper
    Object.assign(target.machines.get(101) ?? {}, { running: true, config: { onboot: '1' } })
    const io = paper.io()
    const http: typeof io.http = async request => (/\.2\.60/.test(request.url) ? answer() : io.http(request))
    const lost = { ...io, http }
    await expect(action('shutdown').undo(context, lost)).rejects.toMatchObject({
      text: { key: 'proxmox-vm.moved.runs' },
    })
    await action('start').undo(context, lost)
    expect(target.machines.get(101)).toMatchObject({ running: false, config: { onboot: '0' } })
    await action('shutdown').undo(context, lost)
    expect(source.machines.get(101)?.running).toBe(true)
  })

  it('is undone wherever that is killed: off, not by itself again, its files with the source’s addresses', async () => {
    const made = () => {
      const paper = off(estate())
      Object.assign(paper.target.machines.get(101) ?? {}, { running: true })
      paper.target.guest().files.set(interfaces, 'address 10.80.2.30/24\ngateway 10.80.2.1\n')
      return paper
    }
    const undo = (paper: PaperHypervisors, die?: Die) => action('start').undo(context, paper.io(die))
    for (const { target } of await everywhere(made, undo)) {
      expect(target.machines.get(101)).toMatchObject({ running: false, config: { onboot: '0' } })
      expect(target.guest().files.get(interfaces)).toBe('address 10.80.1.30/24\ngateway 10.80.1.1\n')
    }
  })
})
