import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Action, StepContext } from '../../src/model/kind.ts'
import { type Die, PaperGuests } from '../doubles/paper-guests.ts'
import { Killed, PaperHypervisors } from '../doubles/paper-hypervisors.ts'
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
function estate(): PaperGuests {
  const guests = new PaperGuests(new PaperHypervisors())
  Object.assign(guests.paper.source.machines.get(101)?.config ?? {}, { onboot: '1', description: 'theirs' })
  guests.paper.target.machines.set(101, { config: { onboot: '0' }, running: false })
  return guests
}
const off = (guests: PaperGuests): PaperGuests => {
  Object.assign(guests.paper.source.machines.get(101) ?? {}, { running: false })
  return guests
}
const isKilled = (error: unknown): boolean =>
  error instanceof Killed || (error instanceof Error && error.cause !== undefined && isKilled(error.cause))

/** Each change of the world in turn is the last one, and then the whole is taken up again as the engine does. */
async function everywhere(
  make: () => PaperGuests,
  act: (guests: PaperGuests, die?: Die) => Promise<unknown>,
) {
  const ends: PaperGuests[] = []
  for (let change = 1; change < 100; change += 1) {
    let killed = false
    for (const when of ['before', 'after'] as const) {
      const guests = make()
      try {
        await act(guests, { change, when })
      } catch (error) {
        if (!isKilled(error)) throw error
        killed = true
        await act(guests)
      }
      ends.push(guests)
    }
    if (!killed) return ends
  }
  throw new Error('it never came through')
}
const taken = (name: string) => async (guests: PaperGuests, die?: Die) =>
  (await action(name).isDone(context, guests.io())) || action(name).apply(context, guests.io(die))

describe('the shutdown at the source', () => {
  it('remembers how the machine was set, wherever it is killed, and puts it back', async () => {
    for (const guests of await everywhere(estate, taken('shutdown'))) {
      const { source } = guests.paper
      expect(source.machines.get(101)).toMatchObject({ running: false, config: { onboot: '0' } })
      expect(await action('shutdown').isDone(context, guests.io())).toEqual({ onboot: '1' })
      await action('shutdown').undo(context, guests.io())
      expect(source.machines.get(101)).toMatchObject({
        running: true,
        config: { onboot: '1', description: 'theirs' },
      })
    }
  })

  it('is undone wherever that is killed: unlocked, up, at its own address', async () => {
    const made = () => {
      const guests = off(estate())
      Object.assign(guests.paper.source.machines.get(101) ?? {}, { lock: 'migrate' })
      guests.source.files.set(interfaces, 'address 10.80.2.30/24\ngateway 10.80.2.1\n')
      return guests
    }
    const undo = (guests: PaperGuests, die?: Die) => action('shutdown').undo(context, guests.io(die))
    for (const { source, paper } of await everywhere(made, undo)) {
      expect(paper.source.machines.get(101)).toMatchObject({ running: true })
      expect(paper.source.machines.get(101)?.lock).toBeUndefined()
      expect(source.address).toBe('10.80.1.30')
      expect(source.files.get(interfaces)).toBe('address 10.80.1.30/24\ngateway 10.80.1.1\n')
    }
  })

  it('changes nothing of a machine that somebody has locked, nor does its undo take that lock away', async () => {
    const guests = estate()
    const machine = guests.paper.source.machines.get(101)
    Object.assign(machine ?? {}, { lock: 'backup' })
    const before = structuredClone(machine)
    await expect(action('shutdown').apply(context, guests.io())).rejects.toMatchObject({
      text: { key: 'proxmox-vm.shutdown.locked', values: { vmid: 101, lock: 'backup' } },
    })
    await action('shutdown').undo(context, guests.io())
    expect(machine).toEqual(before)
  })

  it('is never undone while the machine runs at the target', async () => {
    const guests = off(estate())
    Object.assign(guests.paper.target.machines.get(101) ?? {}, { running: true })
    await expect(action('shutdown').undo(context, guests.io())).rejects.toMatchObject({
      text: { key: 'proxmox-vm.moved.runs' },
    })
    expect(guests.paper.source.machines.get(101)?.running).toBe(false)
  })
})

describe('the start at the target', () => {
  it('never happens while the machine runs at the source', async () => {
    const guests = estate()
    await expect(action('start').apply(context, guests.io())).rejects.toMatchObject({
      text: { key: 'proxmox-vm.moved.runs' },
    })
    expect(guests.paper.target.machines.get(101)?.running).toBe(false)
  })

  it('gives the guest its new address, wherever it is killed, and then takes up what onboot was', async () => {
    for (const { target, paper } of await everywhere(() => off(estate()), taken('start'))) {
      expect(paper.target.machines.get(101)).toMatchObject({ running: true, config: { onboot: '1' } })
      expect(target.address).toBe('10.80.2.30')
    }
  })

  it('leaves the machine off when a probe fails, and the next attempt is a fresh one', async () => {
    const guests = off(estate())
    guests.target.probe = false
    const network = { ...spec.network, apply: undefined }
    const failing = { ...context, component: { ...component, spec: { ...spec, network } } }
    guests.target.address = '10.80.2.30'
    guests.target.files.set(interfaces, 'address 10.80.2.30/24\n')
    await expect(action('start').apply(failing as unknown as StepContext, guests.io())).rejects.toMatchObject(
      {
        text: { key: 'proxmox-vm.wake.probes' },
      },
    )
    expect(guests.paper.target.machines.get(101)?.running).toBe(false)
    guests.target.probe = true
    await action('start').apply(context, guests.io())
    expect(guests.paper.target.machines.get(101)?.running).toBe(true)
  })

  it('tells of an agent that never answers', async () => {
    const guests = off(estate())
    guests.target.agent = false
    await expect(action('start').apply(context, guests.io())).rejects.toMatchObject({
      text: { key: 'proxmox-vm.wake.silent' },
    })
  })

  it('lets a guest boot before it is asked to go: until then it hears nobody', async () => {
    const guests = off(estate())
    Object.assign(guests.paper.target.machines.get(101) ?? {}, { running: true })
    guests.target.files.set(interfaces, 'address 10.80.2.30/24\n')
    guests.target.agent = false
    let looks = 0
    const sleep = async () => {
      looks += 1
      guests.target.agent = looks > 2
    }
    await action('start').undo(context, { ...guests.io(), sleep })
    expect(guests.paper.target.machines.get(101)?.running).toBe(false)
    expect(guests.target.files.get(interfaces)).toBe('address 10.80.1.30/24\n')
  })

  it('waits for a silent agent only as long as the plan gives a start', async () => {
    const guests = off(estate())
    Object.assign(guests.paper.target.machines.get(101) ?? {}, { running: true })
    guests.target.agent = false
    await action('start').undo(context, guests.io())
    expect(guests.paper.target.machines.get(101)?.running).toBe(false)
  })

  const silence = (): never => {
    throw new Failure({ key: 'transport.http.failed', values: { detail: 'ECONNREFUSED' } })
  }
  const refusal = () => {
    const body = JSON.stringify({ data: null, message: 'Permission check failed (/vms/101, VM.Audit)' })
    return { status: 403, headers: {}, milliseconds: 1, body: new TextEncoder().encode(body) }
  }
  it.each([
    ['nobody answers at the target’s API', silence],
    ['the target’s token has lost its rights', refusal],
  ])('is undone by root when %s, and the source serves again', async (_, answer) => {
    const guests = off(estate())
    const { source, target } = guests.paper
    Object.assign(target.machines.get(101) ?? {}, { running: true, config: { onboot: '1' } })
    const io = guests.io()
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
      const guests = off(estate())
      Object.assign(guests.paper.target.machines.get(101) ?? {}, { running: true })
      guests.target.files.set(interfaces, 'address 10.80.2.30/24\ngateway 10.80.2.1\n')
      return guests
    }
    const undo = (guests: PaperGuests, die?: Die) => action('start').undo(context, guests.io(die))
    for (const { target, paper } of await everywhere(made, undo)) {
      expect(paper.target.machines.get(101)).toMatchObject({ running: false, config: { onboot: '0' } })
      expect(target.files.get(interfaces)).toBe('address 10.80.1.30/24\ngateway 10.80.1.1\n')
    }
  })
})
